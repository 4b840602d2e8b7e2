import { fileURLToPath } from 'node:url'
import { expect, type Locator, type Page } from '@playwright/test'

export const EXAMPLE = fileURLToPath(new URL('../../examples/meeting-ru.ogg', import.meta.url))

/** How long a whole run may take: a real one on two cores, or one of the stand-in. */
export const RUN_MS = process.env.STENOGRAM_URL ? 200_000 : 20_000

/** Uploads the example under a name of its own and gives its row in the library. */
export async function upload(page: Page, name: string): Promise<Locator> {
  const { readFile } = await import('node:fs/promises')
  await page.goto('/')
  await page.getByTestId('file-input').setInputFiles({ name: `${name}.ogg`, mimeType: 'audio/ogg', buffer: await readFile(EXAMPLE) })
  const row = page.getByTestId('recording').filter({ hasText: name })
  await expect(row).toBeVisible({ timeout: 20_000 })
  return row
}

/** Opens the first finished recording, uploading one when there is none. */
export async function openFinished(page: Page): Promise<void> {
  await page.goto('/')
  const finished = page.locator('[data-testid=recording][data-state^=done]').first()
  await expect(page.getByTestId('file-input')).toBeAttached()
  await page.waitForLoadState('networkidle')
  if ((await finished.count()) === 0) {
    const row = await upload(page, 'ready')
    await expect(row).toHaveAttribute('data-state', /^done/, { timeout: RUN_MS })
  }
  await finished.getByRole('link').click()
  await expect(page.locator('.said').first()).toBeVisible({ timeout: 20_000 })
}

export function audioTime(page: Page): Promise<number> {
  return page.getByTestId('audio').evaluate((audio) => (audio as HTMLAudioElement).currentTime)
}
