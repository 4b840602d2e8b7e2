// Types of the REST API from its OpenAPI document: `write` renews src/api/schema.d.ts, `check` fails when it is stale.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import openapiTS, { astToString } from 'openapi-typescript'

const root = fileURLToPath(new URL('../..', import.meta.url))
const target = fileURLToPath(new URL('../src/api/schema.d.ts', import.meta.url))
const python = process.env.PYTHON ?? (existsSync(`${root}/.venv/bin/python`) ? `${root}/.venv/bin/python` : 'python3')

function openapi() {
  const text = execFileSync(python, ['-m', 'apps.bot_api.openapi'], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 })
  return JSON.parse(text)
}

const header = '// Generated from the OpenAPI document of the service by `npm run api:generate`. Do not edit.\n'
const generated = header + astToString(await openapiTS(openapi(), { defaultNonNullable: false }))

if (process.argv[2] === 'write') {
  writeFileSync(target, generated)
  console.log('src/api/schema.d.ts written')
} else if (!existsSync(target) || readFileSync(target, 'utf8') !== generated) {
  console.error('src/api/schema.d.ts does not match the API: run `npm run api:generate` and commit the result')
  process.exit(1)
}
