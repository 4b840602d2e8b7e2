import { useI18n } from 'vue-i18n'

/** Recordings from the microphone in the person's language. */
export function useTakeWords() {
  const { t, locale } = useI18n()

  /** Without its ending; of the characters that file names may have. */
  function fileName(time: number): string {
    const when = new Intl.DateTimeFormat(locale.value, { dateStyle: 'short', timeStyle: 'short' }).format(time)
    return t('shelves.recorder.name', { when: when.replaceAll('/', '.').replaceAll(':', '.') })
  }

  /** `12:30` today, else with the day. */
  function moment(time: number): string {
    const today = new Date(time).toDateString() === new Date().toDateString()
    const day: Intl.DateTimeFormatOptions = today ? {} : { day: 'numeric', month: 'long' }
    return new Intl.DateTimeFormat(locale.value, { ...day, hour: '2-digit', minute: '2-digit' }).format(time)
  }

  /** A number and its unit stay in one line. */
  function length(seconds: number): string {
    return spelled(seconds).replaceAll(' ', '\u00a0')
  }

  function spelled(seconds: number): string {
    const minutes = Math.floor(seconds / 60)
    if (minutes === 0) return t('shelves.takes.seconds', { s: Math.max(1, Math.round(seconds)) })
    return minutes < 60 ? t('shelves.minutes', { m: minutes }) : t('shelves.hours', { h: Math.floor(minutes / 60), m: minutes % 60 })
  }

  return { fileName, moment, length }
}
