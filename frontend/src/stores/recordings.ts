import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import * as api from '@/api/calls'
import type { Recording, Run, RunOptions, StageName } from '@/api/types'
import { asProblem, type Problem } from '@/lib/problems'

/** The library: recordings newest first, page by page. Live progress is laid over it by `useLiveRuns`. */
export const useRecordings = defineStore('recordings', () => {
  const items = ref<Recording[]>([])
  const cursor = ref<string | null>(null)
  const loaded = ref(false)
  const loading = ref(false)
  const problem = ref<Problem | null>(null)
  /** Taken off the list, deleted for good once the time to think again is over. */
  const leaving = ref(new Set<string>())
  const visible = computed(() => items.value.filter((item) => !leaving.value.has(item.id)))

  async function load(): Promise<void> {
    loading.value = true
    try {
      const page = await api.listRecordings(null)
      items.value = page.items
      cursor.value = page.next_cursor ?? null
      problem.value = null
      loaded.value = true
    } catch (error) {
      problem.value = asProblem(error)
    } finally {
      loading.value = false
    }
  }

  async function loadMore(): Promise<void> {
    if (!cursor.value || loading.value) return
    loading.value = true
    try {
      const page = await api.listRecordings(cursor.value)
      const known = new Set(items.value.map((item) => item.id))
      items.value = [...items.value, ...page.items.filter((item) => !known.has(item.id))]
      cursor.value = page.next_cursor ?? null
    } finally {
      loading.value = false
    }
  }

  async function refresh(id: string): Promise<Recording> {
    const recording = await api.getRecording(id)
    const position = items.value.findIndex((item) => item.id === id)
    if (position >= 0) items.value[position] = recording
    else items.value.unshift(recording)
    return recording
  }

  function setRun(run: Run): void {
    const recording = items.value.find((item) => item.id === run.recording_id)
    if (recording) recording.latest_run = run
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

  async function rename(id: string, title: string): Promise<Recording> {
    const renamed = await api.renameRecording(id, title)
    const recording = items.value.find((item) => item.id === id)
    if (recording) recording.title = renamed.title
    return renamed
  }

  function hide(id: string): void {
    leaving.value = new Set(leaving.value).add(id)
  }

  function restore(id: string): void {
    leaving.value = new Set([...leaving.value].filter((other) => other !== id))
  }

  /** Deletes what was hidden; a failure brings it back and is thrown. */
  async function remove(id: string): Promise<void> {
    try {
      await api.deleteRecording(id)
      items.value = items.value.filter((item) => item.id !== id)
    } finally {
      restore(id)
    }
  }

  addEventListener('pagehide', () => leaving.value.forEach(api.deleteOnLeave))

  return {
    items, visible, cursor, loaded, loading, problem,
    load, loadMore, refresh, setRun, cancel, restart, rename, hide, restore, remove,
  }
})
