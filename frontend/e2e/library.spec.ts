import { readFile } from 'node:fs/promises'
import { expect, test } from '@playwright/test'
import { EXAMPLE } from './support'

test('recordings are tagged together, filtered by the tag, and the address keeps it', async ({ page }) => {
  const name = `метка ${Date.now()}`
  await page.goto('/')
  await page.getByTestId('recording').first().getByRole('checkbox').click()
  await page.getByTestId('bulk').getByRole('button', { name: 'Метка' }).click()
  await page.getByRole('menuitem', { name: 'Новая метка…' }).click()
  await page.getByLabel('Название').fill(name)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: `${name} 1` }).click()
  await expect(page.getByTestId('recording')).toHaveCount(1)
  await page.reload()
  await expect(page.getByTestId('recording')).toHaveCount(1)
  await page.getByRole('button', { name: `Удалить «${name}»` }).click()
  await expect(page.getByRole('button', { name: `${name} 1` })).toBeHidden()
})

for (const [way, event] of [['pasted', 'paste'], ['dropped', 'drop']] as const) {
  test(`files that are ${way} anywhere on the page are taken`, async ({ page }) => {
    await page.goto('/')
    await expect(page.getByTestId('file-input')).toBeAttached()
    await page.evaluate(([type, names]) => {
      const data = new DataTransfer()
      for (const name of names) data.items.add(new File([], name, { type: 'audio/ogg' })) // empty: nothing of them is sent
      const bubbling = { bubbles: true, cancelable: true }
      document.body.dispatchEvent(type === 'paste' ? new ClipboardEvent(type, { ...bubbling, clipboardData: data }) : new DragEvent(type, { ...bubbling, dataTransfer: data }))
    }, [event, ['one.ogg', 'two.ogg']] as const)
    for (const name of ['one.ogg', 'two.ogg']) await page.getByRole('button', { name: `Отменить загрузку ${name}` }).click()
    await expect(page.getByText('two.ogg')).toBeHidden()
  })
}

test('a search finds nothing, and says so', async ({ page }) => {
  await page.goto('/search')
  await page.getByTestId('search').fill('небывальщина')
  await expect(page.getByRole('status').filter({ hasText: 'Ничего не нашлось' })).toBeVisible()
  await expect(page).toHaveURL(/q=/)
})

test('a paused upload stays paused over a reload, then goes on where it was; what is no recording is refused at once', async ({ page }) => {
  const name = `пауза ${Date.now()}`
  await page.goto('/')
  await page.route('**/api/v1/uploads/*', () => undefined) // pieces go nowhere until the pause
  await page.getByTestId('file-input').setInputFiles([
    { name: `${name}.ogg`, mimeType: 'audio/ogg', buffer: await readFile(EXAMPLE) },
    { name: 'заметки.txt', mimeType: 'text/plain', buffer: Buffer.from('не запись') },
  ])
  await expect(page.getByRole('alert').filter({ hasText: 'не звук и не видео' })).toBeVisible()
  await page.getByRole('button', { name: `Приостановить загрузку ${name}.ogg` }).click()
  await page.reload()
  const going = page.getByRole('list', { name: 'Загружаются' })
  await expect(going).toContainText('Приостановлено')
  await expect(going).not.toContainText('заметки.txt')
  await page.unroute('**/api/v1/uploads/*')
  await page.getByRole('button', { name: `Продолжить загрузку ${name}.ogg` }).click()
  const row = page.getByTestId('recording').filter({ hasText: name })
  await expect(row).toBeVisible()
  await expect(going).toBeHidden()
  await row.getByRole('button', { name: /Другие действия/ }).click()
  await page.getByRole('menuitem', { name: 'Переименовать…' }).click()
  await page.getByLabel('Название').fill(`${name} заново`)
  await page.keyboard.press('Enter')
  const renamed = page.getByTestId('recording').filter({ hasText: `${name} заново` })
  await expect(renamed).toBeVisible()
  await renamed.getByRole('button', { name: /Другие действия/ }).click()
  await page.getByRole('menuitem', { name: 'Удалить' }).click()
  await expect(renamed).toBeHidden()
  await page.reload() // leaving ends the time to think again
  await expect(page.getByTestId('file-input')).toBeAttached()
  await expect(renamed).toBeHidden()
})
