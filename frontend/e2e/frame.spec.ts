import { expect, test, type Browser, type Page } from '@playwright/test'
import { obstacles } from './axe'
import { finished, SESSION } from './support'

async function opened(browser: Browser, more: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  return (await browser.newContext({ storageState: SESSION, ...more })).newPage()
}

/** Not "no more requests": pages listen to what is going on for as long as they are open. */
async function settled(page: Page): Promise<void> {
  await expect(page.locator('#content :is(h1, form, [role=textbox])').first()).toBeVisible()
  await expect(page.locator('#content [aria-busy=true]')).toHaveCount(0)
  await page.evaluate(() => document.fonts.ready)
}

async function places(page: Page): Promise<string[]> {
  await page.goto('/')
  await settled(page)
  return page.locator('nav.places a').evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''))
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious on any page in ${colorScheme} colours`, async ({ browser }) => {
    const page = await opened(browser, { colorScheme, reducedMotion: 'reduce' })
    const found: Record<string, string[]> = {}
    for (const path of [await finished(page), ...(await places(page)), '/nowhere']) {
      await page.goto(path)
      await settled(page)
      found[path] = await obstacles(page)
    }
    await page.keyboard.press('?')
    await expect(page.getByRole('dialog')).toBeVisible()
    found['keys'] = await obstacles(page)
    const nobody = await opened(browser, { colorScheme, storageState: { cookies: [], origins: [] } })
    await nobody.goto('/login')
    await settled(nobody)
    found['login'] = await obstacles(nobody)
    expect(Object.fromEntries(Object.entries(found).filter(([, lines]) => lines.length > 0))).toEqual({})
    await page.context().close()
    await nobody.context().close()
  })
}

test('no page is wider than a small phone', async ({ browser }) => {
  const page = await opened(browser, { viewport: { width: 360, height: 740 } })
  const wide: string[] = []
  for (const path of [await finished(page), ...(await places(page)), '/login', '/nowhere']) {
    await page.goto(path)
    await settled(page)
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    if (over > 0) wide.push(`${path}: ${over} px too wide`)
  }
  expect(wide).toEqual([])
  await page.context().close()
})

test('the application opens without a network, and says that there is none', async ({ browser }) => {
  const page = await opened(browser, { serviceWorkers: 'allow' })
  await page.goto('/')
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready
    if (!navigator.serviceWorker.controller) await new Promise((taken) => navigator.serviceWorker.addEventListener('controllerchange', taken, { once: true }))
  })
  await page.context().setOffline(true)
  await page.reload()
  await expect(page.getByRole('link', { name: 'Stenogram' }).first()).toBeVisible()
  await expect(page.getByRole('status').filter({ hasText: /Нет сети|No network/ })).toBeVisible()
  await page.context().setOffline(false)
  await expect(page.getByRole('status').filter({ hasText: /Нет сети|No network/ })).toBeHidden()
  await page.context().close()
})

test('the page follows Telegram: theme, height, notches, back button', async ({ browser }) => {
  const page = await opened(browser, { viewport: { width: 360, height: 740 } })
  await page.addInitScript(() => {
    const heard: Record<string, () => void> = {}
    const shown = { back: false, ready: false }
    const app = {
      themeParams: { bg_color: '#17212b', text_color: '#f5f5f5' },
      viewportStableHeight: 700,
      safeAreaInset: { top: 20, right: 0, bottom: 10, left: 0 },
      contentSafeAreaInset: { top: 30, right: 0, bottom: 0, left: 0 },
      BackButton: { show: () => (shown.back = true), hide: () => (shown.back = false), onClick: (pressed: () => void) => (heard['back'] = pressed) },
      ready: () => (shown.ready = true),
      onEvent: (event: string, listener: () => void) => (heard[event] = listener),
    }
    Object.assign(window, { Telegram: { WebApp: app }, told: { heard, shown, app } })
  })
  interface Told { heard: Record<string, () => void>; shown: { back: boolean; ready: boolean }; app: { themeParams: object } }
  const told = <T>(look: (told: Told) => T) => page.evaluate((source) => (new Function('told', `return (${source})(told)`) as (told: unknown) => T)((window as unknown as { told: Told }).told), look.toString())
  const style = (name: string) => page.evaluate((property) => getComputedStyle(document.documentElement).getPropertyValue(property), name)
  await page.goto('/')
  await expect.poll(() => told(({ shown }) => shown.ready)).toBe(true)
  expect(await told(({ shown }) => shown.back)).toBe(false)
  expect(await style('color-scheme')).toBe('dark')
  expect(await style('--app-height')).toBe('700px')
  expect(await style('--tg-content-safe-top')).toBe('30px')
  await page.goto('/nowhere')
  await expect.poll(() => told(({ shown }) => shown.back)).toBe(true)
  await told(({ app, heard }) => {
    app.themeParams = { bg_color: '#ffffff' }
    heard['themeChanged']?.()
  })
  expect(await style('color-scheme')).toBe('light')
  await told(({ heard }) => heard['back']?.())
  await expect(page).toHaveURL(/\/$/)
  await expect.poll(() => told(({ shown }) => shown.back)).toBe(false)
  await page.context().close()
})
