import { readFile } from 'node:fs/promises'
import { expect, test, type Page } from '@playwright/test'
import { openFinished } from './support'

const saved = (page: Page) => expect(page.getByTestId('save-state')).toHaveAttribute('data-state', 'saved', { timeout: 20_000 })

/** Puts the caret at the end of a segment, without playing. */
async function caretAtEnd(page: Page, segment: number): Promise<void> {
  await page.locator('.said').nth(segment).click()
  await page.keyboard.press('End')
  await expect(page.getByTestId('play')).toHaveAccessibleName('Пауза')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByTestId('play')).toHaveAccessibleName('Слушать')
}

test('what is typed is saved by itself, outlives a reload, and is in the exported file', async ({ page }) => {
  await openFinished(page)
  await caretAtEnd(page, 2)
  const word = `Проверка${String(Date.now()).slice(-6)}`
  await page.keyboard.type(` ${word}.`)
  await saved(page)
  await page.reload()
  await expect(page.locator('.said').nth(2)).toContainText(word)

  await page.getByRole('button', { name: 'Экспорт' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: /\.txt/ }).click()
  expect((await readFile(await (await download).path())).toString()).toContain(word)
})

test('Enter splits, Backspace merges, undo takes both back one by one', async ({ page }) => {
  await openFinished(page)
  const before = await page.locator('.said').allTextContents()
  await caretAtEnd(page, 1)
  await page.keyboard.press('Control+ArrowLeft')
  await page.keyboard.press('Control+ArrowLeft')
  await page.keyboard.press('Enter')
  await expect(page.locator('.said')).toHaveCount(before.length + 1)
  await page.keyboard.press('Home')
  await page.keyboard.press('Backspace')
  await expect(page.locator('.said')).toHaveCount(before.length)
  await page.keyboard.press('Control+z')
  await expect(page.locator('.said')).toHaveCount(before.length + 1)
  await page.keyboard.press('Control+z')
  expect(await page.locator('.said').allTextContents()).toEqual(before)
  await saved(page)
})

test('a network that is cut keeps the text, and what is left unsent by a closed tab is saved by the next one', async ({ page, context }) => {
  await openFinished(page)
  await caretAtEnd(page, 0)
  await context.setOffline(true)
  const word = `Обрыв${String(Date.now()).slice(-6)}`
  await page.keyboard.type(` ${word}`)
  await expect(page.getByTestId('save-state')).toHaveAttribute('data-state', 'offline', { timeout: 20_000 })
  const address = page.url()
  await page.close()
  await context.setOffline(false)
  const next = await context.newPage()
  await next.goto(address)
  await expect(next.locator('.said').first()).toContainText(word, { timeout: 20_000 })
  await saved(next)
})

test('two tabs that edit one segment keep both texts', async ({ page, context }) => {
  await openFinished(page)
  const other = await context.newPage()
  await other.goto(page.url())
  await expect(other.locator('.said').first()).toBeVisible()
  const [left, right] = [`Левый${String(Date.now()).slice(-6)}`, `Правый${String(Date.now()).slice(-6)}`]
  await caretAtEnd(page, 3)
  await page.keyboard.type(` ${left}`)
  await caretAtEnd(other, 3)
  await other.keyboard.press('Home')
  await other.keyboard.type(`${right} `)
  for (const tab of [page, other]) {
    await tab.bringToFront()
    await expect(tab.locator('.said').nth(3)).toContainText(left, { timeout: 20_000 })
    await expect(tab.locator('.said').nth(3)).toContainText(right, { timeout: 20_000 })
  }
})

test('replacing all is one step of undo', async ({ page }) => {
  await openFinished(page)
  const before = await page.locator('.said').allTextContents()
  const word = /\p{L}{3,}/u.exec(before[0] ?? '')?.[0] ?? ''
  await page.getByTestId('search').fill(word)
  await page.getByTestId('replace-toggle').click()
  await page.getByTestId('replacement').fill(`${word}НАД`)
  await page.getByTestId('replace-all').click()
  await expect(page.getByRole('status').filter({ hasText: /Заменено: \d+/ })).toBeVisible()
  expect(await page.locator('.said').allTextContents()).not.toEqual(before)
  await page.getByRole('button', { name: 'Отменить' }).click()
  await expect.poll(() => page.locator('.said').allTextContents()).toEqual(before)
  await saved(page)
})
