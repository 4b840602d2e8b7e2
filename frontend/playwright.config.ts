import { defineConfig, devices } from '@playwright/test'

/**
 * With STENOGRAM_URL and STENOGRAM_LINK (the sign-in link printed at start) the tests drive that running service;
 * without, the stand-in of `mock/`. The link works once: `global-setup` spends it and hands the session to every test.
 * STENOGRAM_LAUNCH is the path of a recording as the service's bot lets Telegram open it, with what Telegram appends.
 */
const service = process.env.STENOGRAM_URL
const port = process.env.MOCK_PORT ?? '4180'
const chromium = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
}

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  globalSetup: './e2e/global-setup.ts',
  timeout: service ? 240_000 : 30_000,
  expect: { timeout: service ? 30_000 : 5_000 }, // the service's own work may take both cores
  workers: 1,
  forbidOnly: true,
  reporter: [['list']],
  use: {
    baseURL: service ?? `http://127.0.0.1:${port}`,
    storageState: 'test-results/session.json',
    locale: 'ru-RU',
    serviceWorkers: 'block', // they would answer in place of the routes that tests set; frame.spec.ts lets one in
    launchOptions: chromium,
    trace: 'retain-on-failure',
  },
  projects: [
    { name: 'desktop', testIgnore: /(phone|telegram)\.spec\.ts/, use: { viewport: { width: 1280, height: 820 } } },
    { name: 'phone', testMatch: /(phone|telegram)\.spec\.ts/, use: { ...devices['Pixel 7'], viewport: { width: 360, height: 740 } } },
  ],
  ...(service ? {} : { webServer: { command: 'node mock/server.js', env: { PORT: port }, port: Number(port), reuseExistingServer: false } }),
})
