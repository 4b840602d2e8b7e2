import type { SettingsView } from '@/api/account'
import type { RunOptions } from '@/api/types'

/** What the options sheet holds. `auto` and 0 mean that the service decides. */
export interface UploadChoices {
  language: string
  preset: 'fast' | 'quality'
  diarize: boolean
  speakers: number
  denoise: boolean
}

export const DEFAULT_CHOICES: UploadChoices = { language: 'auto', preset: 'quality', diarize: true, speakers: 0, denoise: false }
export const MAX_SPEAKERS = 10
/** Languages of speech that are offered by name; the service knows more. */
export const SPEECH = ['ru', 'en', 'uk', 'kk', 'de', 'fr', 'es', 'it', 'tr', 'zh', 'ja'] as const

/** Null: nothing is chosen here, and the service goes by the person's settings. */
export function toRunOptions(choices: UploadChoices | null): RunOptions {
  if (choices === null) return {}
  return {
    language: choices.language === 'auto' ? null : choices.language,
    preset: choices.preset,
    diarize: choices.diarize,
    speakers: choices.diarize && choices.speakers > 0 ? choices.speakers : null,
    denoise: choices.denoise,
  }
}

/** What the person's settings choose for a new recording. */
export function fromSettings(saved: Pick<SettingsView, 'speech' | 'preset' | 'diarize' | 'speakers' | 'denoise'>): UploadChoices {
  return { language: saved.speech ?? 'auto', preset: saved.preset, diarize: saved.diarize, speakers: saved.speakers ?? 0, denoise: saved.denoise }
}

/** The choices that stand behind a run, to start the next one from. */
export function fromRunOptions(options: RunOptions): UploadChoices {
  return {
    language: options.language ?? 'auto',
    preset: options.preset === 'fast' ? 'fast' : 'quality',
    diarize: options.diarize ?? true,
    speakers: options.speakers ?? 0,
    denoise: options.denoise ?? false,
  }
}
