// What a first visit downloads: the entry script, its static imports, their styles and the preloaded fonts, gzipped.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const dist = fileURLToPath(new URL('../dist/', import.meta.url))
const html = readFileSync(`${dist}index.html`, 'utf8')
const files = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((match) => match[1] ?? '')
let total = 0
for (const file of new Set(files)) {
  const raw = readFileSync(dist + file)
  const size = file.endsWith('.woff2') ? raw.length : gzipSync(raw, { level: 9 }).length
  total += size
  console.log(`${(size / 1024).toFixed(1).padStart(8)} kB  ${file}`)
}
console.log(`${(total / 1024).toFixed(1).padStart(8)} kB  together`)
