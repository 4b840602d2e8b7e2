/** What of the library is shown, and in which order: kept in the address, so that "back" and a bookmark bring it again. */
export const SORTS = ['newest', 'oldest', 'title', 'longest', 'largest'] as const
export const STATES = ['active', 'done', 'failed', 'cancelled', 'none'] as const
export const ANY = ''
export const UNFILED = 'none'

export type Sort = (typeof SORTS)[number]
export type State = (typeof STATES)[number]

export interface View {
  title: string
  /** ANY, UNFILED, or the id of a folder. */
  folder: string
  tags: string[]
  language: string
  state: State | ''
  speaker: string
  /** Days as `2026-03-01`, both included; empty: no bound. */
  since: string
  until: string
  sort: Sort
}

type Query = Record<string, string | null | (string | null)[] | undefined>

export const EVERYTHING: View = { title: '', folder: ANY, tags: [], language: '', state: '', speaker: '', since: '', until: '', sort: 'newest' }

function one(value: Query[string]): string {
  return (Array.isArray(value) ? value[0] : value) ?? ''
}

function many(value: Query[string]): string[] {
  return (Array.isArray(value) ? value : [value]).filter((item): item is string => Boolean(item))
}

function among<T extends string>(names: readonly T[], value: string): T | undefined {
  return names.find((name) => name === value)
}

function day(value: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)) ? value : ''
}

export function viewOf(query: Query): View {
  return {
    title: one(query['title']),
    folder: one(query['folder']),
    tags: many(query['tag']),
    language: one(query['language']),
    state: among(STATES, one(query['state'])) ?? '',
    speaker: one(query['speaker']),
    since: day(one(query['since'])),
    until: day(one(query['until'])),
    sort: among(SORTS, one(query['sort'])) ?? 'newest',
  }
}

/** The address of a view: only what differs from everything. */
export function queryOf(view: View): Record<string, string | string[]> {
  const named: [string, string | string[]][] = [
    ['title', view.title], ['folder', view.folder], ['tag', view.tags], ['language', view.language], ['state', view.state],
    ['speaker', view.speaker], ['since', view.since], ['until', view.until], ['sort', view.sort === 'newest' ? '' : view.sort],
  ]
  return Object.fromEntries(named.filter(([, value]) => value.length > 0))
}

/** How many of the filters leave something out; the order is none of them. */
export function filterCount(view: View): number {
  return Object.keys(queryOf({ ...view, sort: 'newest' })).length
}

export function midnight(date: string, later = 0): string {
  const [year = 0, month = 1, number = 1] = date.split('-').map(Number)
  return new Date(year, month - 1, number + later).toISOString()
}

/** The same as the API asks for it; days are the person's own. */
export function apiFilters(view: View) {
  return {
    ...(view.title ? { title: view.title } : {}),
    ...(view.folder === UNFILED ? { unfiled: true } : view.folder ? { folder: view.folder } : {}),
    ...(view.tags.length > 0 ? { tag: view.tags } : {}),
    ...(view.language ? { language: view.language } : {}),
    ...(view.state ? { state: view.state } : {}),
    ...(view.speaker ? { speaker: view.speaker } : {}),
    ...(view.since ? { since: midnight(view.since) } : {}),
    ...(view.until ? { until: midnight(view.until, 1) } : {}),
  }
}

/** All that lies between two rows of a list, both included, in its order. */
export function between(ids: readonly string[], from: string | null, to: string): string[] {
  const ends = [ids.indexOf(from ?? to), ids.indexOf(to)].sort((a, b) => a - b)
  const [first = -1, last = -1] = ends
  return first < 0 ? [to] : ids.slice(first, last + 1)
}
