import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const service = process.env.STENOGRAM_URL ?? 'http://127.0.0.1:8080'

/** `sw.js`: the worker of `worker/`, told which files of this build the application needs without a network. */
function shellWorker(): Plugin {
  return {
    name: 'shell-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const needed = Object.keys(bundle).filter((name) => name.startsWith('assets/') && !name.includes('-ext-')).sort()
      const version = createHash('sha256').update(needed.join()).digest('hex').slice(0, 12)
      const files = ['/', '/favicon.svg', ...needed.map((name) => `/${name}`)]
      const source = readFileSync(new URL('worker/shell.js', import.meta.url), 'utf8')
      const told = `const VERSION = ${JSON.stringify(version)}\nconst FILES = ${JSON.stringify(files)}\n`
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: told + source })
    },
  }
}

export default defineConfig({
  plugins: [vue(), shellWorker()],
  resolve: { alias: { '@': fileURLToPath(new URL('src', import.meta.url)) } },
  define: { __VUE_OPTIONS_API__: false, __VUE_PROD_DEVTOOLS__: false, __VUE_I18N_LEGACY_API__: false },
  // Fonts stay files of their own: inlined into the style sheet they would delay the first paint.
  build: { target: 'es2022', assetsInlineLimit: 0, manifest: true },
  server: { proxy: { '/api': { target: service, changeOrigin: false } } },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
})
