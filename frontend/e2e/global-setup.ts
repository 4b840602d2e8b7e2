import { mkdirSync } from 'node:fs'
import { chromium, type FullConfig } from '@playwright/test'

/** Opens the one-time sign-in link as a person would, and keeps the session for every test. */
export default async function signIn(config: FullConfig): Promise<void> {
  const use = config.projects[0]?.use
  const base = use?.baseURL ?? ''
  const link = process.env.STENOGRAM_LINK ?? `${base}/login#mock`
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
