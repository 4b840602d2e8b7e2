import type { Run, RunEvent, RunState, StageName } from '@/api/types'

export const STAGES: readonly StageName[] = ['preprocess', 'transcribe', 'diarize', 'summarize', 'export']
const TERMINAL: readonly RunState[] = ['done', 'done_with_warnings', 'cancelled', 'dead']
/** Share of a run's time by stage, as the service weighs them. They only shape the bar between two snapshots. */
const WEIGHTS: Record<StageName, number> = { preprocess: 0.06, transcribe: 0.62, diarize: 0.24, summarize: 0.05, export: 0.03 }
/** Phrases of live text kept for display. */
const KEPT_PHRASES = 400

export interface Phrase {
  start: number
  end: number
  text: string
}

/** A run as it is shown live: its last known rows, time left, and what was recognised while we watched. */
export interface LiveRun {
  run: Run
  etaSeconds: number | null
  phrases: Phrase[]
}

export function isOver(state: RunState): boolean {
  return TERMINAL.includes(state)
}

export function hasTranscript(run: Run): boolean {
  return run.stages.some((stage) => stage.stage === 'transcribe' && stage.state === 'done')
}

/** Without these a stage has nothing to begin with; the others may have been given up, and it does without them. */
const REQUIRED: readonly StageName[] = ['preprocess', 'transcribe']

/** Whether a run that is over can be done again from this stage, as the service allows it. Files alone need no run. */
export function beginsFrom(run: Run, stage: StageName): boolean {
  if (!isOver(run.state) || stage === 'export') return false
  const before = run.stages.slice(0, STAGES.indexOf(stage))
  return before.every(({ stage: name, state }) => state === 'done' || state === 'skipped' || (state === 'dead' && !REQUIRED.includes(name)))
}

/** Where a run that was given up is best taken up again: at what failed, with all that was finished before. */
export function resumeStage(run: Run): StageName | null {
  if (!isOver(run.state)) return null
  const failed = run.stages.find(({ state }) => state === 'dead' || state === 'cancelled')?.stage
  if (!failed || failed === 'export') return null
  return beginsFrom(run, failed) ? failed : 'preprocess'
}

/** The stage to name to the person: the running one, else the first that has not ended. */
export function currentStage(run: Run): StageName | null {
  const open = run.stages.filter((stage) => ['waiting', 'queued', 'running', 'failed'].includes(stage.state))
  return (open.find((stage) => stage.state === 'running') ?? open[0])?.stage ?? null
}

export function runFraction(run: Run): number {
  const counted = run.stages.filter((stage) => stage.state !== 'skipped')
  const whole = counted.reduce((sum, stage) => sum + WEIGHTS[stage.stage], 0)
  if (whole === 0) return isOver(run.state) ? 1 : 0
  const done = counted.reduce((sum, stage) => sum + WEIGHTS[stage.stage] * (stage.state === 'done' ? 1 : stage.fraction), 0)
  return Math.min(1, done / whole)
}

/** The next state after one event. Never falls back: a late event of a finished stage changes nothing. */
export function applyEvent(live: LiveRun, event: RunEvent): LiveRun {
  if (event.type === 'partial') return { ...live, phrases: addPhrases(live.phrases, event.segments) }
  if (event.type === 'run' && event.state) {
    return { ...live, etaSeconds: null, run: { ...live.run, state: event.state as RunState } }
  }
  const stages = live.run.stages.map((stage) => {
    if (stage.stage !== event.stage || stage.state === 'done') return stage
    const state = (event.type === 'stage' && event.state ? event.state : event.type === 'progress' ? 'running' : stage.state) as typeof stage.state
    return { ...stage, state, fraction: Math.max(stage.fraction, event.fraction ?? 0) }
  })
  const run: Run = { ...live.run, state: isOver(live.run.state) ? live.run.state : 'running', stages }
  run.fraction = Math.max(live.run.fraction, runFraction(run))
  return { ...live, run, etaSeconds: event.eta_seconds ?? live.etaSeconds }
}

function addPhrases(phrases: readonly Phrase[], added: readonly Phrase[]): Phrase[] {
  const last = phrases.at(-1)?.start ?? -1
  return [...phrases, ...added.filter((phrase) => phrase.start > last)].slice(-KEPT_PHRASES)
}
