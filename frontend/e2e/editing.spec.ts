import { expect, test, type CDPSession, type Locator, type Page } from '@playwright/test'
import { caretAtEnd, openFinished, saved } from './support'

const said = (page: Page, segment: number): Locator => page.locator('.said').nth(segment)
const fresh = (stem: string) => `${stem}${String(Date.now()).slice(-6)}`

/** As the keyboard of a phone writes: what is typed is composed, a word at a time, and then put in. */
async function compose(input: CDPSession, word: string): Promise<void> {
  for (let length = 1; length <= word.length; length += 1) {
    await input.send('Input.imeSetComposition', { text: word.slice(0, length), selectionStart: length, selectionEnd: length })
  }
  await input.send('Input.insertText', { text: word })
}

test('words that an input method composes are written once, and taken back at once', async ({ page, context }) => {
  await openFinished(page)
  const before = (await said(page, 1).textContent()) ?? ''
  await caretAtEnd(page, 1)
  const input = await context.newCDPSession(page)
  for (const word of [' слово', ' за', ' словом']) await compose(input, word)
  await expect(said(page, 1)).toHaveText(`${before} слово за словом`)
  await saved(page)
  await page.reload()
  await expect(said(page, 1)).toHaveText(`${before} слово за словом`)

  await caretAtEnd(page, 1)
  await compose(await context.newCDPSession(page), 'にほんご')
  await expect(said(page, 1)).toHaveText(`${before} слово за словомにほんご`)
  await page.keyboard.press('Control+z')
  await expect(said(page, 1)).toHaveText(`${before} слово за словом`)
  await saved(page)
})

test('what is composed in the middle of a word, or given up, leaves the rest as it was', async ({ page, context }) => {
  await openFinished(page)
  const before = (await said(page, 2).textContent()) ?? ''
  await caretAtEnd(page, 2)
  for (let step = 0; step < 3; step += 1) await page.keyboard.press('ArrowLeft')
  const input = await context.newCDPSession(page)
  await input.send('Input.imeSetComposition', { text: 'нет', selectionStart: 3, selectionEnd: 3 })
  await input.send('Input.imeSetComposition', { text: '', selectionStart: 0, selectionEnd: 0 })
  await expect(said(page, 2)).toHaveText(before)
  await compose(input, 'ого')
  await expect(said(page, 2)).toHaveText(`${before.slice(0, -3)}ого${before.slice(-3)}`)
  await page.keyboard.press('Control+z')
  await expect(said(page, 2)).toHaveText(before)
  await saved(page)
})

test('a version is restored from the history, and the one before it is not lost', async ({ page }) => {
  await openFinished(page)
  await caretAtEnd(page, 0)
  const word = fresh('Версия')
  await page.keyboard.type(` ${word}`)
  await saved(page)
  const restore = async () => {
    await page.getByTestId('history').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: /^Вернуть/ }).first().click()
    await expect(dialog).toBeHidden()
  }
  await restore()
  await expect(said(page, 0)).not.toContainText(word)
  await page.reload()
  await expect(said(page, 0)).toBeVisible()
  await expect(said(page, 0)).not.toContainText(word)
  await restore()
  await expect(said(page, 0)).toContainText(word)
})

test('a hit of the search opens at its second, on the screen and marked', async ({ page }) => {
  await openFinished(page)
  const texts = await page.locator('.said').allTextContents()
  const segment = texts.length - 2
  const phrase = (/\p{L}+\s+\p{L}+/u.exec(texts[segment] ?? '') ?? [''])[0]
  expect(phrase).not.toBe('')
  const [path] = page.url().split('?')
  await page.goto(`/search?q=${encodeURIComponent(`"${phrase}"`)}`)
  await page.locator(`a.hit[href*="${path?.split('/').at(-1) ?? ''}"]`).last().click()
  await page.waitForURL(/\/recordings\/.*t=/)
  await expect(page.locator('.said').first()).toBeVisible()
  await expect.poll(() => marked(page, 'hit')).toBe(phrase.toLowerCase())
  await expect.poll(() => marked(page, 'spoken')).not.toBe('')
  await expect(page.getByTestId('clock')).not.toHaveText('0:00')
})

/** What a mark covers, when that is on the screen. */
function marked(page: Page, name: string): Promise<string> {
  return page.evaluate((mark) => {
    const [range] = CSS.highlights.get(mark) ?? []
    const box = range instanceof Range ? range.getBoundingClientRect() : null
    return range instanceof Range && box && box.top > 0 && box.bottom < innerHeight ? range.toString().toLowerCase() : ''
  }, name)
}

test('the page is opened again where it was left', async ({ page }) => {
  await openFinished(page)
  const there = page.locator('.said').nth(20)
  await there.evaluate((element) => scrollBy(0, element.getBoundingClientRect().top - innerHeight * 0.3))
  await expect.poll(() => page.evaluate(() => Object.keys(sessionStorage).some((key) => key.startsWith('stenogram.place.')))).toBe(true)
  await page.reload()
  await expect(there).toBeInViewport()
})

test('a phrase is found over the border of two segments', async ({ page }) => {
  await openFinished(page)
  const [first = '', second = ''] = (await page.locator('.said').allTextContents()).slice(4, 6)
  const phrase = `${first.split(/\s+/).at(-1) ?? ''} ${second.split(/\s+/)[0] ?? ''}`
  await page.getByTestId('search').fill(phrase)
  await expect(page.getByRole('search').getByRole('status')).toHaveText(/^1 из \d+/)
  await expect.poll(() => page.evaluate(() => CSS.highlights.get('hit')?.size)).toBe(2)
})

test('a phrase over several segments is replaced by one word: none is left empty, and undo brings them back', async ({ page }) => {
  await openFinished(page)
  const before = await page.locator('.said').allTextContents()
  const [first = '', second = '', third = ''] = before.slice(4, 7)
  await page.getByTestId('search').fill(`${first.split(/\s+/).at(-1) ?? ''} ${second} ${third.split(/\s+/)[0] ?? ''}`)
  await expect(page.getByRole('search').getByRole('status')).toHaveText(/^1 из 1/)
  await page.getByTestId('replace-toggle').click()
  await page.getByTestId('replacement').fill('словом')
  await page.getByTestId('replace-all').click()
  await expect(page.locator('.said')).toHaveCount(before.length - 1)
  await saved(page)
  await page.getByRole('button', { name: 'Отменить', exact: true }).first().click()
  await expect(page.locator('.said')).toHaveText(before)
  await saved(page)
})

test('two voices are merged in the panel, and parted again', async ({ page }) => {
  await openFinished(page)
  const names = () => page.locator('.seg .who span').allTextContents()
  const before = await names()
  const [one = '', other = ''] = new Set(before)
  expect(other).not.toBe('')
  await page.getByRole('button', { name: `Другие действия: ${one}` }).click()
  await page.getByRole('menuitem', { name: other, exact: true }).click()
  await expect.poll(names).toEqual(before.map((name) => (name === one ? other : name)))
  await page.getByRole('status').getByRole('button', { name: 'Отменить' }).click()
  await expect.poll(names).toEqual(before)
  await saved(page)
})

test('whoever corrects a name is offered to have it recognised next time', async ({ page }) => {
  await openFinished(page)
  const before = (await said(page, 3).textContent()) ?? ''
  await caretAtEnd(page, 3)
  await said(page, 3).evaluate((text) => {
    const words = text.firstChild
    if (words instanceof Text) getSelection()?.setBaseAndExtent(words, words.data.lastIndexOf(' ') + 1, words, words.length)
  })
  const name = `Кемь${['ская', 'ченко', 'невич', 'цова'][Number(String(Date.now()).slice(-1)) % 4] ?? ''}`
  await page.keyboard.type(name)
  await expect(page.getByText(`Запомнить «${name}»`)).toBeVisible()
  await page.getByRole('button', { name: 'В словарь' }).click()
  await expect(page.getByText(`«${name}» теперь в словаре`)).toBeVisible()
  await page.getByRole('button', { name: 'Отменить', exact: true }).click()
  await expect(said(page, 3)).toHaveText(before)
  await saved(page)
})
