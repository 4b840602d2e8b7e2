import { computed, onBeforeUnmount, ref, shallowRef, watch } from 'vue'
import * as api from '@/api/calls'
import type { Peaks, Recording, Run, Transcript } from '@/api/types'
import { persist } from '@/lib/persist'
import { asProblem, type Problem } from '@/lib/problems'
import { hasTranscript, isOver, type LiveRun } from '@/lib/runs'
import { useLive } from '@/stores/live'

/** One recording with its run, transcript and waveform: loaded, and followed while the run is under way. */
export function useTranscript(recordingId: string) {
  const live = useLive()
  const recording = ref<Recording | null>(null)
  const transcript = shallowRef<Transcript | null>(null)
  const peaks = shallowRef<Peaks>({ interval_seconds: 1, peaks: [] })
  const problem = ref<Problem | null>(null)
  let gone = false
  let loadingPeaks: Promise<Peaks> | null = null
  const run = computed<LiveRun | null>(() => {
    const latest = recording.value?.latest_run
    return latest ? (live.runs.get(latest.id) ?? { run: latest, etaSeconds: null, phrases: [] }) : null
  })
  /** Changes whenever a stage that shapes the transcript ends. */
  const milestone = computed(() => {
    const stages = run.value?.run.stages ?? []
    return stages.filter((stage) => stage.state === 'done').map((stage) => stage.stage).join() + (run.value?.run.state ?? '')
  })

  async function load(): Promise<void> {
    try {
      recording.value = await api.getRecording(recordingId)
      problem.value = null
      if (recording.value.latest_run) live.follow([recording.value.latest_run])
    } catch (error) {
      problem.value = asProblem(error)
    }
  }

  async function loadTranscript(): Promise<void> {
    const current = run.value?.run
    if (!current || !hasTranscript(current)) return
    try {
      const loaded = await persist(() => api.getTranscript(current.id), () => gone || run.value?.run.id !== current.id)
      if (run.value?.run.id !== current.id) return // another run has begun meanwhile
      transcript.value = loaded
      await loadPeaks()
    } catch (error) {
      problem.value = asProblem(error)
    }
  }

  async function loadPeaks(): Promise<void> {
    if (peaks.value.peaks.length > 0) return
    loadingPeaks ??= persist(() => api.getPeaks(recordingId), () => gone).finally(() => (loadingPeaks = null))
    peaks.value = await loadingPeaks
  }

  async function restarted(next: Run): Promise<void> {
    if (recording.value) recording.value.latest_run = next
    transcript.value = null
    live.follow([next])
    await loadTranscript()
  }

  watch(milestone, () => void loadTranscript())
  void load()
  onBeforeUnmount(() => {
    gone = true
    live.follow([])
  })

  const active = computed(() => run.value !== null && !isOver(run.value.run.state))
  return { recording, transcript, peaks, problem, run, active, load, loadTranscript, restarted }
}
