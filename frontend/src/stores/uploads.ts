import { defineStore } from 'pinia'
import { ref } from 'vue'
import { createUpload, type UploadHandle } from '@/api/uploads'
import { toRunOptions, type UploadChoices } from '@/lib/options'
import { Problem, type Problem as AnyProblem } from '@/lib/problems'
import { shelve, shelved, unshelve } from '@/lib/shelf'
import { recall, remember } from '@/lib/storage'
import { takes, type Take } from '@/lib/takes'
import { useSession } from './session'

export interface UploadItem {
  id: string
  name: string
  size: number
  sent: number
  state: 'waiting' | 'uploading' | 'finishing' | 'paused' | 'failed'
  problem: AnyProblem | null
}

const AT_ONCE = 2
const PAUSED = 'stenogram.paused'
/** What a browser takes for a document is none of our work; what it does not know may be a recording. */
const NO_MEDIA = /^(text|image|font)\/|^application\/(pdf|zip|json|msword|vnd\.(openxml|ms-))/
const REFUSED = ['media.empty', 'media.unsupported']

function refusalOf(file: File): string | null {
  return file.size === 0 ? 'media.empty' : NO_MEDIA.test(file.type) ? 'media.unsupported' : null
}

/** Whether trying the same file again could help. */
export function worthAgain(item: UploadItem): boolean {
  return item.state === 'failed' && !REFUSED.includes(item.problem?.code ?? '')
}

/** Uploads that somebody has paused, by id: they stay so after a reload. */
function paused(): string[] {
  return recall(PAUSED)?.split(' ') ?? []
}

function setPaused(id: string, on: boolean): void {
  const ids = paused().filter((other) => other !== id)
  if (on) ids.push(id)
  remember(PAUSED, ids.join(' ') || null)
}

/** Files on their way to the service. They outlive pages of the application, and a reload. */
export const useUploads = defineStore('uploads', () => {
  const session = useSession()
  const items = ref<UploadItem[]>([])
  const handles = new Map<string, UploadHandle>()
  let arrived: (recordingId: string | null, name: string) => void = () => undefined

  function onArrival(listener: typeof arrived): void {
    arrived = listener
  }

  function add(files: readonly File[], choices: UploadChoices | null): void {
    for (const file of files) addAs(crypto.randomUUID(), file, choices)
  }

  /** `id`: of the take that the file was recorded as; it is kept until the file is on the shelf or with the service. */
  function addAs(id: string, file: File, choices: UploadChoices | null): void {
    if (session.userId && !refusalOf(file)) {
      void shelve({ id, owner: session.userId, file, choices: choices && { ...choices } }).then((kept) => (kept ? forgetTake(id) : undefined))
    }
    enqueue(id, file, choices)
  }

  function forgetTake(id: string): Promise<void> {
    return takes().remove(id).catch(() => undefined) // it is offered once more, which loses nothing
  }

  function enqueue(id: string, file: File, choices: UploadChoices | null): void {
    const refusal = refusalOf(file)
    const state = refusal ? 'failed' : paused().includes(id) ? 'paused' : 'waiting'
    items.value.push({ id, name: file.name, size: file.size, sent: 0, state, problem: refusal === null ? null : new Problem(refusal, 0) })
    if (refusal) return
    const handle = createUpload(file, toRunOptions(choices), {
      progress: (sent, total) => update(id, { sent, state: sent >= total ? 'finishing' : 'uploading' }),
      finished: (recordingId) => {
        forget(id)
        arrived(recordingId, file.name)
      },
      failed: (problem) => {
        update(id, { state: 'failed', problem })
        startNext()
      },
    })
    handles.set(id, handle)
    startNext()
  }

  function startNext(): void {
    const busy = items.value.filter((item) => item.state === 'uploading' || item.state === 'finishing').length
    for (const item of items.value.filter((one) => one.state === 'waiting').slice(0, Math.max(0, AT_ONCE - busy))) {
      resume(item.id)
    }
  }

  function resume(id: string): void {
    setPaused(id, false)
    update(id, { state: 'uploading', problem: null })
    void handles.get(id)?.start()
  }

  async function pause(id: string): Promise<void> {
    await handles.get(id)?.pause()
    setPaused(id, true)
    update(id, { state: 'paused' })
    startNext()
  }

  async function discard(id: string): Promise<void> {
    const handle = handles.get(id)
    forget(id)
    await handle?.discard()
  }

  function forget(id: string): void {
    items.value = items.value.filter((item) => item.id !== id)
    handles.delete(id)
    setPaused(id, false)
    void unshelve(id)
    void forgetTake(id)
    startNext()
  }

  function update(id: string, change: Partial<UploadItem>): void {
    const item = items.value.find((one) => one.id === id)
    if (item && !(item.state === 'paused' && change.sent !== undefined)) Object.assign(item, change)
  }

  /** Takes up what an earlier visit left unfinished. */
  async function restore(): Promise<void> {
    if (!session.userId) return
    const known = new Set(items.value.map((item) => item.id))
    for (const item of await shelved(session.userId)) if (!known.has(item.id)) enqueue(item.id, item.file, item.choices)
  }

  async function brokenOff(): Promise<readonly Take[]> {
    return session.userId ? takes().left(session.userId).catch(() => []) : []
  }

  /** Whether `discardAll` would throw anything away. */
  async function unfinished(): Promise<boolean> {
    await restore()
    return items.value.some((item) => item.state !== 'failed' || worthAgain(item)) || (await brokenOff()).length > 0
  }

  /** Gives up all uploads, here and at the service, and recordings that broke off: nothing of them stays behind. */
  async function discardAll(): Promise<void> {
    await Promise.all(items.value.map((item) => discard(item.id)))
    await Promise.all((await brokenOff()).map(({ id }) => forgetTake(id)))
  }

  return { items, add, addAs, resume, pause, discard, unfinished, discardAll, restore, onArrival }
})
