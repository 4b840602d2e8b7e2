import type { InfiniteData } from '@tanstack/vue-query'
import { defineStore } from 'pinia'
import { ref } from 'vue'
import * as api from '@/api/calls'
import * as library from '@/api/library'
import { queries } from '@/api/query'
import type { Recording, Run, RunOptions, StageName } from '@/api/types'

type Pages = InfiniteData<library.RecordingPage, string | null>

const LISTS = { queryKey: ['recordings'] }

/**
 * What is done to recordings. The lists are queries under `['recordings']`; a change shows in all of them at once, and is
 * taken back in all of them when the service refuses it.
 */
export const useRecordings = defineStore('recordings', () => {
  /** Taken off the lists, deleted for good once the time to think again is over. */
  const leaving = ref(new Set<string>())

  function change(ids: readonly string[], make: (recording: Recording) => Recording): void {
    const wanted = new Set(ids)
    queries.setQueriesData<Pages>(LISTS, (known) =>
      known && {
        ...known,
        pages: known.pages.map((page) => ({ ...page, items: page.items.map((item) => (wanted.has(item.id) ? make(item) : item)) })),
      },
    )
  }

  async function optimistic<T>(ids: readonly string[], make: (recording: Recording) => Recording, work: () => Promise<T>): Promise<T> {
    await queries.cancelQueries(LISTS)
    const before = queries.getQueriesData<Pages>(LISTS)
    change(ids, make)
    try {
      return await work()
    } catch (error) {
      for (const [key, pages] of before) queries.setQueryData(key, pages)
      throw error
    } finally {
      renew()
    }
  }

  /** Counts of folders and tags, and lists that a change may have taken something out of. */
  function renew(): void {
    void queries.invalidateQueries(LISTS)
    void queries.invalidateQueries({ queryKey: ['library'] })
  }

  async function refresh(id: string): Promise<void> {
    const recording = await api.getRecording(id)
    const known = queries.getQueriesData<Pages>(LISTS).some(([, data]) => data?.pages.some((page) => page.items.some((item) => item.id === id)))
    change([id], () => recording)
    if (!known) renew()
  }

  function setRun(run: Run): void {
    change([run.recording_id], (recording) => ({ ...recording, latest_run: run }))
  }

  async function cancel(run: Run): Promise<void> {
    setRun(await api.cancelRun(run.id))
  }

  async function restart(recording: Recording, fromStage: StageName, options: RunOptions): Promise<Run> {
    const earlier = recording.latest_run
    const run =
      earlier && fromStage !== 'preprocess'
        ? await api.rerun(earlier.id, fromStage, options)
        : await api.startRun(recording.id, options)
    setRun(run)
    return run
  }

  function rename(id: string, title: string): Promise<Recording> {
    return optimistic([id], (recording) => ({ ...recording, title }), () => api.renameRecording(id, title))
  }

  function move(ids: string[], folder: string | null): Promise<unknown> {
    return optimistic(ids, (recording) => ({ ...recording, folder_id: folder }), () => library.moveRecordings(ids, folder))
  }

  function tag(ids: string[], id: string, on: boolean): Promise<unknown> {
    const make = (recording: Recording): Recording => {
      const others = recording.tag_ids.filter((other) => other !== id)
      return { ...recording, tag_ids: on ? [...others, id] : others }
    }
    return optimistic(ids, make, () => library.tagRecordings(ids, on ? [id] : [], on ? [] : [id]))
  }

  function hide(ids: readonly string[]): void {
    leaving.value = new Set([...leaving.value, ...ids])
  }

  function restore(ids: readonly string[]): void {
    leaving.value = new Set([...leaving.value].filter((other) => !ids.includes(other)))
  }

  /** Deletes what was hidden; a failure brings it back and is thrown. */
  async function remove(ids: string[]): Promise<void> {
    try {
      await library.deleteRecordings(ids)
      await queries.invalidateQueries(LISTS)
      renew()
    } finally {
      restore(ids)
    }
  }

  addEventListener('pagehide', () => leaving.value.forEach(api.deleteOnLeave))

  return { leaving, refresh, renew, setRun, cancel, restart, rename, move, tag, hide, restore, remove }
})
