import { expect, test, type Page } from '@playwright/test'
import { obstacles } from './axe'

const PAYMENT = { charge_id: 'stx1', payer_id: '00000000-0000-4000-8000-000000000001', payer: 'Анна', stars: 50, seconds: 3600, created_at: '2026-01-02T03:04:05Z', refunded_at: null as string | null }

/** A shop, as the service tells of one: the tests' own has neither a bot nor anybody who has paid. */
async function sells(page: Page): Promise<void> {
  let paid = PAYMENT
  await page.route(/\/api\/v1\/admin\/payments(\?|$)/, (route) => route.fulfill({ json: { items: [paid], total: 1, selling: true } }))
  await page.route('**/api/v1/admin/payments/refund', async (route) => {
    expect(route.request().postDataJSON()).toEqual({ charge_id: 'stx1' })
    paid = { ...paid, refunded_at: '2026-01-03T00:00:00Z' }
    await route.fulfill({ json: paid })
  })
}

test('payments are shown where something is sold, and given back after a question', async ({ page }) => {
  await page.goto('/admin')
  await expect(page.getByRole('tab', { name: 'Люди' })).toBeVisible()
  await sells(page)
  await page.goto('/admin?tab=payments')
  await page.getByRole('button', { name: 'Вернуть звёзды: Анна, 50' }).click()
  const question = page.getByRole('alertdialog', { name: 'Вернуть 50 звёзд?' })
  await expect(question).toContainText('спишется')
  expect(await obstacles(page)).toEqual([])
  await question.getByRole('button', { name: 'Вернуть' }).click()
  await expect(page.getByTestId('payment')).toContainText('возвращён')
  await expect(question).toBeHidden()
})

test('the audit is looked through by who, what and when, and the address keeps it', async ({ page }) => {
  await page.goto('/admin?tab=audit')
  const entries = page.getByTestId('entry')
  await expect(entries.first()).toBeVisible()
  await page.getByLabel('Что', { exact: true }).selectOption('session.opened')
  await expect(page).toHaveURL(/action=session\.opened/)
  await expect(entries.filter({ hasNotText: 'вход' })).toHaveCount(0)
  await expect(entries.first()).toBeVisible()
  await page.getByLabel('Кто или кому').fill('никто такой')
  await expect(page.getByText('Такого в журнале нет.')).toBeVisible()
  await page.reload()
  await expect(page.getByLabel('Кто или кому')).toHaveValue('никто такой')
  await expect(page.getByText('Такого в журнале нет.')).toBeVisible()
  await page.getByLabel('Кто или кому').fill('')
  await page.getByLabel('С', { exact: true }).fill('2020-01-01')
  await page.getByLabel('По', { exact: true }).fill('2020-01-02')
  await expect(page).toHaveURL(/until=2020-01-02/)
  await expect(entries).toHaveCount(0)
  expect(await obstacles(page)).toEqual([])
})
