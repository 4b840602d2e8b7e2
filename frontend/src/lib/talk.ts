import type { Speaker } from '@/api/types'

export interface TalkShare {
  label: string
  display: string
  seconds: number
  /** 0..1 of all talk. */
  share: number
}

export function talkShares(speakers: readonly Speaker[]): TalkShare[] {
  const whole = speakers.reduce((sum, speaker) => sum + speaker.talk_seconds, 0)
  return speakers.map((speaker) => ({
    label: speaker.label,
    display: speaker.display,
    seconds: speaker.talk_seconds,
    share: whole > 0 ? speaker.talk_seconds / whole : 0,
  }))
}
