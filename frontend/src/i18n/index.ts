import { watch } from 'vue'
import { createI18n } from 'vue-i18n'
import { recall, remember } from '@/lib/storage'
import type en from './en'

export type Locale = 'ru' | 'en'
export const LOCALES: readonly Locale[] = ['ru', 'en']
const KEY = 'stenogram.locale'
/** One language is loaded, the other when it is asked for. */
const LOADERS = { ru: () => import('./ru'), en: () => import('./en') } as const

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
  messages: {} as Record<Locale, typeof en>,
  pluralRules: { ru: russianPlural },
})

export function currentLocale(): Locale {
  return i18n.global.locale.value
}

async function load(locale: Locale): Promise<void> {
  if (i18n.global.availableLocales.includes(locale)) return
  i18n.global.setLocaleMessage(locale, (await LOADERS[locale]()).default)
}

/** To be awaited before the first page is shown. */
export function loadWords(): Promise<void> {
  return load(currentLocale())
}

/** Speak another language, once its words are here. */
export async function chooseLocale(locale: Locale): Promise<void> {
  await load(locale)
  i18n.global.locale.value = locale
}

watch(
  i18n.global.locale,
  (locale) => {
    void load(locale)
    document.documentElement.lang = locale
    remember(KEY, locale)
  },
  { immediate: true },
)
