import { watch } from 'vue'
import { createI18n } from 'vue-i18n'
import { recall, remember } from '@/lib/storage'
import en from './en'
import ru from './ru'

export type Locale = 'ru' | 'en'
export const LOCALES: readonly Locale[] = ['ru', 'en']
const KEY = 'stenogram.locale'

/** Russian counts in three ways: 1 слово, 2 слова, 5 слов. */
function russianPlural(count: number): number {
  const tens = count % 100
  const ones = count % 10
  if (ones === 1 && tens !== 11) return 0
  return ones >= 2 && ones <= 4 && (tens < 12 || tens > 14) ? 1 : 2
}

function preferred(): Locale {
  const stored = recall(KEY)
  if (stored === 'ru' || stored === 'en') return stored
  return navigator.languages.some((language) => /^(ru|be|uk|kk)\b/i.test(language)) ? 'ru' : 'en'
}

export const i18n = createI18n({
  legacy: false,
  locale: preferred(),
  fallbackLocale: 'en',
  messages: { ru, en },
  pluralRules: { ru: russianPlural },
})

export function currentLocale(): Locale {
  return i18n.global.locale.value
}

watch(
  i18n.global.locale,
  (locale) => {
    document.documentElement.lang = locale
    remember(KEY, locale)
  },
  { immediate: true },
)
