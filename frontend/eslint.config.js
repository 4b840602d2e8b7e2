import pluginVue from 'eslint-plugin-vue'
import { defineConfigWithVueTs, vueTsConfigs } from '@vue/eslint-config-typescript'

export default defineConfigWithVueTs(
  { ignores: ['dist/**', 'src/api/schema.d.ts', 'test-results/**', 'playwright-report/**'] },
  pluginVue.configs['flat/recommended'],
  vueTsConfigs.strict,
  vueTsConfigs.stylistic,
  {
    rules: {
      'no-console': 'error',
      eqeqeq: ['error', 'always'],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/no-v-html': 'error',
      'vue/require-default-prop': 'off',
      // Formatting of templates is a matter of reading flow, not of one attribute per line.
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': ['error', { html: { void: 'always' } }],
    },
  },
  {
    files: ['src/stores/**', 'src/composables/**', 'src/**/*.test.ts', 'src/**/*.vue', 'e2e/**'],
    // A setup function holds its inner functions: its length is that of a module, not of a procedure.
    rules: { 'max-lines-per-function': 'off' },
  },
  { files: ['scripts/**'], rules: { 'no-console': 'off' } },
)
