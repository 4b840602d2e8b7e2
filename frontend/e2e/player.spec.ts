import { expect, test, type Page } from '@playwright/test'
import { obstacles } from './axe'
import { audioTime, openFinished } from './support'

/** Drags the mouse over the waveform between two shares of its width. */
async function dragOver(page: Page, from: number, to: number): Promise<void> {
  const box = await page.getByTestId('waveform').boundingBox()
  if (!box) throw new Error('no waveform')
  const y = box.y + box.height / 2
  await page.mouse.move(box.x + box.width * from, y)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width * to, y, { steps: 4 })
  await page.mouse.up()
}

test.beforeEach(async ({ page }) => {
  await openFinished(page)
  await expect.poll(() => page.getByTestId('audio').evaluate((audio) => (audio as HTMLAudioElement).readyState)).toBeGreaterThan(0)
})

test('a part of the waveform is selected, looped and let go', async ({ page }) => {
  await dragOver(page, 0.5, 0.52)
  await expect(page.getByTestId('fragment')).toBeVisible()
  expect(await audioTime(page)).toBe(0)
  const duration = await page.getByTestId('audio').evaluate((audio) => (audio as HTMLAudioElement).duration)
  await page.keyboard.press('r')
  await page.keyboard.press('k')
  await page.getByTestId('audio').evaluate((audio) => {
    let last = 0
    audio.addEventListener('timeupdate', () => {
      const { currentTime } = audio as HTMLAudioElement
      if (currentTime < last) audio.dataset['rounds'] = String(Number(audio.dataset['rounds'] ?? 0) + 1)
      last = currentTime
    })
  })
  await expect.poll(async () => Number(await page.getByTestId('audio').getAttribute('data-rounds'))).toBeGreaterThan(1)
  expect(await audioTime(page)).toBeLessThan(duration * 0.52 + 1)
  await page.keyboard.press('k')
  await page.keyboard.press('r')
  await page.getByTestId('waveform').focus()
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('fragment')).toBeHidden()
  await expect(page.getByTestId('part')).toBeHidden()
})

test('subtitles are shown where somebody speaks', async ({ page }) => {
  await page.keyboard.press('c')
  const said = ((await page.locator('.said').first().textContent()) ?? '').trim().split(' ')[0] ?? ''
  await page.getByTestId('audio').evaluate((audio) => {
    audio.addEventListener('playing', () => (audio as HTMLAudioElement).pause(), { once: true })
  })
  await page.locator('.stamp').first().click()
  await expect(page.getByTestId('subtitle')).toContainText(said)
  await page.getByTestId('subtitles').click()
  await expect(page.getByTestId('subtitle')).toBeHidden()
})

test('a waveform and a sound that the service could not give are asked for again', async ({ page }) => {
  const refused = new Set<string>()
  await page.route(/\/(peaks|media-ticket)$/, async (route) => {
    const { pathname } = new URL(route.request().url())
    if (refused.has(pathname)) return route.continue()
    refused.add(pathname)
    await route.fulfill({ status: 503, json: { code: 'internal' } })
  })
  await page.reload()
  await expect(page.getByTestId('zoom-in')).toBeVisible()
  await expect(page.getByTestId('play')).toBeEnabled()
  expect(refused.size).toBe(2)
})

test('the ends of a part are moved by keys, and the waveform grows and shrinks', async ({ page }) => {
  await page.getByTestId('waveform').focus()
  await page.keyboard.press('Shift+ArrowRight')
  const end = page.getByRole('slider', { name: 'Конец фрагмента' })
  const reached = Number(await end.getAttribute('aria-valuenow'))
  await end.focus()
  await page.keyboard.press('PageUp')
  await page.keyboard.press('ArrowLeft')
  await expect.poll(async () => Number(await end.getAttribute('aria-valuenow'))).toBeCloseTo(reached + 0.9, 1)
  expect(await obstacles(page)).toEqual([])

  const drawn = () => page.getByTestId('part').evaluate((part) => part.getBoundingClientRect().width)
  const before = await drawn()
  await page.getByTestId('zoom-in').click()
  await expect.poll(drawn).toBeGreaterThan(before * 1.8)
  await page.getByTestId('zoom-out').click()
  await expect.poll(drawn).toBeCloseTo(before, 0)
  await expect(page.getByTestId('zoom-out')).toBeDisabled()
})
