/** Beyond this many differences two texts count as wholly different: an edit is small, a rewrite has nothing to keep. */
const FURTHEST = 600

/**
 * Pairs of equal texts, in order, as many as there are (Myers, "An O(ND) difference algorithm", 1986):
 * `result[i]` is the number in `right` of what `left[i]` is equal to, -1 for none.
 */
export function align(left: readonly string[], right: readonly string[]): Int32Array {
  const pairs = new Int32Array(left.length).fill(-1)
  let [low, high, rest] = [0, left.length, right.length]
  while (low < high && low < rest && left[low] === right[low]) {
    pairs[low] = low
    low += 1
  }
  while (high > low && rest > low && left[high - 1] === right[rest - 1]) {
    high -= 1
    rest -= 1
    pairs[high] = rest
  }
  pairMiddle(left, right, low, high, rest, pairs)
  return pairs
}

/** Pairs what lies between the common beginning and the common end. */
function pairMiddle(
  left: readonly string[],
  right: readonly string[],
  low: number,
  high: number,
  rest: number,
  pairs: Int32Array,
): void {
  const [n, m] = [high - low, rest - low]
  const rounds = n > 0 && m > 0 ? explore(left, right, low, n, m) : []
  let [x, y] = [n, m]
  for (let d = rounds.length - 1; d > 0; d -= 1) {
    const furthest = rounds[d - 1]
    const k = x - y
    if (!furthest) break
    const down = goesDown(furthest, k, d)
    const fromK = down ? k + 1 : k - 1
    const fromX = furthest.get(fromK) ?? 0
    const begin = down ? fromX : fromX + 1
    for (; x > begin; x -= 1) pairs[low + x - 1] = low + x - 1 - k
    x = fromX
    y = fromX - fromK
  }
  if (rounds.length > 0) for (; x > 0; x -= 1) pairs[low + x - 1] = low + x - 1
}

/** The furthest `x` on each diagonal after 0, 1, 2, … differences, up to those that reach the end; [] when too many. */
function explore(left: readonly string[], right: readonly string[], low: number, n: number, m: number): Map<number, number>[] {
  const rounds: Map<number, number>[] = []
  let before = new Map<number, number>([[1, 0]])
  for (let d = 0; d <= Math.min(n + m, FURTHEST); d += 1) {
    const furthest = new Map<number, number>()
    for (let k = -d; k <= d; k += 2) {
      let x = goesDown(before, k, d) ? (before.get(k + 1) ?? 0) : (before.get(k - 1) ?? 0) + 1
      while (x < n && x - k < m && left[low + x] === right[low + x - k]) x += 1
      furthest.set(k, x)
      if (x >= n && x - k >= m) return [...rounds, furthest]
    }
    rounds.push(furthest)
    before = furthest
  }
  return []
}

function goesDown(furthest: ReadonlyMap<number, number>, k: number, d: number): boolean {
  return k === -d || (k !== d && (furthest.get(k - 1) ?? 0) < (furthest.get(k + 1) ?? 0))
}

/** A stretch of `left` (`from .. to`) that became a stretch of `right` (`fromRight .. toRight`); either may be empty. */
export interface Hunk {
  readonly from: number
  readonly to: number
  readonly fromRight: number
  readonly toRight: number
}

/** What differs, in order, between the pairs that `align` found. */
export function hunks(pairs: ArrayLike<number>, count: number, countRight: number): Hunk[] {
  const found: Hunk[] = []
  let [from, fromRight] = [0, 0]
  for (let to = 0; to <= count; to += 1) {
    const toRight = to < count ? (pairs[to] ?? -1) : countRight
    if (toRight < 0) continue
    if (to > from || toRight > fromRight) found.push({ from, to, fromRight, toRight })
    from = to + 1
    fromRight = toRight + 1
  }
  return found
}
