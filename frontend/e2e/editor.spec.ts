import { expect, test } from '@playwright/test'
import { caretAtEnd, downloaded, open, openFinished, saved } from './support'

test('what is typed is saved by itself, outlives a reload, and is in the exported file', async ({ page }) => {
  const path = await openFinished(page)
  await caretAtEnd(page, 2)
  const word = `Проверка${String(Date.now()).slice(-6)}`
  await page.keyboard.type(` ${word}.`)
  await expect(page.locator('.said').nth(2)).toContainText(word)
  await saved(page)
  await open(page, path)
  await expect(page.locator('.said').nth(2)).toContainText(word)

  await page.getByRole('button', { name: 'Экспорт' }).click()
  const file = await downloaded(page, () => page.getByRole('menuitem', { name: /\.txt/ }).click())
  expect(file.toString()).toContain(word)
})

test('a click on a word plays from it, a letter stops and is written', async ({ page }) => {
  await openFinished(page)
  await expect(page.locator('[contenteditable=true]').first()).toBeVisible()
  await page.locator('.said').nth(2).click()
  await expect(page.getByTestId('play')).toHaveAccessibleName('Пауза')
  await page.keyboard.type('o') // Playwright has no key for letters that are not English
  await expect(page.getByTestId('play')).toHaveAccessibleName('Слушать')
  await page.keyboard.press('Backspace')
  await saved(page)
})

test('Enter splits, Backspace merges, undo takes both back one by one', async ({ page }) => {
  await openFinished(page)
  const said = page.locator('.said')
  const before = await said.allTextContents()
  await caretAtEnd(page, 1)
  await page.keyboard.press('Control+ArrowLeft')
  await page.keyboard.press('Control+ArrowLeft')
  await page.keyboard.press('Enter')
  await expect(said).toHaveCount(before.length + 1)
  await page.keyboard.press('Home')
  await page.keyboard.press('Backspace')
  await expect(said).toHaveCount(before.length)
  await page.keyboard.press('Control+z')
  await expect(said).toHaveCount(before.length + 1)
  await page.keyboard.press('Control+z')
  await expect.poll(() => said.allTextContents()).toEqual(before)
  await saved(page)
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
