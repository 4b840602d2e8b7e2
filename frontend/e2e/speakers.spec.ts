import { expect, test, type Locator, type Page } from '@playwright/test'
import { obstacles } from './axe'
import { audioTime, open, openFinished, saved } from './support'

/** The service's own answer, asked by the page that is signed in. */
function ask(page: Page, path: string, body?: unknown): Promise<{ version: number; latest_run: { id: string } }> {
  return page.evaluate(
    async ([address, sent]) => {
      const { token } = JSON.parse(localStorage.getItem('stenogram.token') ?? '{}') as { token: string }
      const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
      const answer = await fetch(`/api/v1${String(address)}`, sent === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(sent) })
      if (!answer.ok) throw new Error(`${String(address)}: ${String(answer.status)}`)
      return answer.json() as Promise<{ version: number; latest_run: { id: string } }>
    },
    [path, body] as const,
  )
}

/** Every test leaves the transcript as it found it. */
let path = ''
let run = ''
let version = 0

test.beforeEach(async ({ page }) => {
  path = await openFinished(page)
  await expect(page.locator('[contenteditable=true]').first()).toBeVisible()
  run = (await ask(page, path)).latest_run.id
  version = (await ask(page, `/runs/${run}/transcript`)).version
})

test.afterEach(async ({ page }) => {
  if (version > 0) await ask(page, `/runs/${run}/restore`, { version })
})

const names = (page: Page) => page.locator('.seg .who').allTextContents()
const voices = (page: Page) => page.locator('.speakers .name').allTextContents()

async function more(page: Page, voice: string, item: string | RegExp): Promise<void> {
  await page.getByRole('button', { name: `Другие действия: ${voice}` }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

/** Percents that the panel tells, which are those of the chart. */
async function shares(page: Page): Promise<Record<string, number>> {
  const label = (await page.getByRole('img', { name: /^Доля времени речи/ }).getAttribute('aria-label')) ?? ''
  return Object.fromEntries([...label.matchAll(/([^,:]+?) (\d+)\s%/g)].map(([, name = '', percent]) => [name.trim(), Number(percent)]))
}

/** Opens the menu of a segment from its speaker. */
async function who(page: Page, segment: Locator): Promise<void> {
  await segment.locator('.who').evaluate((button) => {
    (button as HTMLButtonElement).click() // shown at the first segment of a turn only
  })
  await expect(page.getByRole('menu')).toBeVisible()
}

test('a voice is renamed, coloured and heard, and stays so', async ({ page }) => {
  const [first = ''] = await voices(page)
  await page.getByRole('button', { name: `Переименовать: ${first}` }).click()
  await page.getByLabel('Имя говорящего').fill('Полина')
  await page.keyboard.press('Enter')
  await expect(page.locator('.seg .who').first()).toHaveText('Полина')
  await more(page, 'Полина', 'Цвет 9')
  const colour = () => page.locator('.seg').first().evaluate((segment) => (segment as HTMLElement).style.getPropertyValue('--speaker'))
  await expect.poll(colour).toBe('var(--speaker-8)')
  await more(page, 'Полина', 'Послушать: Полина')
  await expect.poll(() => page.getByTestId('audio').evaluate((audio) => (audio as HTMLAudioElement).played.length)).toBeGreaterThan(0)
  expect(await audioTime(page)).toBeGreaterThanOrEqual(0)
  await page.keyboard.press('k')
  await saved(page)
  await open(page, path)
  await expect(page.locator('.seg .who').first()).toHaveText('Полина')
  expect(await colour()).toBe('var(--speaker-8)')
  expect(await obstacles(page)).toEqual([])
})

test('two voices become one, with their talk, and undo parts them', async ({ page }) => {
  const before = await names(page)
  const [one = '', other = ''] = await voices(page)
  const talk = await shares(page)
  await more(page, other, one)
  await expect.poll(() => names(page)).not.toContain(other)
  expect(await voices(page)).not.toContain(other)
  const both = (talk[one] ?? 0) + (talk[other] ?? 0)
  expect(Math.abs(((await shares(page))[one] ?? 0) - both)).toBeLessThanOrEqual(1)
  await saved(page)
  await open(page, path)
  expect(await names(page)).toEqual(before.map((name) => (name === other ? one : name)))
  await ask(page, `/runs/${run}/restore`, { version })
  await open(page, path)
  expect(await names(page)).toEqual(before)
})

test('a segment goes to another voice, and a selection is split off to a new one', async ({ page }) => {
  const [one = '', other = ''] = await voices(page)
  const segments = page.locator('.seg')
  const first = segments.first()
  const count = await segments.count()
  await who(page, first)
  await page.getByRole('menuitemradio', { name: other, exact: true }).click()
  await expect(first.locator('.who')).toHaveText(other)
  await page.getByRole('button', { name: 'Отменить' }).click()
  await expect(first.locator('.who')).toHaveText(one)

  const said = page.locator('.said').first()
  const words = ((await said.textContent()) ?? '').trim().split(/\s+/)
  await said.evaluate((element) => {
    element.closest<HTMLElement>('[contenteditable=true]')?.focus()
    const text = element.firstChild
    if (!text) throw new Error('nothing said')
    getSelection()?.setBaseAndExtent(text, 0, text, (element.textContent ?? '').trimEnd().indexOf(' '))
  })
  await expect(page.getByTestId('fragment')).toBeVisible()
  await page.keyboard.press('F4')
  await page.getByTestId('new-speaker').click()
  await expect(segments).toHaveCount(count + 1)
  await expect(page.locator('.said').first()).toHaveText(words[0] ?? '')
  await expect(segments.nth(1).locator('.who')).toHaveText(one)
  const [fresh = ''] = await names(page)
  expect([one, other]).not.toContain(fresh)
  expect(await voices(page)).toContain(fresh)
  await saved(page)
  await open(page, path)
  await expect(page.locator('.said').first()).toHaveText(words[0] ?? '')
  expect((await names(page)).slice(0, 2)).toEqual([fresh, one])
})

test('a name that is suggested is taken, and one that is refused stays away', async ({ page }) => {
  const [first = '', second = ''] = await voices(page)
  for (const name of [first, second]) {
    await page.getByRole('button', { name: `Переименовать: ${name}` }).click()
    await page.getByLabel('Имя говорящего').fill('')
    await page.keyboard.press('Enter')
  }
  await saved(page)
  const offered = [{ label: 'S1', name: 'Полина', score: 0.874 }, { label: 'S2', name: 'Глеб', score: 0.61 }]
  await page.route('**/speakers/suggestions', (route) => route.fulfill({ json: offered }))
  await open(page, path)
  const suggestions = page.getByTestId('suggestion')
  await expect(suggestions).toHaveText([/Похоже, это Полина: сходство 87\s%/, /Похоже, это Глеб: сходство 61\s%/])
  expect(await obstacles(page)).toEqual([])
  await suggestions.first().getByRole('button', { name: 'Да' }).click()
  await expect(page.locator('.seg .who').first()).toHaveText('Полина')
  await suggestions.first().getByRole('button', { name: 'Нет' }).click()
  await expect(suggestions).toHaveCount(0)
  await saved(page)
  const asked = page.waitForResponse('**/speakers/suggestions')
  await open(page, path)
  await asked
  expect(await voices(page)).toContain('Полина')
  await expect(suggestions).toHaveCount(0)
})
