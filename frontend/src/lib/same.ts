/** `before` where it tells the same as `next`, item by item: what hangs on it is not worked out and not rendered anew. */
export function unlessSame<Item>(before: readonly Item[] | undefined, next: readonly Item[], same: (one: Item, other: Item) => boolean = Object.is): readonly Item[] {
  if (before?.length !== next.length) return next
  return next.every((item, at) => Object.is(item, before[at]) || same(item, before[at] as Item)) ? before : next
}

/** Two flat objects with the same values. */
export function sameFields<Item extends object>(one: Item, other: Item): boolean {
  return Object.entries(one).every(([name, value]) => Object.is(value, other[name as keyof Item]))
}
