import { expect, request, test, type Browser, type Page } from '@playwright/test'
import { caretAtEnd, finished, open, saved, SESSION } from './support'

/** What the page has told Telegram, in a stand-in for Telegram's window. */
interface Told {
  button: { is_visible: boolean; text?: string; is_active?: boolean }
  felt: string[]
  asks: boolean
  header: string
  swipes: boolean
  /** What it was asked to get, and to open outside. */
  files: { url: string; file_name: string }[]
  links: string[]
  pressMain: () => void
  pressBack: () => void
}

async function opened(browser: Browser, path: string, version = '8.0'): Promise<Page> {
  const context = await browser.newContext({ storageState: SESSION, locale: 'ru-RU', viewport: { width: 360, height: 740 }, hasTouch: true, serviceWorkers: 'block' })
  const page = await context.newPage()
  await page.addInitScript((version) => {
    const told = { button: { is_visible: false }, felt: [] as string[], asks: false, header: '', swipes: true, files: [], links: [], pressMain: () => undefined, pressBack: () => undefined } as Told
    const button = { setParams: (look: Told['button']) => (told.button = look), onClick: (press: () => void) => (told.pressMain = press) }
    const app = {
      version,
      platform: 'android',
      themeParams: { bg_color: '#17212b', secondary_bg_color: '#0e1621', text_color: '#f5f5f5' },
      MainButton: button,
      BackButton: { show: () => undefined, hide: () => undefined, onClick: (press: () => void) => (told.pressBack = press) },
      HapticFeedback: {
        impactOccurred: (style: string) => told.felt.push(style),
        notificationOccurred: (kind: string) => told.felt.push(kind),
        selectionChanged: () => told.felt.push('select'),
      },
      enableClosingConfirmation: () => (told.asks = true),
      disableClosingConfirmation: () => (told.asks = false),
      disableVerticalSwipes: () => (told.swipes = false),
      setHeaderColor: (colour: string) => (told.header = colour),
      ready: () => undefined,
      openLink: (url: string) => told.links.push(url),
      downloadFile: (file: Told['files'][number], answered: (accepted: boolean) => void) => {
        told.files.push(file)
        setTimeout(() => answered(told.files.length > 1)) // the first one is not wanted after all
      },
      onEvent: () => undefined,
    }
    Object.assign(window, { Telegram: { WebApp: app }, told })
  }, version)
  await page.goto(path)
  return page
}

const told = (page: Page) => page.evaluate(() => {
  const { button, felt, asks, header, swipes, files, links } = (window as unknown as { told: Told }).told
  return { button, felt, asks, header, swipes, files, links }
})
const press = (page: Page, which: 'pressMain' | 'pressBack') => page.evaluate((name) => (window as unknown as { told: Told }).told[name](), which)
const mainButton = (page: Page) => expect.poll(async () => (await told(page)).button)

async function nameTag(page: Page): Promise<void> {
  await page.getByTestId('recording').first().getByRole('checkbox').click()
  await page.getByTestId('bulk').getByRole('button', { name: 'Метка' }).click()
  await page.getByRole('menuitem', { name: 'Новая метка…' }).click()
}

test('a dialog puts its main action on the button of Telegram, which the back button takes away', async ({ browser }) => {
  const page = await opened(browser, '/')
  await expect(page.getByTestId('recording').first()).toBeVisible()
  expect(await told(page)).toMatchObject({ button: { is_visible: false }, header: '#0e1621', swipes: false })
  await nameTag(page)
  expect((await told(page)).felt).toEqual(['select'])
  await mainButton(page).toMatchObject({ is_visible: true, text: 'Создать', is_active: false })
  await expect(page.getByRole('button', { name: 'Создать' })).toBeHidden() // it is not there twice
  await press(page, 'pressBack')
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(page).toHaveURL(/\/$/)
  await mainButton(page).toMatchObject({ is_visible: false })

  await page.getByRole('button', { name: 'Снять выделение' }).click()
  await nameTag(page)
  const name = `тг ${Date.now()}`
  await page.getByLabel('Название').fill(name)
  await mainButton(page).toMatchObject({ is_active: true })
  await press(page, 'pressMain')
  const chip = page.getByRole('button', { name: `${name} 1` })
  await expect(chip).toBeVisible()
  await mainButton(page).toMatchObject({ is_visible: false })

  await chip.click()
  await page.getByRole('button', { name: `Удалить «${name}»` }).click()
  await expect(chip).toBeHidden()
  expect((await told(page)).felt.at(-1)).toBe('success')
  await page.context().close()
})

test('what goes wrong is felt, and an upload that is under way is asked about before the window closes', async ({ browser }) => {
  const page = await opened(browser, '/')
  let letGo: () => void = () => undefined
  const held = new Promise<void>((resolve) => (letGo = resolve))
  await page.route('**/api/v1/uploads/**', async (route) => {
    await held
    await route.fulfill({ status: 413, contentType: 'application/json', body: '{}' })
  })
  await page.getByTestId('file-input').setInputFiles({ name: 'большой.ogg', mimeType: 'audio/ogg', buffer: Buffer.from('слишком') })
  await expect.poll(async () => (await told(page)).asks).toBe(true)
  letGo()
  await expect(page.getByRole('alert').filter({ hasText: 'Файл слишком большой' })).toBeVisible()
  await expect.poll(async () => (await told(page)).asks).toBe(false)
  await page.getByRole('button', { name: 'Отменить загрузку большой.ogg' }).click()
  await page.route('**/api/v1/library/tags', (route) => route.fulfill({ status: 503, contentType: 'application/json', body: '{}' }))
  await nameTag(page)
  await page.getByLabel('Название').fill('метка')
  await press(page, 'pressMain')
  await expect.poll(async () => (await told(page)).felt.at(-1)).toBe('error')
  await page.context().close()
})

/** What an address gives to somebody who has nothing else. */
async function fetched(url: string): Promise<{ text: string; headers: Record<string, string> }> {
  const stranger = await request.newContext()
  const answer = await stranger.get(url)
  expect(answer.status()).toBe(200)
  const got = { text: await answer.text(), headers: answer.headers() }
  await stranger.dispose()
  return got
}

async function exportText(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Ещё', exact: true }).click()
  await page.getByTestId('tools-export').click()
  await page.getByRole('menuitem', { name: /\.txt/ }).click()
  await expect(page.getByRole('menu')).toBeHidden()
}

test('Telegram is told where to get an export, which holds the edit; a refusal is no error', async ({ browser }) => {
  const page = await opened(browser, '/')
  let saves = 0
  page.on('download', () => saves++)
  await open(page, await finished(page))
  await page.getByRole('button', { name: 'Править' }).click()
  await caretAtEnd(page, 1)
  const word = `Телега${String(Date.now()).slice(-6)}`
  await page.keyboard.type(` ${word}.`)
  await saved(page)
  for (const times of [1, 2]) {
    await exportText(page)
    await expect.poll(async () => (await told(page)).files).toHaveLength(times)
  }
  const { files, links, felt } = await told(page)
  expect(files[0]?.file_name).toMatch(/\.txt$/)
  const { text, headers } = await fetched(files[1]?.url ?? '')
  expect(text).toContain(word)
  expect(headers['content-disposition']).toMatch(/^attachment/)
  expect(headers['access-control-allow-origin']).toBe('https://web.telegram.org')
  expect({ links, saves, wrong: felt.includes('error') }).toEqual({ links: [], saves: 0, wrong: false })
  await expect(page.getByRole('alert')).toHaveCount(0)
  await page.context().close()
})

test('an app of a phone that cannot save opens the link outside, and several go as one zip', async ({ browser }) => {
  const page = await opened(browser, '/', '7.10')
  await page.locator('[data-testid=recording][data-state^=done]').first().getByRole('checkbox').click()
  await page.getByTestId('bulk').getByRole('button', { name: 'Экспорт' }).click()
  await page.getByRole('menuitem').first().click()
  await expect.poll(async () => (await told(page)).links).toHaveLength(1)
  const [link] = (await told(page)).links
  expect((await fetched(link ?? '')).headers['content-disposition']).toContain('transcripts.zip')
  expect((await told(page)).files).toEqual([])
  await page.context().close()
})
