import { fileURLToPath } from 'node:url'
import { expect, type Locator, type Page } from '@playwright/test'

export const EXAMPLE = fileURLToPath(new URL('../../examples/meeting-ru.ogg', import.meta.url))

/** Where this run keeps who is signed in. */
export const SESSION = process.env.STENOGRAM_SESSION ?? ''

/** How long a whole run may take on two cores. */
export const RUN_MS = 200_000

/** Uploads the example under a name of its own and gives its row in the library. */
export async function upload(page: Page, name: string): Promise<Locator> {
  const { readFile } = await import('node:fs/promises')
  await page.goto('/')
  await page.getByTestId('file-input').setInputFiles({ name: `${name}.ogg`, mimeType: 'audio/ogg', buffer: await readFile(EXAMPLE) })
  const row = page.getByTestId('recording').filter({ hasText: name })
  await expect(row).toBeVisible({ timeout: 20_000 })
  return row
}

interface Listed { id: string; duration: number | null; latest_run: { state: string } | null }

/** The address of the newest recording of a meeting that is done, as the service lists them; one is uploaded when there is none. */
export async function finished(page: Page): Promise<string> {
  let id = await newestDone(page)
  if (id === undefined) {
    const row = await upload(page, 'ready')
    await expect(row).toHaveAttribute('data-state', /^done/, { timeout: RUN_MS })
    id = await newestDone(page)
  }
  expect(id, 'a finished recording').toBeDefined()
  return `/recordings/${id ?? ''}`
}

export async function openFinished(page: Page): Promise<void> {
  await page.goto(await finished(page))
  await expect(page.locator('.said').first()).toBeVisible()
}

/** Neither the clips of other tests, which say too little, nor hours. */
async function newestDone(page: Page): Promise<string | undefined> {
  await page.goto('/')
  const { token } = JSON.parse((await page.evaluate(() => localStorage.getItem('stenogram.token'))) ?? '{}') as { token: string }
  const answer = await page.request.get('/api/v1/recordings', { headers: { Authorization: `Bearer ${token}` } })
  const { items } = (await answer.json()) as { items: Listed[] }
  return items.find(({ duration, latest_run }) => latest_run?.state.startsWith('done') && duration !== null && duration > 60 && duration < 600)?.id
}

export function audioTime(page: Page): Promise<number> {
  return page.getByTestId('audio').evaluate((audio) => (audio as HTMLAudioElement).currentTime)
}
