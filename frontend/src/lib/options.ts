import type { RunOptions } from '@/api/types'

/** What the options sheet holds. `auto` and 0 mean that the service decides. */
export interface UploadChoices {
  language: string
  preset: 'fast' | 'quality'
  diarize: boolean
  speakers: number
}

export const DEFAULT_CHOICES: UploadChoices = { language: 'auto', preset: 'quality', diarize: true, speakers: 0 }
export const MAX_SPEAKERS = 10

export function toRunOptions(choices: UploadChoices): RunOptions {
  return {
    language: choices.language === 'auto' ? null : choices.language,
    preset: choices.preset,
    diarize: choices.diarize,
    speakers: choices.diarize && choices.speakers > 0 ? choices.speakers : null,
  }
}

/** The choices that stand behind a run, to start the next one from. */
export function fromRunOptions(options: RunOptions): UploadChoices {
  return {
    language: options.language ?? 'auto',
    preset: options.preset === 'fast' ? 'fast' : 'quality',
    diarize: options.diarize ?? true,
    speakers: options.speakers ?? 0,
  }
}

/** Choices kept from an earlier visit; anything that is not a choice falls back to its default. */
export function restoreChoices(stored: string | null): UploadChoices {
  try {
    const raw = JSON.parse(stored ?? '{}') as Partial<Record<keyof UploadChoices, unknown>>
    const speakers = Number(raw.speakers)
    return {
      language: typeof raw.language === 'string' && /^(auto|[a-z]{2,3})$/.test(raw.language) ? raw.language : 'auto',
      preset: raw.preset === 'fast' ? 'fast' : 'quality',
      diarize: typeof raw.diarize === 'boolean' ? raw.diarize : true,
      speakers: Number.isInteger(speakers) && speakers >= 0 && speakers <= MAX_SPEAKERS ? speakers : 0,
    }
  } catch {
    return { ...DEFAULT_CHOICES } // not JSON: written by something else
  }
}
