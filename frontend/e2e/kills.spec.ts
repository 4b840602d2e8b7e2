import { expect, test, type BrowserContext, type Page } from '@playwright/test'
import { apiReady, killApi } from './apiProcess'
import { caretAtEnd, elsewhere, finished, open, saved, servedText } from './support'

/** Of the promise: 50 where there is time (KILLS), some in every run of the suite. Another SEED kills at other moments. */
const [KILLS, SEED] = [Number(process.env.KILLS ?? 4), Number(process.env.SEED ?? Date.now() % 1_000_000)]
const VICTIMS = ['tab', 'renderer', 'network', 'api'] as const
const SEGMENT = 3

interface Kill {
  readonly victim: (typeof VICTIMS)[number]
  /** Letters before it. */
  readonly after: number
  /** Letters after which the typist rests, and for how long, in milliseconds: saving begins after two seconds. */
  readonly rests: readonly [letters: number, pause: number]
  /** Of the tab, when something else was killed: left as soon as the word is written, or when it is saved. */
  readonly waits: boolean
}

function kills(seed: number, count: number): Kill[] {
  let value = seed
  const random = (below: number) => {
    value = (Math.imul(value, 1664525) + 1013904223) >>> 0
    return Math.floor((value / 2 ** 32) * below)
  }
  return Array.from({ length: count }, (_, number) => ({
    victim: VICTIMS[(number + random(2)) % VICTIMS.length] ?? 'tab',
    after: 1 + random(9),
    rests: [random(10), random(2600)],
    waits: random(2) > 0,
  }))
}

/** Types the word as far as its tab lives, a key after another; answers what was typed. */
async function typed(page: Page, word: string, kill: Kill): Promise<string> {
  const last = kill.victim === 'tab' || kill.victim === 'renderer' ? kill.after : word.length
  for (let letter = 0; letter < last; letter += 1) {
    if (letter === kill.after && kill.victim === 'network') await page.context().setOffline(true)
    if (letter === kill.after && kill.victim === 'api') expect(killApi(process.env.STENOGRAM_URL ?? '')).toBe(true)
    if (letter === kill.rests[0]) await page.waitForTimeout(kill.rests[1]) // somebody thinks
    await page.keyboard.type(word[letter] ?? '')
  }
  return word.slice(0, last)
}

async function end(page: Page, kill: Kill): Promise<void> {
  const { victim, waits } = kill
  if (victim === 'renderer') await crash(page)
  if (victim === 'network' && waits) await page.context().setOffline(false)
  if (victim === 'api' && waits) await apiReady(page.request)
  if (waits && (victim === 'network' || victim === 'api')) await saved(page)
  await page.close({ runBeforeUnload: false })
  await page.context().setOffline(false)
  if (victim === 'api') await apiReady(page.request)
}

/** The process of the page is gone; nothing of it runs any more. */
async function crash(page: Page): Promise<void> {
  const crashed = page.waitForEvent('crash')
  const devtools = await page.context().newCDPSession(page)
  void devtools.send('Page.crash').catch(() => undefined) // nobody is left to answer
  await crashed
}

async function found(page: Page, mark: string): Promise<string[]> {
  return markedIn(await page.locator('.said').nth(SEGMENT).innerText(), mark)
}

function markedIn(text: string, mark: string): string[] {
  return text.split(/\s+/).filter((word) => word.startsWith(mark)).sort()
}

async function opened(context: BrowserContext, path: string): Promise<Page> {
  const page = await context.newPage()
  await open(page, path)
  return page
}

/** The words are in the text, each once: on the page, and in the service. */
async function stand(page: Page, path: string, mark: string, words: readonly string[]): Promise<void> {
  const wanted = [...words].sort()
  await expect.poll(() => found(page, mark), `seed ${String(SEED)}`).toEqual(wanted)
  await saved(page)
  expect(markedIn((await servedText(page.request, path))[SEGMENT] ?? '', mark), `seed ${String(SEED)}`).toEqual(wanted)
}

test('each word stands there once when the tab, the network or the API is killed while somebody types', async ({ browser, page: first }) => {
  test.setTimeout(120_000 + KILLS * 60_000)
  const [path, { context }] = [await finished(first), { context: (await elsewhere(browser)).context() }]
  const mark = `q${Date.now().toString(36)}` // other runs have left theirs
  const words: string[] = []
  const figures = Object.fromEntries(VICTIMS.map((victim) => [victim, 0]))
  for (const [number, kill] of kills(SEED, KILLS).entries()) {
    await test.step(`${String(number)} ${JSON.stringify(kill)}`, async () => {
      const page = await opened(context, path)
      if (number > 0 && number % 10 === 0) await stand(page, path, mark, words)
      await caretAtEnd(page, SEGMENT)
      const start = `${mark}${String(number).padStart(2, '0')}`
      await page.keyboard.type(` ${start}`)
      words.push(start + (await typed(page, 'abcdefghix', kill)))
      await end(page, kill)
      figures[kill.victim] = (figures[kill.victim] ?? 0) + 1
    })
  }
  await stand(await opened(context, path), path, mark, words)
  process.stdout.write(`${String(KILLS)} kills, seed ${String(SEED)}: ${JSON.stringify(figures)}; ${String(words.length)} words, each there once\n`)
  await context.close()
})
