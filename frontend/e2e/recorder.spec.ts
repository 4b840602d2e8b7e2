import { expect, test, type BrowserContext, type Page } from '@playwright/test'
import { elsewhere } from './support'

/** Records as long as it takes until some of it is stored, and dies with its tab. */
async function breakOff(context: BrowserContext): Promise<void> {
  const page = await context.newPage()
  await page.goto('/')
  await page.getByTestId('record').click()
  await expect.poll(() => storedPieces(page)).toBeGreaterThan(1)
  await page.close({ runBeforeUnload: false })
}

/** Pieces of recordings in this browser. */
function storedPieces(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const known = await indexedDB.databases()
    if (!known.some(({ name }) => name === 'stenogram-takes')) return 0 // opening it would make an empty one
    return new Promise<number>((resolve, reject) => {
      const opening = indexedDB.open('stenogram-takes')
      opening.onerror = () => reject(opening.error ?? new Error('it cannot be opened'))
      opening.onsuccess = () => {
        const counting = opening.result.transaction('pieces').objectStore('pieces').count()
        counting.onsuccess = () => {
          opening.result.close()
          resolve(counting.result)
        }
      }
    })
  })
}

test('a recording that died with its tab is offered, heard, and uploaded, also after a refusal and a reload', async ({ browser }) => {
  const page = await elsewhere(browser)
  const context = page.context()
  await breakOff(context)
  await page.goto('/')
  const take = page.getByTestId('take')
  await expect(take).toContainText(/Прерванная запись от \d\d:\d\d,\s\d+\sс/)
  await take.getByRole('button', { name: /^Прослушать/ }).click()
  await expect.poll(() => take.locator('audio').evaluate((audio) => (audio as HTMLAudioElement).currentTime)).toBeGreaterThan(0.5)
  await page.route('**/api/v1/uploads/', (route) => route.fulfill({ status: 507, json: { code: 'storage.full' } }))
  await take.getByRole('button', { name: /^Загрузить/ }).click()
  const going = page.getByRole('list', { name: 'Загружаются' })
  await expect(going.getByRole('alert')).toBeVisible()
  await expect(take).toBeHidden()
  await expect.poll(() => storedPieces(page), 'the file is on the shelf').toBe(0)
  const name = (await going.locator('.name').innerText()).replace(/\.\w+$/, '')
  await page.unroute('**/api/v1/uploads/')
  await page.reload()
  await expect(page.getByTestId('recording').filter({ hasText: name })).toBeVisible()
  await expect(going).toBeHidden()
  await page.reload()
  await expect(page.getByTestId('recording').filter({ hasText: name })).toBeVisible()
  await expect(take).toBeHidden()
  await context.close()
})

test('what another tab still records is not offered; what is closed is, and can be deleted', async ({ browser }) => {
  const page = await elsewhere(browser)
  const recording = await page.context().newPage()
  await recording.goto('/')
  await recording.getByTestId('record').click()
  await expect.poll(() => storedPieces(recording)).toBeGreaterThan(1)
  await page.goto('/')
  await expect(page.getByTestId('recording').first()).toBeVisible()
  await expect(page.getByTestId('take')).toBeHidden()
  await recording.getByRole('button', { name: 'Пауза' }).click()
  await recording.keyboard.press('Escape') // does not close it
  await recording.close({ runBeforeUnload: false })
  await page.reload()
  await page.getByTestId('take').getByRole('button', { name: /^Удалить/ }).click()
  await expect(page.getByTestId('take')).toBeHidden()
  await expect.poll(() => storedPieces(page), 'there was time to think again').toBe(0)
  await page.reload()
  await expect(page.getByTestId('record')).toBeVisible()
  await expect(page.getByTestId('take')).toBeHidden()
  await page.context().close()
})

test('what was recorded and sent leaves nothing in the browser, nor does what is discarded', async ({ browser }) => {
  const page = await elsewhere(browser)
  await page.goto('/')
  for (const button of ['Не сохранять', 'Закончить и отправить']) {
    await page.getByTestId('record').click()
    await expect.poll(() => storedPieces(page)).toBeGreaterThan(1)
    await page.getByRole('button', { name: button }).click()
    await expect(page.getByTestId('recorder')).toBeHidden()
    await expect.poll(() => storedPieces(page)).toBe(0)
  }
  await expect(page.getByTestId('recording').filter({ hasText: /^.*Запись \d/ }).first()).toBeVisible()
  await expect(page.getByTestId('takes')).toBeHidden()
  await page.context().close()
})

test('without room in the browser recording goes on, says so, and is sent', async ({ browser }) => {
  const page = await elsewhere(browser)
  await page.goto('/')
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Storage.overrideQuotaForOrigin', { origin: new URL(page.url()).origin, quotaSize: 1 })
  await page.getByTestId('record').click()
  await expect(page.getByTestId('recorder').getByRole('alert')).toContainText('Браузеру не хватает места')
  const arrived = page.waitForResponse((answer) => answer.headers()['stenogram-recording-id'] !== undefined)
  await page.getByRole('button', { name: 'Закончить и отправить' }).click()
  const id = (await arrived).headers()['stenogram-recording-id'] ?? ''
  await expect(page.getByTestId('recording').locator(`a[href="/recordings/${id}"]`).first()).toBeVisible()
  await page.context().close()
})
