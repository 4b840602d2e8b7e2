import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, type APIRequestContext, type Browser, type BrowserContextOptions, type Locator, type Page } from '@playwright/test'

export const EXAMPLE = fileURLToPath(new URL('../../examples/meeting-ru.ogg', import.meta.url))

/** Where this run keeps who is signed in. */
export const SESSION = process.env.STENOGRAM_SESSION ?? ''

/** How long a whole run may take on two cores that others use too. */
export const RUN_MS = 200_000

/** Uploads the example under a name of its own and gives its row in the library. */
export async function upload(page: Page, name: string): Promise<Locator> {
  await page.goto('/')
  await page.getByTestId('file-input').setInputFiles({ name: `${name}.ogg`, mimeType: 'audio/ogg', buffer: await readFile(EXAMPLE) })
  const row = page.getByTestId('recording').filter({ hasText: name })
  await expect(row).toBeVisible()
  return row
}

/** The address of the newest recording of a meeting that is done, as the service lists them; one is uploaded when there is none. */
export async function finished(page: Page): Promise<string> {
  let id = await newestDone(page.request)
  if (id === undefined) {
    const row = await upload(page, 'ready')
    await expect(row).toHaveAttribute('data-state', /^done/, { timeout: RUN_MS })
    id = await newestDone(page.request)
  }
  expect(id, 'a finished recording').toBeDefined()
  return `/recordings/${id ?? ''}`
}

/** Opens it; the text is there. Gives its address. */
export async function openFinished(page: Page): Promise<string> {
  const path = await finished(page)
  await open(page, path)
  return path
}

export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await expect(page.locator('.said').first()).toBeVisible()
}

/** A page of another browser, as it were, of the same person. */
export async function elsewhere(browser: Browser, more: BrowserContextOptions = {}): Promise<Page> {
  return (await browser.newContext({ storageState: SESSION, ...more })).newPage()
}

/** All edits of the page are with the service. */
export async function saved(page: Page): Promise<void> {
  await expect(page.getByTestId('save-state')).toHaveAttribute('data-state', 'saved')
}

/** Puts the caret at the end of a segment, as soon as the text can be edited, without playing. */
export async function caretAtEnd(page: Page, segment: number): Promise<void> {
  await expect(page.locator('[contenteditable=true]').first()).toBeVisible()
  await page.locator('.said').nth(segment).evaluate((said) => {
    said.closest<HTMLElement>('[contenteditable=true]')?.focus()
    getSelection()?.selectAllChildren(said) // the End key goes to the end of a line only
  })
  await page.keyboard.press('ArrowRight')
}

/** What is in the file that `act` brings. */
export async function downloaded(page: Page, act: () => Promise<void>): Promise<Buffer> {
  const [download] = await Promise.all([page.waitForEvent('download', { timeout: 60_000 }), act()])
  return readFile(await download.path())
}

interface Listed { id: string; duration: number | null; latest_run: { id: string; state: string } | null }

/** Neither the clips of other tests, which say too little, nor hours. */
async function newestDone(request: APIRequestContext): Promise<string | undefined> {
  const { items } = await ask<{ items: Listed[] }>(request, '/api/v1/recordings')
  return items.find(({ duration, latest_run }) => latest_run?.state.startsWith('done') && duration !== null && duration > 100 && duration < 600)?.id
}

/** What each segment of a recording says, as the service has it. */
export async function servedText(request: APIRequestContext, path: string): Promise<string[]> {
  const recording = await ask<Listed>(request, `/api/v1${path}`)
  const { segments } = await ask<{ segments: { text: string }[] }>(request, `/api/v1/runs/${recording.latest_run?.id ?? ''}/transcript`)
  return segments.map(({ text }) => text)
}

/** Sees to it that there is a recording whose run was given up: one without a sound is sent where there is none. */
export async function givenUp(request: APIRequestContext): Promise<void> {
  const dead = async () => (await ask<{ items: Listed[] }>(request, '/api/v1/recordings')).items.some(({ latest_run }) => latest_run?.state === 'dead')
  if (await dead()) return
  const file = { name: 'notes.mp3', mimeType: 'audio/mpeg', buffer: Buffer.from('no sound at all, only words '.repeat(20)) }
  expect((await request.post('/api/v1/recordings', { headers: authorization(), multipart: { file } })).status()).toBe(201)
  await expect.poll(dead, { timeout: RUN_MS }).toBe(true)
}

/** What the service answers to whoever this run is signed in as. */
async function ask<T>(request: APIRequestContext, path: string): Promise<T> {
  const answer = await request.get(path, { headers: authorization() })
  expect(answer.ok(), `${path}: ${String(answer.status())}`).toBe(true)
  return (await answer.json()) as T
}

function authorization(): { Authorization: string } {
  const { origins } = JSON.parse(readFileSync(SESSION, 'utf8')) as { origins: { localStorage: { name: string; value: string }[] }[] }
  const kept = origins.flatMap(({ localStorage }) => localStorage).find(({ name }) => name === 'stenogram.token')
  const { token } = JSON.parse(kept?.value ?? '{}') as { token: string }
  return { Authorization: `Bearer ${token}` }
}

export function audioTime(page: Page): Promise<number> {
  return page.getByTestId('audio').evaluate((audio) => (audio as HTMLAudioElement).currentTime)
}
