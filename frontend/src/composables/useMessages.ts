import { useI18n } from 'vue-i18n'
import { fileSize } from '@/lib/files'
import { messageKey, type Problem } from '@/lib/problems'
import { roundLeft } from '@/lib/time'

/** Values in the words of the person's language. */
export function useMessages() {
  const { t, locale } = useI18n()

  function problemText(problem: Problem): string {
    const words = problem.code === 'media.empty' && !problem.words ? t('upload.empty') : problem.words
    return words ?? t(messageKey(problem))
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
    const today = date.toDateString() === new Date().toDateString()
    const style: Intl.DateTimeFormatOptions = today
      ? { hour: '2-digit', minute: '2-digit' }
      : { day: 'numeric', month: 'short', ...(date.getFullYear() === new Date().getFullYear() ? {} : { year: 'numeric' }) }
    return new Intl.DateTimeFormat(locale.value, style).format(date)
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
