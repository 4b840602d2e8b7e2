import { expect, test, type Page } from '@playwright/test'
import { caretAtEnd, elsewhere, finished, open, saved, servedText } from './support'

const CHANGES = '**/api/v1/runs/*/changes'

/** Unlike those of other tests. */
function mark(): string {
  return `z${Date.now().toString(36)}`
}

/** The words of the page that begin with the mark, in the order of the alphabet. */
async function found(page: Page, begin: string): Promise<string[]> {
  const words = (await page.locator('.said').allInnerTexts()).flatMap((text) => text.split(/\s+/))
  return words.filter((word) => word.startsWith(begin)).sort()
}

async function state(page: Page, expected: string): Promise<void> {
  await expect(page.getByTestId('save-state')).toHaveAttribute('data-state', expected)
}

test('what is typed while the network is gone is saved when it is back, or by the next tab', async ({ page, context }) => {
  const [path, begin] = [await finished(page), mark()]
  await open(page, path)
  await caretAtEnd(page, 1)
  await context.setOffline(true)
  await page.keyboard.type(` ${begin}a`)
  await state(page, 'offline')
  await context.setOffline(false)
  await saved(page)
  await context.setOffline(true)
  await page.keyboard.type(` ${begin}b`)
  await page.close()
  await context.setOffline(false)
  const next = await context.newPage()
  await open(next, path)
  await expect.poll(() => found(next, begin)).toEqual([`${begin}a`, `${begin}b`])
  await saved(next)
  expect((await servedText(next.request, path)).join(' ')).toMatch(new RegExp(`${begin}a ${begin}b`))
})

test('two people who edit one segment keep both texts, and hear of each other without asking', async ({ page, browser }) => {
  const [path, begin, other] = [await finished(page), mark(), await elsewhere(browser)]
  for (const one of [page, other]) {
    await one.addInitScript(() => {
      const { setInterval } = window
      Object.assign(window, { setInterval: (act: () => void, pause: number) => (pause === 5000 ? 0 : setInterval(act, pause)) }) // no looks
    })
    await open(one, path)
  }
  await caretAtEnd(page, 3)
  await page.keyboard.type(` ${begin}a`)
  await caretAtEnd(other, 3)
  await other.keyboard.type(` ${begin}b`)
  for (const one of [page, other]) {
    await expect.poll(() => found(one, begin)).toEqual([`${begin}a`, `${begin}b`])
    await saved(one)
  }
  await other.context().close()
})

test('a tab that another one takes for dead, where nothing tells which live, writes each word once all the same', async ({ page, context }) => {
  await context.addInitScript(() => Object.defineProperty(navigator, 'locks', { value: undefined })) // as on plain http
  const [path, begin] = [await finished(page), mark()]
  await open(page, path)
  await caretAtEnd(page, 2)
  await page.route(CHANGES, (route) => route.abort())
  await page.keyboard.type(` ${begin}a`)
  await state(page, 'offline')
  const later = await context.newPage()
  await later.addInitScript(() => {
    const { now } = Date
    Date.now = () => now() + 120_000
  })
  await open(later, path)
  await expect.poll(() => found(later, begin)).toEqual([`${begin}a`])
  await page.keyboard.type('b')
  await page.unroute(CHANGES)
  for (const one of [page, later]) {
    await expect.poll(() => found(one, begin)).toEqual([`${begin}ab`])
    await saved(one)
  }
})

test('edits of an earlier tab that the service refuses are given to the person', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const [path, begin] = [await finished(page), mark()]
  await page.addInitScript(() => {
    const { fetch } = window
    window.fetch = (input, init) => (String(input instanceof Request ? input.url : input).includes('/changes') ? Promise.reject(new TypeError('cut')) : fetch(input, init))
  }) // within the page: a network that is cut from without is whole again for what a closing page still sends
  await open(page, path)
  await caretAtEnd(page, 0)
  await page.keyboard.type(` ${begin}a`)
  await page.close()
  const next = await context.newPage()
  await next.route(CHANGES, (route) => route.fulfill({ status: 422, contentType: 'application/problem+json', json: { code: 'edit.invalid', title: '' } }))
  await open(next, path)
  const alert = next.getByRole('alert')
  await expect(alert).toContainText('Правки с прошлого раза сервис не принял')
  await alert.getByRole('button', { name: 'Скопировать эти правки' }).click()
  await expect.poll(() => next.evaluate(() => navigator.clipboard.readText())).toMatch(new RegExp(`^\\d+:\\d\\d ${begin}a$`))
  await alert.getByRole('button', { name: 'Убрать их' }).click()
  await expect(alert).toBeHidden()
  await saved(next)
  await next.unroute(CHANGES)
  await open(next, path)
  await saved(next)
  expect(await found(next, begin)).toEqual([])
})

test('signing out takes what is unsaved along, and asks where it cannot', async ({ browser }) => {
  const page = await elsewhere(browser)
  await page.route('**/api/v1/me/sessions/current', (route) => route.fulfill({ status: 204 })) // the other tests go on with this session
  const [path, begin] = [await finished(page), mark()]
  const signOut = async () => {
    await page.getByRole('button', { name: 'Вид и выход' }).click()
    await page.getByRole('menuitem', { name: 'Выйти' }).click()
  }
  await open(page, path)
  await caretAtEnd(page, 4)
  await page.route(CHANGES, (route) => route.abort())
  await page.keyboard.type(` ${begin}a`)
  await signOut()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Отмена' }).click()
  await page.unroute(CHANGES)
  await open(page, path)
  await expect.poll(() => found(page, begin)).toEqual([`${begin}a`])
  await saved(page)
  await caretAtEnd(page, 4)
  await page.keyboard.type(` ${begin}b`)
  await signOut()
  await expect(page.getByRole('heading', { name: 'Вход' })).toBeVisible()
  const later = await elsewhere(browser)
  expect((await servedText(later.request, path)).join(' ')).toMatch(new RegExp(`${begin}a ${begin}b`))
  await Promise.all([page.context().close(), later.context().close()])
})

test('on a slow line the transcript opens, and tells what it is doing with what is typed', async ({ page }) => {
  const [path, begin] = [await finished(page), mark()]
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Network.enable')
  await devtools.send('Network.emulateNetworkConditions', { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 }) // 400 kbit/s
  await open(page, path)
  await caretAtEnd(page, 4)
  await page.keyboard.type(` ${begin}a`)
  await state(page, 'saving')
  await page.keyboard.type('b')
  await saved(page)
  expect((await servedText(page.request, path)).join(' ').split(begin)).toHaveLength(2)
  expect(await found(page, begin)).toEqual([`${begin}ab`])
})
