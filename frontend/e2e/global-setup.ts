import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { chromium, type FullConfig } from '@playwright/test'
import { SESSION } from './support'

/** Opens the one-time sign-in link as a person would, and keeps the session for every test; it goes with the run. */
export default async function signIn(config: FullConfig): Promise<() => Promise<void>> {
  const use = config.projects[0]?.use
  const link = process.env.STENOGRAM_LINK
  if (!link) throw new Error('STENOGRAM_LINK is not set')
  const browser = await chromium.launch(use?.launchOptions)
  try {
    const page = await browser.newPage({ locale: 'ru-RU' })
    await page.goto(link)
    await page.waitForURL((url) => url.pathname === '/')
    await page.context().storageState({ path: SESSION })
  } finally {
    await browser.close()
  }
  return () => rm(dirname(SESSION), { recursive: true, force: true })
}
