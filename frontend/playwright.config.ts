import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig, devices } from '@playwright/test'

/**
 * The tests drive the service at STENOGRAM_URL: a real one, or that of `python -m tools.stand`, in which nothing is transcribed.
 * STENOGRAM_LINK, the sign-in link printed at start, works once: `global-setup` spends it and hands the session to every test,
 * in a file of this run's own, so that runs side by side (with `--output` folders of their own) do not sign each other out.
 * STENOGRAM_GUEST_LINK, of somebody who is no administrator, is for the test in which they delete their account.
 * STENOGRAM_LAUNCH is the path of a recording as the service's bot lets Telegram open it, with what Telegram appends.
 */
const service = process.env.STENOGRAM_URL
if (!service) throw new Error('Set STENOGRAM_URL and STENOGRAM_LINK to the address and the sign-in link that `python -m tools.stand` prints')
process.env.STENOGRAM_SESSION ??= join(mkdtempSync(join(tmpdir(), 'stenogram-e2e-')), 'session.json') // workers inherit it
const chromium = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
    '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'], // a microphone that beeps, and nobody to ask for it
}

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  globalSetup: './e2e/global-setup.ts',
  timeout: 300_000,
  expect: { timeout: 60_000 }, // the service's own work may take both cores, and others as well
  workers: 1,
  forbidOnly: true,
  reporter: [['list']],
  use: {
    baseURL: service,
    storageState: process.env.STENOGRAM_SESSION,
    actionTimeout: 60_000, // what is not there in that time is not coming
    locale: 'ru-RU',
    serviceWorkers: 'block', // they would answer in place of the routes that tests set; frame.spec.ts lets one in
    launchOptions: chromium,
    contextOptions: { reducedMotion: 'reduce' }, // what turns for ever takes a core where there is no graphics card
    trace: { mode: 'retain-on-failure', screenshots: false },
  },
  projects: [
    { name: 'desktop', testIgnore: /(phone|telegram)\.spec\.ts/, use: { viewport: { width: 1280, height: 820 } } },
    { name: 'phone', testMatch: /(phone|telegram)\.spec\.ts/, use: { ...devices['Pixel 7'], viewport: { width: 360, height: 740 } } },
  ],
})
