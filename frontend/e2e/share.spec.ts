import { expect, test, type Browser, type Page } from '@playwright/test'
import { obstacles } from './axe'
import { downloaded, openFinished } from './support'

test.skip(!process.env['STENOGRAM_URL'], 'needs the service')

/** Selects all that is said in the second segment, and gives its words. */
async function selectSecond(page: Page): Promise<string> {
  const said = page.locator('.said').nth(1)
  await said.evaluate((element) => {
    element.closest<HTMLElement>('[contenteditable=true]')?.focus()
    getSelection()?.selectAllChildren(element)
  })
  await expect(page.getByTestId('fragment')).toBeVisible()
  return (await said.innerText()).trim()
}

/** A window of somebody who has only the link. */
async function stranger(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } })
  return context.newPage()
}

test('what is selected is exported and cut to the second', async ({ page }) => {
  await openFinished(page)
  const words = await selectSecond(page)
  const bar = page.getByTestId('fragment')
  const save = async (menu: string, item: string) => {
    await bar.getByRole('button', { name: menu }).click()
    return downloaded(page, () => page.getByRole('menuitem', { name: item }).click())
  }
  const cues = (await save('Выгрузить', 'Субтитры SRT')).toString()
  const spoken = cues.replace(/^(\d+|.* --> .*)?$/gm, '').split(/\s+/).filter(Boolean)
  expect(spoken.join(' ')).toBe(words)

  const asking = page.waitForRequest((request) => request.url().includes('/clip?'))
  const wave = await save('Вырезать звук', '.wav')
  const asked = new URL((await asking).url()).searchParams
  const spans = Number(asked.get('to')) - Number(asked.get('from'))
  expect(spans).toBeGreaterThan(0.5)
  expect(Math.abs((wave.length - wave.indexOf('data') - 8) / wave.readUInt32LE(28) - spans)).toBeLessThan(0.05)
})

test('the recording is given back as it was sent', async ({ page }) => {
  await openFinished(page)
  await page.getByRole('button', { name: 'Экспорт' }).click()
  const asking = page.waitForResponse((response) => response.url().endsWith('/media-ticket'))
  const sound = await downloaded(page, () => page.getByRole('menuitem', { name: 'Исходная запись' }).click())
  const { url } = (await (await asking).json()) as { url: string }
  expect(sound.equals(await (await page.request.get(url)).body())).toBe(true)
})

test('a part with a password is read by a stranger until the link is revoked', async ({ page, browser }) => {
  await openFinished(page)
  const words = await selectSecond(page)
  await page.getByTestId('fragment').getByRole('button', { name: 'Поделиться' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Пароль').fill('верный-пароль')
  await dialog.getByRole('button', { name: 'Создать ссылку' }).click()
  const address = await dialog.getByTestId('share-address').inputValue()
  expect(await obstacles(page)).toEqual([])

  const guest = await stranger(browser)
  await guest.goto(address)
  await guest.getByLabel('Пароль').fill('неверный')
  await guest.getByRole('button', { name: 'Открыть' }).click()
  await expect(guest.getByRole('alert')).toHaveText('Пароль неверный.')
  await guest.getByLabel('Пароль').fill('верный-пароль')
  await guest.getByRole('button', { name: 'Открыть' }).click()
  await expect(guest.locator('.segment .text')).toHaveText([words])
  await guest.locator('.stamp').click()
  await expect.poll(() => guest.locator('audio').evaluate((audio) => (audio as HTMLAudioElement).currentTime)).toBeGreaterThan(0)
  expect(await obstacles(guest)).toEqual([])
  const file = await downloaded(guest, () => guest.getByRole('link', { name: '.txt' }).click())
  expect(file.toString()).toContain(words)

  await dialog.getByRole('button', { name: 'Отозвать' }).first().click()
  await expect(dialog.getByTestId('share-address')).toBeHidden()
  await guest.reload()
  await expect(guest.getByRole('alert')).toContainText('Эта ссылка больше не открывается')
  await guest.context().close()
})
