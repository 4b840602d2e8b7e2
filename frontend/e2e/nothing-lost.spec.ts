import { expect, test, type Browser, type Page } from '@playwright/test'
import { SESSION } from './support'

test.skip(!process.env.STENOGRAM_URL, 'needs the service')

/** Of the promise: 50 where there is time (KILLS), some in every run of the suite. */
const KILLS = Number(process.env.KILLS ?? 4)

async function finished(page: Page): Promise<string> {
  await page.goto('/')
  const { token } = JSON.parse((await page.evaluate(() => localStorage.getItem('stenogram.token'))) ?? '{}') as { token: string }
  const answer = await page.request.get('/api/v1/recordings', { headers: { Authorization: `Bearer ${token}` } })
  const { items } = (await answer.json()) as { items: { id: string; duration: number | null; latest_run: { state: string } | null }[] }
  const done = items.find((item) => item.latest_run?.state.startsWith('done') && (item.duration ?? 0) < 1000)
  expect(done, 'a short finished recording').toBeDefined()
  return `/recordings/${done?.id ?? ''}`
}

async function opened(browser: Browser, path: string): Promise<Page> {
  const page = await (await browser.newContext({ storageState: SESSION })).newPage()
  await page.goto(path)
  await expect(page.locator('.seg .said').first()).toBeVisible()
  return page
}

async function write(page: Page, segment: number, text: string): Promise<void> {
  const said = page.locator('.seg .said').nth(segment)
  await expect(page.locator('[contenteditable=true]').first()).toBeVisible()
  await said.click()
  await said.evaluate((element) => getSelection()?.selectAllChildren(element)) // the End key goes to the end of a line only
  await page.keyboard.press('ArrowRight')
  await page.keyboard.type(text)
}

const saved = (page: Page) => expect(page.getByTestId('save-state')).toHaveAttribute('data-state', 'saved', { timeout: 20_000 })

test('what is typed while the network is gone is kept, and saved when it is back', async ({ browser, page: first }) => {
  const path = await finished(first)
  const page = await opened(browser, path)
  await page.context().setOffline(true)
  await write(page, 1, ' kept-without-a-network')
  await expect(page.getByTestId('save-state')).toHaveAttribute('data-state', 'offline', { timeout: 20_000 })
  await page.context().setOffline(false)
  await saved(page)
  await page.reload()
  await expect(page.locator('.seg', { hasText: 'kept-without-a-network' })).toBeVisible()
  await page.context().close()
})

test('two tabs on one transcript both keep their words', async ({ browser, page: first }) => {
  const path = await finished(first)
  const [one, other] = [await opened(browser, path), await opened(browser, path)]
  await write(one, 2, ' from-the-first')
  await write(other, 2, ' from-the-second')
  for (const tab of [one, other]) {
    await saved(tab)
    await expect(tab.locator('.seg', { hasText: 'from-the-first' })).toBeVisible({ timeout: 20_000 })
    await expect(tab.locator('.seg', { hasText: 'from-the-second' })).toBeVisible({ timeout: 20_000 })
  }
  await one.context().close()
  await other.context().close()
})

test('each word stands there once when the tab or the network is killed while somebody types', async ({ browser, page: first }) => {
  const path = await finished(first)
  const context = await browser.newContext({ storageState: SESSION })
  const mark = Date.now().toString(36) // other runs have left theirs
  const words: string[] = []
  for (let kill = 0; kill < KILLS; kill += 1) {
    const page = await context.newPage()
    await page.goto(path)
    await expect(page.locator('.seg .said').first()).toBeVisible()
    words.push(`${mark}kill${String(kill)}x`)
    if (kill % 2) await context.setOffline(true)
    await write(page, 3, ` ${mark}kill${String(kill)}x`)
    await page.waitForTimeout((kill * 617) % 2600) // before, while and after it is sent
    await page.close({ runBeforeUnload: false })
    await context.setOffline(false)
  }
  const page = await context.newPage()
  await page.goto(path)
  await expect(page.locator('.seg .said').first()).toBeVisible()
  const found = async () => {
    const text = await page.locator('.seg .said').nth(3).innerText()
    return text.split(/\s+/).filter((word) => word.includes(mark)).sort()
  }
  const wanted = [...words].sort()
  await saved(page) // what the last tab left behind is sent by this one
  expect(await found()).toEqual(wanted)
  await page.reload()
  await expect(page.locator('.seg .said').first()).toBeVisible()
  expect(await found()).toEqual(wanted)
  await context.close()
})
