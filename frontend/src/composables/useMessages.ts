import { useI18n } from 'vue-i18n'
import { fileSize } from '@/lib/files'
import { messageKey, type Problem } from '@/lib/problems'
import { roundLeft } from '@/lib/time'

/** Values in the words of the person's language. */
export function useMessages() {
  const { t, locale } = useI18n()

  function problemText(problem: Problem): string {
    return problem.words ?? t(messageKey(problem))
  }

  function left(seconds: number | null): string | null {
    const rounded = roundLeft(seconds)
    return rounded && t('run.left', { time: t(`run.left_${rounded.unit}`, { n: rounded.count }) })
  }

  function size(bytes: number): string {
    const { unit, value } = fileSize(bytes)
    return new Intl.NumberFormat(locale.value, { style: 'unit', unit, unitDisplay: 'short' }).format(value)
  }

  function percent(fraction: number): string {
    return new Intl.NumberFormat(locale.value, { style: 'percent', maximumFractionDigits: 0 }).format(fraction)
  }

  function when(iso: string): string {
    const date = new Date(iso)
    const now = new Date()
    if (date.toDateString() === now.toDateString()) {
      const today = new Intl.RelativeTimeFormat(locale.value, { numeric: 'auto' }).format(0, 'day')
      return `${today}, ${new Intl.DateTimeFormat(locale.value, { hour: '2-digit', minute: '2-digit' }).format(date)}`
    }
    const year: Intl.DateTimeFormatOptions = date.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' }
    return new Intl.DateTimeFormat(locale.value, { day: 'numeric', month: 'short', ...year }).format(date)
  }

  function languageName(code: string): string {
    return new Intl.DisplayNames([locale.value], { type: 'language' }).of(code) ?? code
  }

  /** As it stands in a list of languages. */
  function languageTitle(code: string): string {
    const name = languageName(code)
    return name.charAt(0).toLocaleUpperCase(locale.value) + name.slice(1)
  }

  return { problemText, left, size, percent, when, languageName, languageTitle }
}
