// A stand-in for the service, in memory: serves dist/ and the REST API, so that the WebApp is worked on and tested without
// workers. `npm run mock` prints a sign-in link. PORT, MOCK_STEP_MS (pace of a run) and MOCK_SEGMENTS (length) may be set.
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LENGTH, media, peaks, PHRASES, transcript } from './transcript.js'

const PORT = Number(process.env.PORT ?? 4180)
const STEP_MS = Number(process.env.MOCK_STEP_MS ?? 120)
const SEGMENTS = Number(process.env.MOCK_SEGMENTS ?? PHRASES.length)
const dist = fileURLToPath(new URL('../dist/', import.meta.url))
const STAGES = ['preprocess', 'transcribe', 'diarize', 'summarize', 'export']
const SHARE = { preprocess: 0.06, transcribe: 0.62, diarize: 0.24, summarize: 0.05, export: 0.03 }
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' }
const DEMO = { code: 'demo_model', ru: 'Сделано демонстрационной моделью: она знает только синтетические голоса.', en: 'Made with the demo model, which knows synthetic voices only.' }
const BAD = { code: 'media.unsupported', ru: 'Это не аудио и не видео, которое мы умеем читать. Отправьте mp3, m4a, wav, ogg, flac, webm, mp4 и подобное.', en: 'This is not an audio or video file we can read. Send mp3, m4a, wav, ogg, flac, webm, mp4 or the like.' }

/** @type {Map<string, any>} */ const recordings = new Map()
/** @type {Map<string, any>} */ const runs = new Map()
/** @type {Map<string, any>} */ const uploads = new Map()
const names = new Map()

const russian = (/** @type {any} */ request) => /^ru/.test(request.headers['accept-language'] ?? '')
const words = (/** @type {any} */ notice, /** @type {boolean} */ ru) => ({ code: notice.code, message: ru ? notice.ru : notice.en })
const done = (/** @type {any} */ run, /** @type {string} */ name) => run.stages.find((/** @type {any} */ stage) => stage.stage === name).state === 'done'

function runOut(/** @type {any} */ run, /** @type {boolean} */ ru) {
  const hidden = { listeners: undefined, bad: undefined, log: undefined }
  return { ...run, ...hidden, error: run.error && words(run.error, ru), warnings: run.warnings.map((/** @type {any} */ one) => words(one, ru)) }
}

function recordingOut(/** @type {any} */ recording, /** @type {boolean} */ ru) {
  const latest = [...runs.values()].filter((run) => run.recording_id === recording.id).at(-1)
  return { ...recording, latest_run: latest ? runOut(latest, ru) : null, folder_id: null, tag_ids: [] }
}

function startRun(/** @type {any} */ recording, /** @type {any} */ options, first = 'preprocess', bad = false) {
  const before = STAGES.indexOf(first)
  const run = {
    id: randomUUID(), recording_id: recording.id, state: 'queued', options: { preset: 'quality', diarize: true, ...options }, error: null, warnings: [], language: null,
    language_probability: null, created_at: new Date().toISOString(), finished_at: null, fraction: 0, queue_place: null, listeners: new Set(), bad, log: /** @type {any[]} */ ([]),
    stages: STAGES.map((stage, at) => ({ stage, state: at < before ? 'done' : 'waiting', attempts: 0, fraction: at < before ? 1 : 0, started_at: null, finished_at: null, engine_seconds: null, error: null })),
  }
  runs.set(run.id, run)
  setTimeout(() => void work(run, before), STEP_MS)
  return run
}

function emit(/** @type {any} */ run, /** @type {any} */ event) {
  const full = { run_id: run.id, stage: null, state: null, fraction: null, eta_seconds: null, segments: [], error_code: null, at: Date.now() / 1000, ...event }
  run.log.push(full)
  for (const listener of run.listeners) listener(full, run.log.length)
}

const pause = () => new Promise((resolve) => setTimeout(resolve, STEP_MS))

async function work(/** @type {any} */ run, /** @type {number} */ first) {
  run.state = 'running'
  const recording = recordings.get(run.recording_id)
  for (const stage of run.stages.slice(first)) {
    Object.assign(stage, { state: 'running', attempts: 1 })
    emit(run, { type: 'stage', stage: stage.stage, state: 'running' })
    for (let step = 1; step <= 8; step += 1) {
      await pause()
      if (run.state === 'cancelled' || !recordings.has(recording.id)) return
      if (run.bad) return finish(run, 'dead')
      stage.fraction = step / 8
      run.fraction = run.stages.reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + SHARE[/** @type {keyof typeof SHARE} */ (one.stage)] * one.fraction, 0)
      emit(run, { type: 'progress', stage: stage.stage, fraction: stage.fraction, eta_seconds: Math.round((1 - run.fraction) * 64) })
      if (stage.stage === 'transcribe') emit(run, { type: 'partial', stage: 'transcribe', segments: PHRASES.slice((step - 1) * 6, step * 6) })
    }
    stage.state = 'done'
    if (stage.stage === 'preprocess') recording.duration = LENGTH
    if (stage.stage === 'transcribe') Object.assign(run, { language: 'ru', language_probability: 0.98, warnings: [DEMO] })
    emit(run, { type: 'stage', stage: stage.stage, state: 'done', fraction: 1 })
  }
  finish(run, 'done_with_warnings')
}

function finish(/** @type {any} */ run, /** @type {string} */ state) {
  Object.assign(run, { state, error: state === 'dead' ? BAD : null, finished_at: new Date().toISOString() })
  if (state === 'done_with_warnings') run.fraction = 1
  emit(run, { type: 'run', state })
}

function addRecording(/** @type {string} */ name, /** @type {Buffer} */ body, /** @type {any} */ options) {
  const recording = { id: randomUUID(), title: name.replace(/\.[^.]+$/, ''), file_name: name, content_type: 'audio/ogg', size: body.length, duration: null, created_at: new Date().toISOString() }
  recordings.set(recording.id, recording)
  startRun(recording, options, 'preprocess', !/^(OggS|RIFF|ID3)/.test(body.subarray(0, 4).toString('latin1')))
  return recording
}

// --- HTTP ---

function send(/** @type {any} */ response, /** @type {number} */ status, /** @type {any} */ body, headers = {}) {
  response.writeHead(status, { 'Content-Type': status >= 400 ? 'application/problem+json' : 'application/json', ...headers })
  response.end(body === undefined ? '' : JSON.stringify(body))
}

function problem(/** @type {any} */ response, /** @type {number} */ status, /** @type {string} */ code, /** @type {string} */ detail) {
  send(response, status, { type: `urn:stenogram:error:${code}`, title: code, status, detail, code, params: {}, request_id: 'mock', instance: '' })
}

async function bodyOf(/** @type {any} */ request) {
  const parts = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts)
}

function ranged(/** @type {any} */ request, /** @type {any} */ response, /** @type {Buffer} */ data) {
  const [, from, to] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? []
  const start = Number(from ?? 0)
  const end = to ? Number(to) : data.length - 1
  const headers = { 'Content-Type': 'audio/ogg', 'Accept-Ranges': 'bytes', 'Content-Length': end - start + 1 }
  response.writeHead(from === undefined ? 200 : 206, from === undefined ? headers : { ...headers, 'Content-Range': `bytes ${start}-${end}/${data.length}` })
  response.end(data.subarray(start, end + 1))
}

function events(/** @type {any} */ request, /** @type {any} */ response, /** @type {any} */ run) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' })
  const write = (/** @type {string} */ name, /** @type {any} */ data, /** @type {any} */ id) => response.write(`${id ? `id: ${id}\n` : ''}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
  const listener = (/** @type {any} */ event, /** @type {number} */ id) => {
    write(event.type, event, id)
    if (event.type === 'run') response.end()
  }
  write('snapshot', runOut(run, russian(request)), undefined)
  run.log.slice(Number(request.headers['last-event-id'] ?? 0)).forEach((/** @type {any} */ event, /** @type {number} */ at) => listener(event, at + 1))
  run.listeners.add(listener)
  request.on('close', () => run.listeners.delete(listener))
}

function patchUpload(/** @type {any} */ response, /** @type {any} */ upload, /** @type {Buffer} */ part) {
  upload.data = Buffer.concat([upload.data, part])
  const headers = { 'Tus-Resumable': '1.0.0', 'Upload-Offset': String(upload.data.length) }
  if (upload.data.length < upload.length) return send(response, 204, undefined, headers)
  const recording = addRecording(upload.metadata.filename, upload.data, JSON.parse(upload.metadata.options ?? '{}'))
  return send(response, 204, undefined, { ...headers, 'Stenogram-Recording-Id': recording.id })
}

/** [method, pattern, handler(request, response, ids, body)] */
const TOKEN = `e30.${Buffer.from(JSON.stringify({ sub: 'local' })).toString('base64url')}.mock`

/** @type {[string, RegExp, (request: any, response: any, ids: string[], body: Buffer, query: URLSearchParams) => any][]} */
const routes = [
  ['POST', /^auth\/link$/, (_q, response, _ids, body) => JSON.parse(body.toString()).secret === 'mock'
    ? send(response, 200, { access_token: TOKEN, token_type: 'bearer', expires_at: new Date(Date.now() + 4e7).toISOString() })
    : problem(response, 401, 'auth.link_spent', russian(_q) ? 'Эта ссылка для входа использована или устарела. Сделайте новую командой «stenogram link».' : 'This sign-in link was used or has expired. Make a new one with “stenogram link”.')],
  ['POST', /^auth\/telegram$/, (_q, response, _ids, body) => JSON.parse(body.toString()).init_data.endsWith('&hash=mock')
    ? send(response, 200, { access_token: TOKEN, token_type: 'bearer', expires_at: new Date(Date.now() + 4e7).toISOString() })
    : problem(response, 401, 'auth.init_data', russian(_q) ? 'Вход через Telegram устарел или не для этого бота. Закройте страницу и откройте её снова кнопкой в боте.' : "Telegram's sign-in is too old or not for this bot. Close the page and open it again with a button of the bot.")],
  ['GET', /^me$/, (_q, response) => send(response, 200, { id: randomUUID(), name: 'local', role: 'admin', language: 'ru' })],
  ['GET', /^recordings$/, (request, response) => send(response, 200, { items: [...recordings.values()].reverse().map((one) => recordingOut(one, russian(request))), next_cursor: null, total: recordings.size })],
  ['GET', /^library$/, (_q, response) => send(response, 200, { recordings: recordings.size, seconds: 0, size: 0, folders: [], tags: [], languages: [], speakers: [] })],
  ['POST', /^library\/delete$/, (_q, response, _m, body) => send(response, 200, { deleted: JSON.parse(body.toString()).recordings.filter((/** @type {string} */ id) => recordings.delete(id)).length })],
  ['GET', /^recordings\/([^/]+)$/, (request, response, [id]) => send(response, 200, recordingOut(recordings.get(id ?? ''), russian(request)))],
  ['PATCH', /^recordings\/([^/]+)$/, (request, response, [id], body) => send(response, 200, recordingOut(Object.assign(recordings.get(id ?? ''), JSON.parse(body.toString())), russian(request)))],
  ['DELETE', /^recordings\/([^/]+)$/, (_q, response, [id]) => { recordings.delete(id ?? ''); send(response, 204, undefined) }],
  ['POST', /^recordings\/([^/]+)\/media-ticket$/, (_q, response, [id]) => send(response, 200, { url: `/api/v1/recordings/${id}/media?ticket=t`, expires_at: new Date(Date.now() + 6e5).toISOString() })],
  ['GET', /^recordings\/([^/]+)\/media$/, (request, response) => ranged(request, response, media())],
  ['GET', /^recordings\/([^/]+)\/peaks$/, (_q, response) => send(response, 200, peaks())],
  ['POST', /^recordings\/([^/]+)\/runs$/, (request, response, [id], body) => send(response, 201, runOut(startRun(recordings.get(id ?? ''), JSON.parse(body.toString()).options), russian(request)))],
  ['GET', /^runs\/([^/]+)$/, (request, response, [id]) => send(response, 200, runOut(runs.get(id ?? ''), russian(request)))],
  ['POST', /^runs\/([^/]+)\/cancel$/, (request, response, [id]) => { finish(runs.get(id ?? ''), 'cancelled'); send(response, 200, runOut(runs.get(id ?? ''), russian(request))) }],
  ['POST', /^runs\/([^/]+)\/rerun$/, (request, response, [id], body) => {
    const { from_stage, options } = JSON.parse(body.toString())
    send(response, 201, runOut(startRun(recordings.get(runs.get(id ?? '').recording_id), options, from_stage), russian(request)))
  }],
  ['GET', /^runs\/([^/]+)\/events$/, (request, response, [id]) => events(request, response, runs.get(id ?? ''))],
  ['GET', /^runs\/([^/]+)\/transcript$/, (request, response, [id]) => {
    const run = runs.get(id ?? '')
    if (!done(run, 'transcribe')) return problem(response, 409, 'transcript.not_ready', 'The transcript is not ready yet.')
    const recording = recordings.get(run.recording_id)
    return send(response, 200, transcript(runOut(run, russian(request)), recording.title, names, done(run, 'diarize'), done(run, 'summarize'), russian(request), SEGMENTS))
  }],
  ['GET', /^runs\/([^/]+)\/changes$/, (_q, response, _ids, _b, query) => send(response, 200, { version: Number(query.get('after')), applied: [] })],
  // Of what people edit only names are kept.
  ['POST', /^runs\/([^/]+)\/changes$/, (_q, response, _p, body) => {
    const { base_version: base, changes } = JSON.parse(body.toString())
    const applied = changes.map((/** @type {any} */ change, /** @type {number} */ at) => ({ version: base + at + 1, change_id: change.id, operations: change.operations, author: null, at: new Date().toISOString(), mine: true, restored: null }))
    for (const { type, label, after } of applied.flatMap((/** @type {any} */ change) => change.operations)) {
      if (type === 'rename' && after) names.set(label, after)
      else if (type === 'rename') names.delete(label)
    }
    send(response, 200, { version: base + applied.length, applied })
  }],
  ['PATCH', /^runs\/([^/]+)\/speakers\/([^/]+)$/, (_q, response, [, label], body) => {
    const { name } = JSON.parse(body.toString())
    if (name) names.set(label, name)
    else names.delete(label)
    send(response, 200, { label, name, display: name, talk_seconds: 1 })
  }],
  ['GET', /^runs\/([^/]+)\/exports$/, (_q, response, _ids, _b, query) => {
    response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Disposition': `attachment; filename*=UTF-8''meeting-ru.${query.get('format')}` })
    response.end(Buffer.from('504b0506000000000000000000000000000000000000', 'hex')) // an empty zip
  }],
  ['POST', /^uploads\/$/, (request, response) => {
    const id = randomUUID()
    const metadata = Object.fromEntries(String(request.headers['upload-metadata']).split(',').map((pair) => pair.split(' ')).map(([key, value]) => [key, Buffer.from(value ?? '', 'base64').toString()]))
    uploads.set(id, { data: Buffer.alloc(0), length: Number(request.headers['upload-length']), metadata })
    send(response, 201, undefined, { Location: `/api/v1/uploads/${id}`, 'Tus-Resumable': '1.0.0' })
  }],
  ['HEAD', /^uploads\/([^/]+)$/, (_q, response, [id]) => send(response, 200, undefined, { 'Tus-Resumable': '1.0.0', 'Upload-Offset': String(uploads.get(id ?? '').data.length), 'Upload-Length': String(uploads.get(id ?? '').length) })],
  ['PATCH', /^uploads\/([^/]+)$/, (_q, response, [id], body) => patchUpload(response, uploads.get(id ?? ''), body)],
  ['DELETE', /^uploads\/([^/]+)$/, (_q, response, [id]) => { uploads.delete(id ?? ''); send(response, 204, undefined, { 'Tus-Resumable': '1.0.0' }) }],
]

function serveFile(/** @type {any} */ response, /** @type {string} */ path) {
  const file = path !== '/' && !path.includes('..') && existsSync(dist + path.slice(1)) ? path.slice(1) : 'index.html'
  response.writeHead(200, { 'Content-Type': TYPES[/** @type {keyof typeof TYPES} */ (extname(file))] ?? 'application/octet-stream' })
  response.end(readFileSync(dist + file))
}

createServer(async (request, response) => {
  const url = new URL(request.url ?? '/', 'http://mock')
  if (!url.pathname.startsWith('/api/v1/')) return serveFile(response, url.pathname)
  const path = url.pathname.slice('/api/v1/'.length)
  const open = path.startsWith('auth/') || url.searchParams.has('ticket')
  if (!open && request.headers.authorization !== `Bearer ${TOKEN}`) return problem(response, 401, 'auth.required', 'Sign in first.')
  const body = await bodyOf(request)
  for (const [method, pattern, handle] of routes) {
    const match = method === request.method ? pattern.exec(path) : null
    if (!match) continue
    const [id] = match.slice(1)
    const kind = path.split('/')[0] ?? ''
    const held = /** @type {Record<string, Map<string, any>>} */ ({ recordings, runs, uploads })[kind]
    if (id && held && !held.has(id)) return problem(response, 404, 'not_found', 'Not found. It may have been deleted.')
    return handle(request, response, match.slice(1), body, url.searchParams)
  }
  return problem(response, 404, 'not_found', 'Not found.')
}).listen(PORT, '127.0.0.1', () => console.log(`http://127.0.0.1:${PORT}/login#mock`))
