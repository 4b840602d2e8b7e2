import { readFile } from 'node:fs/promises'
import { expect, test, type Page } from '@playwright/test'
import { audioTime, downloaded, EXAMPLE, openFinished, RUN_MS, saved, upload } from './support'

test('a recording becomes a transcript that can be heard, named and exported', async ({ page }) => {
  const row = await upload(page, 'journey')
  await expect(row.getByRole('progressbar')).toBeVisible()
  await expect(row.getByTestId('partial')).not.toBeEmpty({ timeout: RUN_MS })
  await row.getByRole('link').click()

  await expect(page.getByTestId('speaker-S2')).toBeVisible({ timeout: RUN_MS })
  await expect(page.getByTestId('warning')).toContainText(/демонстрационной/i)

  await page.locator('.said').nth(4).click()
  await expect.poll(() => page.evaluate(() => CSS.highlights.get('spoken')?.size)).toBe(1)
  expect(await audioTime(page)).toBeGreaterThan(3)
  await page.keyboard.press('Space') // right after a click it stops what plays
  await expect(page.getByTestId('play')).toHaveAccessibleName('Слушать')

  await page.getByTestId('speaker-S1').click()
  await page.getByLabel('Имя говорящего').fill('Виктор')
  await page.keyboard.press('Enter')
  await expect(page.locator('.headed .who', { hasText: 'Виктор' }).first()).toBeVisible()
  await saved(page)
  await page.reload()
  await expect(page.getByTestId('speaker-S1')).toContainText('Виктор')

  await page.getByRole('button', { name: 'Экспорт' }).click()
  const bytes = await downloaded(page, () => page.getByRole('menuitem', { name: /docx/ }).click())
  expect(bytes.subarray(0, 2).toString()).toBe('PK')
})

test('a file that is no recording says so, and what to do', async ({ page }) => {
  await page.goto('/')
  await page.getByTestId('file-input').setInputFiles({ name: 'notes.mp3', mimeType: 'audio/mpeg', buffer: Buffer.from('just some notes, no sound at all') })
  await expect(page.getByText('Это не аудио и не видео').first()).toBeVisible({ timeout: RUN_MS })
})

test('an empty file is refused before anything is sent', async ({ page }) => {
  await page.goto('/')
  await page.getByTestId('file-input').setInputFiles({ name: 'empty.ogg', mimeType: 'audio/ogg', buffer: Buffer.alloc(0) })
  await expect(page.getByText('Файл пустой').first()).toBeVisible()
  await page.getByRole('button', { name: 'Отменить загрузку empty.ogg' }).click()
  await expect(page.getByText('empty.ogg')).toBeHidden()
})

test('a run can be stopped', async ({ page }) => {
  const row = await upload(page, 'stopped')
  await row.getByRole('button', { name: 'Остановить' }).click()
  await expect(row).toHaveAttribute('data-state', 'cancelled', { timeout: RUN_MS })
})

test('a deleted recording can be brought back, until it is gone', async ({ page }) => {
  const row = await upload(page, 'doomed')
  const remove = async () => {
    await row.getByRole('button', { name: /Другие действия/ }).click()
    await page.getByRole('menuitem', { name: 'Удалить' }).click()
    await expect(row).toBeHidden()
  }
  await remove()
  await page.getByRole('button', { name: 'Вернуть' }).click()
  await expect(row).toBeVisible()
  await remove()
  const deletion = page.waitForResponse((response) => response.url().endsWith('/library/delete'), { timeout: 60_000 })
  expect((await deletion).ok()).toBe(true)
  await page.reload()
  await expect(row).toBeHidden()
})

test('search finds words and steps through them', async ({ page }) => {
  await openFinished(page)
  const heard = ((await page.locator('.said').first().textContent()) ?? '').split(' ').at(-1)?.replace(/[.,!?]/g, '') ?? ''
  await page.keyboard.press('/')
  await page.keyboard.type(heard)
  await expect(page.getByRole('search')).toContainText(/1 из \d+/)
  await page.getByTestId('search').fill('ъъъъ')
  await expect(page.getByRole('search')).toContainText('Не найдено')
})

test('the keyboard plays, seeks and shows its help', async ({ page }) => {
  await openFinished(page)
  await expect.poll(() => page.getByTestId('audio').evaluate((audio) => (audio as HTMLAudioElement).readyState)).toBeGreaterThan(0)
  await page.keyboard.press('l')
  await expect.poll(() => audioTime(page)).toBeGreaterThan(9.9)
  await page.keyboard.press('j')
  await expect.poll(() => audioTime(page)).toBeLessThan(0.1)
  await page.keyboard.press('Shift+?')
  await expect(page.getByRole('dialog', { name: 'Клавиши' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
})

test('the interface speaks English when asked', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('button', { name: 'EN', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Choose files' })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
})

test('an upload goes on by itself after a reload', async ({ page }) => {
  await page.route('**/api/v1/uploads/*', (route) => (route.request().method() === 'PATCH' ? route.abort() : route.continue()))
  await page.goto('/')
  const created = page.waitForResponse((response) => response.request().method() === 'POST' && response.url().endsWith('/uploads/'))
  await page.getByTestId('file-input').setInputFiles({ name: 'resumed.ogg', mimeType: 'audio/ogg', buffer: await readFile(EXAMPLE) })
  await created
  await page.goto('about:blank')
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  const asked = page.waitForRequest((request) => request.method() === 'HEAD' && request.url().includes('/uploads/')) // goes on, does not start anew
  await page.goto('/')
  await asked
  await expect(page.getByTestId('recording').filter({ hasText: 'resumed' })).toBeVisible()
})

test('signing out asks about an unfinished upload, and leaves nothing of it in the browser', async ({ page }) => {
  await page.route('**/api/v1/uploads/*', (route) => (route.request().method() === 'PATCH' ? route.abort() : route.continue()))
  await page.goto('/')
  await page.getByTestId('file-input').setInputFiles({ name: 'private.ogg', mimeType: 'audio/ogg', buffer: await readFile(EXAMPLE) })
  await expect(page.getByText('private.ogg')).toBeVisible()
  await expect.poll(() => keptFiles(page)).toBe(1)
  await page.route('**/api/v1/me/sessions/current', (route) => route.fulfill({ status: 204 })) // the other tests go on with this session
  await page.getByRole('button', { name: 'Вид и выход' }).click()
  await page.getByRole('menuitem', { name: 'Выйти' }).click()
  const question = page.getByRole('alertdialog', { name: 'Отправлено не всё' })
  await question.getByRole('button', { name: 'Отмена' }).click()
  await expect(page.getByText('private.ogg')).toBeVisible()
  await page.getByRole('button', { name: 'Вид и выход' }).click()
  await page.getByRole('menuitem', { name: 'Выйти' }).click()
  await question.getByRole('button', { name: 'Удалить и выйти' }).click()
  await expect(page.getByRole('heading', { name: 'Вход' })).toBeVisible()
  await expect.poll(() => keptFiles(page)).toBe(0)
})

/** How many files of unfinished uploads the browser keeps. */
function keptFiles(page: Page): Promise<number> {
  return page.evaluate(() => new Promise<number>((resolve, reject) => {
    const opening = indexedDB.open('stenogram-uploads', 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore('files', { keyPath: 'id' })
    opening.onerror = () => reject(new Error('IndexedDB cannot be opened'))
    opening.onsuccess = () => {
      const counting = opening.result.transaction('files').objectStore('files').count()
      counting.onsuccess = () => { opening.result.close(); resolve(counting.result) }
    }
  }))
}
