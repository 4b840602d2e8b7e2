// What a visit downloads, gzipped, against what it may: the frame and the page of a first visit before the editor, and
// what the editor adds. Fails when it is too much.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const KB = 1000
const dist = process.argv[2] ?? fileURLToPath(new URL('../dist', import.meta.url))
/** @type {Record<string, { file: string, isEntry?: boolean, imports?: string[], dynamicImports?: string[] }>} */
const manifest = JSON.parse(readFileSync(`${dist}/.vite/manifest.json`, 'utf8'))
/** @type {Map<string, number>} */
const sizes = new Map()

/** @param {string} file */
function size(file) {
  const known = sizes.get(file) ?? gzipSync(readFileSync(`${dist}/${file}`), { level: 9 }).length
  sizes.set(file, known)
  return known
}

/**
 * Scripts that come with these modules, their static imports with them.
 * @param {string[]} names
 */
function closure(names) {
  /** @type {Set<string>} */
  const seen = new Set()
  const waiting = [...names]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue
    seen.add(name)
    waiting.push(...(manifest[name]?.imports ?? []))
  }
  return new Set([...seen].map((name) => manifest[name]?.file ?? '').filter((file) => file.endsWith('.js')))
}

/** @param {Iterable<string>} files */
function weigh(files) {
  return [...files].reduce((sum, file) => sum + size(file), 0)
}

const entry = Object.keys(manifest).filter((name) => manifest[name]?.isEntry)
const words = 'src/i18n/ru.ts'
const first = closure([...entry, words, 'src/pages/LibraryPage.vue'])
const page = 'src/pages/TranscriptPage.vue'
const lazily = (manifest[page]?.dynamicImports ?? []).filter((name) => name.includes('editor'))
const editor = [...closure([page, ...lazily])].filter((file) => !first.has(file))
let failed = false
for (const [name, bytes, limit] of /** @type {[string, number, number][]} */ ([
  ['first load', weigh(first), 250 * KB],
  ['editor', weigh(editor), 250 * KB],
])) {
  failed ||= bytes > limit
  console.log(`${name.padEnd(12)}${(bytes / KB).toFixed(1).padStart(8)} kB of JavaScript, gzipped; at most ${limit / KB}${bytes > limit ? ': TOO MUCH' : ''}`)
}
process.exit(failed ? 1 : 0)
