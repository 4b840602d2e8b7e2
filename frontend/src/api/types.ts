/** The API's shapes by the names the application uses. */
export type StageName = 'preprocess' | 'transcribe' | 'diarize' | 'summarize' | 'export'
export type StageState = 'waiting' | 'queued' | 'running' | 'done' | 'skipped' | 'failed' | 'cancelled' | 'dead'
export type RunState = 'queued' | 'running' | 'done' | 'done_with_warnings' | 'cancelled' | 'dead'

export interface Told {
  code: string
  message: string
}
export interface StageRun {
  stage: StageName
  state: StageState
  attempts: number
  fraction: number
  started_at: string | null
  finished_at: string | null
  engine_seconds: number | null
  error: Told | null
}
export interface RunOptions {
  language: string | null
  multilingual: boolean
  preset: string
  diarize: boolean
  speakers: number | null
  summarize: boolean
}
export interface Run {
  id: string
  recording_id: string
  state: RunState
  options: Partial<RunOptions>
  stages: StageRun[]
  error: Told | null
  warnings: Told[]
  language: string | null
  language_probability: number | null
  created_at: string
  finished_at: string | null
  fraction: number
}
export interface Recording {
  id: string
  title: string
  file_name: string
  content_type: string
  size: number
  duration: number | null
  created_at: string
  latest_run: Run | null
}
export interface Word {
  text: string
  start: number
  end: number
  probability: number
}
export interface Segment {
  id: string
  start: number
  end: number
  speaker: string | null
  text: string
  words: Word[]
}
export interface Speaker {
  label: string
  name: string | null
  display: string
  talk_seconds: number
}
export interface Statement {
  text: string
  at: number[]
}
export interface ActionItem extends Statement {
  owner: string | null
  due: string | null
}
export interface Minutes {
  title: string
  summary: Statement[]
  decisions: Statement[]
  actions: ActionItem[]
  keyphrases: { text: string; score: number; at: number[] }[]
}
export interface Transcript {
  run_id: string
  version: number
  title: string
  duration: number
  language: string
  language_probability: number
  warnings: Told[]
  speakers: Speaker[]
  segments: Segment[]
  turns: { speaker: string; start: number; end: number }[]
  minutes: Minutes | null
}
export interface Peaks {
  interval_seconds: number
  peaks: number[]
}
/** One event of a run, as the event stream carries it. */
export interface RunEvent {
  type: 'run' | 'stage' | 'progress' | 'partial' | 'error'
  stage?: string | null
  state?: string | null
  fraction?: number | null
  eta_seconds?: number | null
  segments: { start: number; end: number; text: string }[]
  error_code?: string | null
}
