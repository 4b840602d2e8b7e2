import type { LocationQuery } from 'vue-router'
import type { Wanted } from '@/api/account'

/** Actions by their first part, in the order in which they are offered. */
export const ACTIONS = {
  session: ['opened', 'ended', 'others_ended'],
  key: ['made', 'revoked'],
  user: ['blocked', 'unblocked', 'appointed', 'dismissed', 'unlimited', 'limited', 'plan', 'granted', 'refunded'],
  letter: ['replayed', 'discarded'],
  archive: ['taken'],
  account: ['deleted'],
} as const

/** Every value that `Wanted.action` may have: a kind, or one action of it. */
const KNOWN = new Set(Object.entries(ACTIONS).flatMap(([kind, actions]) => [kind, ...actions.map((action) => `${kind}.${action}`)]))

/** What the address asks of the audit; what makes no sense is not asked. */
export function wantedOf(query: LocationQuery): Wanted {
  const { name, action } = { name: one(query['name']).slice(0, 100), action: one(query['action']) }
  return { name, action: KNOWN.has(action) ? action : '', since: day(one(query['since'])), until: day(one(query['until'])) }
}

/** The part of the address that asks for it: empty wishes are left out. */
export function queryOf(wanted: Wanted): Record<string, string> {
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value)) as Record<string, string>
}

function one(value: LocationQuery[string] | undefined): string {
  return typeof value === 'string' ? value : ''
}

function day(value: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)) ? value : ''
}
