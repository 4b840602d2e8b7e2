// A transcript for the stand-in service, from the example's own words and turns (or repeated up to a length).
import { readFileSync } from 'node:fs'

const examples = new URL('../../examples/', import.meta.url)
const read = (/** @type {string} */ name) => readFileSync(new URL(name, examples), 'utf8')

export const media = () => readFileSync(new URL('meeting-ru.ogg', examples))

const turns = read('meeting-ru.rttm').trim().split('\n').map((line) => {
  const [, , , start, length, , , speaker] = line.split(' ')
  return { speaker: speaker ?? 'S1', start: Number(start), end: Number(start) + Number(length), confidence: 0.9 }
})

/** @type {[string, number, number][]} */
const words = JSON.parse(read('meeting-ru.words.json'))
export const LENGTH = Math.ceil((words.at(-1)?.[2] ?? 0) + 1)

/** @param {number} offset seconds that everything is moved by */
function segmentsAt(offset) {
  return turns.map((turn, at) => {
    const inside = words.filter(([, start, end]) => (start + end) / 2 >= turn.start && (start + end) / 2 < turn.end)
    return {
      id: `s${offset}-${at}`,
      start: turn.start + offset,
      end: turn.end + offset,
      speaker: turn.speaker,
      text: inside.map(([text]) => text).join(' '),
      words: inside.map(([text, start, end], place) => ({ text: ` ${text}`, start: start + offset, end: end + offset, probability: (place * 7 + at) % 23 === 5 ? 0.38 : 0.95 })),
    }
  })
}

/** @param {number} segmentCount */
export function segments(segmentCount) {
  const rounds = Math.ceil(segmentCount / turns.length)
  return Array.from({ length: rounds }, (_, round) => segmentsAt(round * LENGTH)).flat().slice(0, segmentCount)
}

export const PHRASES = segments(turns.length).map(({ start, end, text }) => ({ start, end, text }))

const statement = (/** @type {number} */ at, /** @type {string} */ text) => ({ text, at: [turns[at]?.start ?? 0] })

const minutes = {
  title: 'Планёрка', language: 'ru', sentiments: [], engine: 'extractive', model: 'lexrank', notes: [],
  summary: [
    statement(3, 'Поставка датчиков из Перми задержалась на девять дней, клиент из Самары ждёт срочный заказ.'),
    statement(7, 'За неделю расходы выросли на пятнадцать процентов: изменились сроки.'),
    statement(34, 'Продажи упали на восемь процентов, жалобы сократились на двадцать.'),
  ],
  decisions: [statement(18, 'Перенести протокол на четверг.'), statement(39, 'Отправить проект через два дня.')],
  actions: [
    { ...statement(16, 'Подготовить чертёж.'), owner: 'Светлана', due: 'до десяти часов' },
    { ...statement(37, 'Подготовить отчёт.'), owner: null, due: 'в пятницу' },
  ],
  keyphrases: ['поставка датчиков', 'расходы', 'чертёж', 'договор', 'новый каталог'].map((text, at) => ({ text, score: 1 - at / 10, at: [turns[at * 6 + 3]?.start ?? 0] })),
}

/**
 * @param {any} run @param {string} title @param {Map<string, string>} names @param {boolean} diarized @param {boolean} summarized @param {boolean} russian
 */
export function transcript(run, title, names, diarized, summarized, russian, segmentCount = turns.length) {
  const all = segments(segmentCount)
  const labels = diarized ? [...new Set(turns.map((turn) => turn.speaker))].sort() : []
  const rounds = Math.ceil(segmentCount / turns.length)
  return {
    run_id: run.id, recording_id: run.recording_id, version: 1, title, duration: LENGTH * rounds, language: 'ru', language_probability: 0.98, warnings: run.warnings,
    speakers: labels.map((label) => ({
      label, name: names.get(label) ?? null, display: names.get(label) ?? `${russian ? 'Говорящий' : 'Speaker'} ${label.slice(1)}`,
      talk_seconds: turns.filter((turn) => turn.speaker === label).reduce((sum, turn) => sum + turn.end - turn.start, 0),
    })),
    segments: diarized ? all : all.map((segment) => ({ ...segment, speaker: null })),
    turns: diarized ? all.map(({ speaker, start, end }) => ({ speaker, start, end, confidence: 0.9 })) : [],
    provenance: [{ stage: 'transcribe', engine: 'openai-whisper', model: 'demo' }],
    minutes: summarized ? minutes : null,
  }
}

export function peaks() {
  const interval = 0.1
  const count = Math.ceil(LENGTH / interval)
  return {
    interval_seconds: interval,
    peaks: Array.from({ length: count }, (_, at) => {
      const speaking = turns.some((turn) => turn.start <= at * interval && at * interval < turn.end)
      return speaking ? 0.25 + 0.7 * Math.abs(Math.sin(at * 1.7) * Math.cos(at * 0.37)) : 0.02
    }),
  }
}
