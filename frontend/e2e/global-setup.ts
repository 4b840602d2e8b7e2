import { mkdirSync } from 'node:fs'
import { chromium, type FullConfig } from '@playwright/test'

/** Opens the one-time sign-in link as a person would, and keeps the session for every test. */
export default async function signIn(config: FullConfig): Promise<void> {
  const use = config.projects[0]?.use
  const link = process.env.STENOGRAM_LINK
  if (!link) throw new Error('STENOGRAM_LINK is not set')
  mkdirSync('test-results', { recursive: true })
  const browser = await chromium.launch(use?.launchOptions)
  try {
    const page = await browser.newPage({ locale: 'ru-RU' })
    await page.goto(link)
    await page.waitForURL((url) => url.pathname === '/')
    await page.context().storageState({ path: 'test-results/session.json' })
  } finally {
    await browser.close()
  }
}
