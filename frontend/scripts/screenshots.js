/* The pictures of docs/screenshots, taken anew from a stand: `python -m tools.screenshots` brings it up and calls this. */
import { chromium } from '@playwright/test'

/** @typedef {import('@playwright/test').Page} Page */

const { STAND_URL: url = '', STAND_LINK: link = '', STAND_MEETING: meeting = '', PICTURES: folder = '' } = process.env
const DESKTOP = { viewport: { width: 1280, height: 820 } }
const PHONE = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true }
const QUERY = 'поставка'

/**
 * Name, address, how the window looks, and what makes the page worth a picture.
 * @type {[string, string, import('@playwright/test').BrowserContextOptions, (page: Page) => Promise<void>][]}
 */
const PICTURES = [
  ['transcript', `/recordings/${meeting}`, { ...DESKTOP, colorScheme: 'light', locale: 'ru-RU' }, read],
  ['transcript-dark', `/recordings/${meeting}`, { ...DESKTOP, colorScheme: 'dark', locale: 'en-GB' }, read],
  ['phone', `/recordings/${meeting}`, { ...PHONE, colorScheme: 'dark', locale: 'ru-RU' }, read],
  ['library', '/', { ...DESKTOP, colorScheme: 'light', locale: 'ru-RU' }, browse],
  ['library-phone', '/', { ...PHONE, colorScheme: 'light', locale: 'en-GB' }, browse],
  ['search', `/search?q=${QUERY}`, { ...DESKTOP, colorScheme: 'dark', locale: 'ru-RU' }, find],
]

/** @param {Page} page */
async function read(page) {
  await page.locator('.said').nth(3).waitFor()
  await page.evaluate(() => document.querySelectorAll('audio').forEach((sound) => (sound.muted = true)))
  await page.locator('.said').nth(3).click()
  await page.waitForFunction(() => CSS.highlights.get('spoken')?.size)
  await page.getByTestId('play').first().click()
  await page.waitForTimeout(2000) // the waveform draws itself when nothing else is to be done
}

/** @param {Page} page */
async function browse(page) {
  await page.getByTestId('recording').first().waitFor()
}

/** @param {Page} page */
async function find(page) {
  await page.locator('.hit').first().waitFor()
}

/**
 * A folder and tags, as somebody who works here has.
 * @param {Page} page
 */
async function tidy(page) {
  const { token } = JSON.parse((await page.evaluate(() => localStorage.getItem('stenogram.token'))) ?? '{}')
  const headers = { Authorization: `Bearer ${token}` }
  /** @type {(path: string, data?: object) => Promise<any>} */
  const ask = async (path, data) => (await page.request.fetch(`/api/v1/${path}`, { method: data ? 'POST' : 'GET', data, headers })).json()
  /** @type {string[]} */
  const done = (await ask('recordings')).items.filter((/** @type {any} */ { latest_run: run }) => run?.state === 'done').map((/** @type {any} */ { id }) => id)
  const folder = await ask('library/folders', { name: 'Планёрки' })
  const tags = await Promise.all(['поставки', 'важное'].map((name) => ask('library/tags', { name })))
  await page.request.post('/api/v1/library/move', { data: { recordings: done.slice(0, 2), folder: folder.id }, headers })
  await page.request.post('/api/v1/library/tag', { data: { recordings: done.slice(0, 2), add: [tags[0].id], remove: [] }, headers })
  await page.request.post('/api/v1/library/tag', { data: { recordings: done.slice(2), add: [tags[1].id], remove: [] }, headers })
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--autoplay-policy=no-user-gesture-required'] })
const first = await browser.newContext({ baseURL: url })
const page = await first.newPage()
await page.goto(link)
await page.waitForURL((address) => address.pathname === '/')
await tidy(page)
await Promise.all([page.waitForResponse((answer) => answer.url().includes('/peaks') && answer.ok()), page.goto(`/recordings/${meeting}`)]) // worked out at the first visit
const storageState = await first.storageState()
storageState.origins.forEach((origin) => (origin.localStorage = origin.localStorage.filter(({ name }) => name !== 'stenogram.locale')))
for (const [name, path, look, act] of PICTURES) {
  const context = await browser.newContext({ baseURL: url, storageState, serviceWorkers: 'block', reducedMotion: 'reduce', ...look })
  const shown = await context.newPage()
  await shown.goto(path)
  await act(shown)
  await shown.evaluate(() => document.fonts.ready)
  await shown.mouse.move(0, 0)
  await shown.waitForTimeout(500) // the last frame of what moves
  await shown.screenshot({ path: `${folder}/${name}.png` })
  await context.close()
}
await browser.close()
