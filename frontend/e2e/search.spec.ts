import { expect, test } from '@playwright/test'
import { openFinished } from './support'

test('what is typed is found, arrows lead to it, and Enter opens it at the second it was said', async ({ page }) => {
  await openFinished(page)
  const said = (await page.locator('.said').allTextContents()).join(' ')
  const word = /[а-яё]{7,}/i.exec(said)?.[0] ?? ''
  expect(word).not.toBe('')
  await page.goto('/search')
  const box = page.getByTestId('search')
  await box.pressSequentially(word)
  const moment = page.locator('.hit').filter({ has: page.locator('mark') }).first()
  await expect(moment).toBeVisible()
  await expect(page).toHaveURL(new RegExp(`q=${encodeURIComponent(word)}`))

  await page.keyboard.press('ArrowDown') // the title
  await page.keyboard.press('ArrowDown')
  await expect(moment).toBeFocused()
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowUp')
  await expect(box).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  const at = await moment.getAttribute('href')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/recordings\/[\w-]+\?t=\d+\.\d+&q=/)
  expect(new URL(page.url()).pathname).toBe(at?.split('?')[0])
  await expect(page.locator('.said').first()).toBeVisible()
  await page.goBack()
  await expect(box).toHaveValue(word)
  await expect(moment).toBeVisible()
})

test('an answer that comes late does not take the place of a later one', async ({ page }) => {
  await page.goto('/search')
  let letGo: () => void = () => undefined
  const held = new Promise<void>((resolve) => (letGo = resolve))
  const given: string[] = []
  await page.route('**/api/v1/search?*', async (route) => {
    const query = new URL(route.request().url()).searchParams.get('q') ?? ''
    if (query === 'небыл') await held
    given.push(query)
    await route.continue().catch(() => undefined) // a request that was given up cannot go on
  })
  await page.getByTestId('search').fill('небыл')
  await expect(page.getByRole('status').filter({ hasText: 'Ищем…' })).toBeVisible()
  await page.getByTestId('search').fill('небывальщина')
  await expect(page.getByRole('status').filter({ hasText: 'Ничего не нашлось' })).toBeVisible()
  letGo()
  await expect.poll(() => given).toContain('небыл')
  await expect(page.getByTestId('search')).toHaveValue('небывальщина')
  await expect(page.getByRole('status').filter({ hasText: 'Ничего не нашлось' })).toBeVisible()
})
