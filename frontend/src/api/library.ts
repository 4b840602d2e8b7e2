/** The library: lists by filter and order, search in what is said, folders, tags, many recordings at once. */
import { apiFilters, type View } from '@/lib/library'
import { client, unwrap } from './client'
import type { components } from './schema'

export type RecordingPage = components['schemas']['RecordingPage']
export type Library = components['schemas']['LibraryOut']
export type Shelf = components['schemas']['ShelfOut']
export type Folder = Shelf
export type Tag = Shelf
export type SearchPage = components['schemas']['SearchOut']
export type Found = components['schemas']['FoundOut']
export type Usage = components['schemas']['UsageOut']

export function listPage(view: View, cursor: string | null, signal: AbortSignal, limit = 30): Promise<RecordingPage> {
  const query = { ...apiFilters(view), sort: view.sort, limit, ...(cursor ? { cursor } : {}) }
  return unwrap(client.GET('/api/v1/recordings', { params: { query }, signal }))
}

export interface Asked {
  text: string
  typing: boolean
  order: 'best' | 'newest'
}

export function search(asked: Asked, view: View, offset: number, signal: AbortSignal): Promise<SearchPage> {
  const query = { ...apiFilters(view), q: asked.text, typing: asked.typing, sort: asked.order, offset, limit: 10 }
  return unwrap(client.GET('/api/v1/search', { params: { query }, signal }))
}

export function getLibrary(): Promise<Library> {
  return unwrap(client.GET('/api/v1/library'))
}

export function getUsage(): Promise<Usage> {
  return unwrap(client.GET('/api/v1/me/usage', { params: { query: { days: 1 } } }))
}

/** Folders and tags are made, renamed and removed alike. */
function shelfCalls(shelf: 'folders' | 'tags') {
  const path = (id: string) => ({ params: { path: { shelf, shelf_id: id } } })
  return {
    make: (name: string): Promise<Shelf> => unwrap(client.POST('/api/v1/library/{shelf}', { params: { path: { shelf } }, body: { name } })),
    rename: (id: string, name: string) => unwrap(client.PATCH('/api/v1/library/{shelf}/{shelf_id}', { ...path(id), body: { name } })),
    remove: (id: string) => unwrap(client.DELETE('/api/v1/library/{shelf}/{shelf_id}', path(id))),
  }
}

export const { make: makeFolder, rename: renameFolder, remove: removeFolder } = shelfCalls('folders')
export const { make: makeTag, rename: renameTag, remove: removeTag } = shelfCalls('tags')

export function moveRecordings(recordings: string[], folder: string | null) {
  return unwrap(client.POST('/api/v1/library/move', { body: { recordings, folder } }))
}

export function tagRecordings(recordings: string[], add: string[], remove: string[]) {
  return unwrap(client.POST('/api/v1/library/tag', { body: { recordings, add, remove } }))
}

export function deleteRecordings(recordings: string[]) {
  return unwrap(client.POST('/api/v1/library/delete', { body: { recordings } }))
}
