import { describe, expect, it } from 'vitest'
import type { Run, RunEvent } from '@/api/types'
import { applyEvent, beginsFrom, currentStage, hasTranscript, isOver, resumeStage, runFraction, STAGES, type LiveRun } from './runs'

function run(states: Run['stages'][number]['state'][]): Run {
  return {
    id: 'r', recording_id: 'x', state: 'running', error: null, warnings: [], language: null, language_probability: null,
    created_at: '', finished_at: null, fraction: 0, queue_place: null, options: {} as Run['options'],
    stages: STAGES.map((stage, at) => ({
      stage, state: states[at] ?? 'waiting', attempts: 1, fraction: states[at] === 'done' ? 1 : 0,
      started_at: null, finished_at: null, engine_seconds: null, error: null,
    })),
  }
}

function event(change: Partial<RunEvent>): RunEvent {
  return { run_id: 'r', type: 'progress', stage: null, state: null, fraction: null, eta_seconds: null, segments: [], error_code: null, at: 0, ...change }
}

const live = (states: Run['stages'][number]['state'][]): LiveRun => ({ run: run(states), etaSeconds: null, phrases: [] })

describe('applyEvent', () => {
  it('moves the stage and the whole forward, and keeps the time left', () => {
    const next = applyEvent(live(['done', 'running']), event({ stage: 'transcribe', fraction: 0.5, eta_seconds: 40 }))
    expect(next.run.fraction).toBeCloseTo(0.06 + 0.31)
    expect(next.etaSeconds).toBe(40)
    expect(applyEvent(next, event({ stage: 'transcribe', fraction: 0.6 })).etaSeconds).toBe(40)
  })
  it('never falls back', () => {
    const ahead = applyEvent(live(['done', 'running']), event({ stage: 'transcribe', fraction: 0.8 }))
    const late = applyEvent(ahead, event({ stage: 'transcribe', fraction: 0.3 }))
    expect(late.run.fraction).toBe(ahead.run.fraction)
    const over = applyEvent(live(['done', 'done']), event({ stage: 'transcribe', fraction: 0.3 }))
    expect(over.run.stages[1]?.state).toBe('done')
  })
  it('collects phrases once', () => {
    const phrase = { start: 1, end: 2, text: 'Да' }
    const once = applyEvent(live([]), event({ type: 'partial', segments: [phrase] }))
    expect(applyEvent(once, event({ type: 'partial', segments: [phrase] })).phrases).toEqual([phrase])
  })
  it('ends with the run', () => {
    const next = applyEvent(live(['done']), event({ type: 'run', state: 'dead' }))
    expect(isOver(next.run.state)).toBe(true)
  })
})

describe('what a run says of itself', () => {
  it('names the running stage, else the next one', () => {
    expect(currentStage(run(['done', 'running']))).toBe('transcribe')
    expect(currentStage(run(['done', 'done', 'skipped', 'waiting']))).toBe('summarize')
    expect(currentStage(run(['done', 'done', 'done', 'done', 'done']))).toBeNull()
  })
  it('has a transcript before diarization', () => {
    expect(hasTranscript(run(['done', 'running']))).toBe(false)
    expect(hasTranscript(run(['done', 'done', 'running']))).toBe(true)
  })
  it('counts skipped stages out', () => {
    expect(runFraction(run(['done', 'done', 'skipped', 'done', 'done']))).toBe(1)
  })
})

describe('where a run may be begun again', () => {
  type State = Run['stages'][number]['state']
  const over = (state: Run['state'], ...states: State[]): Run => ({ ...run(states), state })
  const begins = (one: Run) => STAGES.filter((stage) => beginsFrom(one, stage))

  it.each<[string, Run, string[], string | null]>([
    ['all is done', over('done', 'done', 'done', 'done', 'done', 'done'), ['preprocess', 'transcribe', 'diarize', 'summarize'], null],
    ['the sound could not be read', over('dead', 'dead', 'cancelled', 'cancelled', 'cancelled', 'cancelled'), ['preprocess'], 'preprocess'],
    ['recognition was given up', over('dead', 'done', 'dead', 'cancelled', 'cancelled', 'cancelled'), ['preprocess', 'transcribe'], 'transcribe'],
    ['it goes on without speakers', over('done_with_warnings', 'done', 'done', 'dead', 'done', 'done'), ['preprocess', 'transcribe', 'diarize', 'summarize'], 'diarize'],
    ['it was taken up from another run', over('dead', 'skipped', 'dead', 'cancelled', 'cancelled', 'cancelled'), ['preprocess', 'transcribe'], 'transcribe'],
    ['somebody has stopped it', over('cancelled', 'done', 'done', 'cancelled', 'cancelled', 'cancelled'), ['preprocess', 'transcribe', 'diarize'], 'diarize'],
    ['only files failed', over('done_with_warnings', 'done', 'done', 'done', 'done', 'dead'), ['preprocess', 'transcribe', 'diarize', 'summarize'], null],
    ['it goes on', over('running', 'done', 'running'), [], null],
  ])('%s', (_, one, stages, resumed) => {
    expect(begins(one)).toEqual(stages)
    expect(resumeStage(one)).toBe(resumed)
  })
})
