import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

const service = process.env.STENOGRAM_URL ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [vue()],
  resolve: { alias: { '@': fileURLToPath(new URL('src', import.meta.url)) } },
  define: { __VUE_OPTIONS_API__: false, __VUE_PROD_DEVTOOLS__: false, __VUE_I18N_LEGACY_API__: false },
  // Fonts stay files of their own: inlined into the style sheet they would delay the first paint.
  build: { target: 'es2022', assetsInlineLimit: 0 },
  server: { proxy: { '/api': { target: service, changeOrigin: false } } },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
})
