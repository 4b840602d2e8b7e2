import { defineConfig } from '@playwright/test'

/** `python -m benchmarks.webapp` brings up what this is measured on. */
export default defineConfig({
  testDir: '../benchmarks',
  testMatch: 'webapp.ts',
  outputDir: 'test-results/bench',
  timeout: 240_000,
  workers: 1,
  reporter: [['line']],
})
