/** Calls about one's own account and, for administrators, about everybody's. */
import { midnight } from '@/lib/library'
import { client, unwrap } from './client'
import type { components } from './schema'

type Schemas = components['schemas']

export type SettingsView = Schemas['SettingsOut']
export type SettingsChange = Schemas['SettingsIn']
export type SessionView = Schemas['SessionOut']
export type Key = Schemas['KeyOut']
export type NewKey = Schemas['NewKeyOut']
export type Usage = Schemas['UsageOut']
export type Person = Schemas['PersonOut']
export type PersonDetail = Schemas['PersonDetailOut']
export type PersonChange = Schemas['PersonIn']
export type Letter = Schemas['LetterOut']
export type Overview = Schemas['OverviewOut']
export type Entry = Schemas['EntryOut']
export type Payment = Schemas['PaymentOut']
export type Model = Schemas['ModelOut']

export const getWays = () => unwrap(client.GET('/api/v1/auth/ways'))

export function signInWithWidget(fields: Record<string, string | number>) {
  return unwrap(client.POST('/api/v1/auth/telegram-widget', { body: { fields } }))
}

export const getSettings = () => unwrap(client.GET('/api/v1/me/settings'))
export const changeSettings = (body: SettingsChange) => unwrap(client.PATCH('/api/v1/me/settings', { body }))
export const getUsage = () => unwrap(client.GET('/api/v1/me/usage'))
export const exportTicket = () => unwrap(client.POST('/api/v1/me/export-ticket'))

export const deleteAccount = () => unwrap(client.DELETE('/api/v1/me'))

export const listSessions = () => unwrap(client.GET('/api/v1/me/sessions'))
export const endOtherSessions = () => unwrap(client.DELETE('/api/v1/me/sessions'))
export const endOwnSession = () => unwrap(client.DELETE('/api/v1/me/sessions/current'))
export const endSession = (id: string) =>
  unwrap(client.DELETE('/api/v1/me/sessions/{session_id}', { params: { path: { session_id: id } } }))

export const listKeys = () => unwrap(client.GET('/api/v1/me/keys'))
export const makeKey = (body: Schemas['KeyIn']) => unwrap(client.POST('/api/v1/me/keys', { body }))
export const revokeKey = (id: string) => unwrap(client.DELETE('/api/v1/me/keys/{key_id}', { params: { path: { key_id: id } } }))

export const listRuns = (recording: string) =>
  unwrap(client.GET('/api/v1/recordings/{recording_id}/runs', { params: { path: { recording_id: recording } } }))

export const listPeople = (q: string, offset: number) =>
  unwrap(client.GET('/api/v1/admin/users', { params: { query: { q, offset } } }))
export const getPerson = (id: string) => unwrap(client.GET('/api/v1/admin/users/{user_id}', { params: { path: { user_id: id } } }))
export const changePerson = (id: string, body: PersonChange) =>
  unwrap(client.PATCH('/api/v1/admin/users/{user_id}', { params: { path: { user_id: id } }, body }))
export const grantHours = (id: string, hours: number, key: string) =>
  unwrap(client.POST('/api/v1/admin/users/{user_id}/grant', { params: { path: { user_id: id } }, body: { hours, key } }))

export const getOverview = () => unwrap(client.GET('/api/v1/admin/overview'))
export const listModels = () => unwrap(client.GET('/api/v1/models'))
export const listLetters = (before: number | null) =>
  unwrap(client.GET('/api/v1/admin/dead-letters', { params: { query: before ? { before } : {} } }))
export const replayLetter = (id: number) =>
  unwrap(client.POST('/api/v1/admin/dead-letters/{letter_id}/replay', { params: { path: { letter_id: id } } }))
export const discardLetter = (id: number) =>
  unwrap(client.POST('/api/v1/admin/dead-letters/{letter_id}/discard', { params: { path: { letter_id: id } } }))
/** What of the audit is asked for; empty means any. Days are whole ones of the reader's own time. */
export interface Wanted {
  name: string
  action: string
  since: string
  until: string
}

export function listAudit(before: number | null, { name, action, since, until }: Wanted) {
  const query = {
    ...(before ? { before } : {}),
    ...(name ? { name } : {}),
    ...(action ? { action } : {}),
    ...(since ? { since: midnight(since) } : {}),
    ...(until ? { until: midnight(until, 1) } : {}),
  }
  return unwrap(client.GET('/api/v1/admin/audit', { params: { query } }))
}

export const listPayments = (offset: number, limit = 30) => unwrap(client.GET('/api/v1/admin/payments', { params: { query: { offset, limit } } }))
export const refundPayment = (charge: string) => unwrap(client.POST('/api/v1/admin/payments/refund', { body: { charge_id: charge } }))
