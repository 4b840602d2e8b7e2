import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { expect, type APIRequestContext } from '@playwright/test'

const LISTENING = '0A' // as /proc/net/tcp writes the state

/** Kills the process of the API under test, which whoever runs it starts again. False where it cannot be found: on another machine. */
export function killApi(address: string): boolean {
  const found = processesOf(socketsOf(Number(new URL(address).port)))
  for (const pid of found) process.kill(pid, 'SIGKILL')
  return found.length > 0
}

/** Until the API answers again. */
export async function apiReady(request: APIRequestContext): Promise<void> {
  const status = async () => (await request.get('/readyz').catch(() => null))?.status()
  await expect.poll(status, { timeout: 180_000 }).toBe(200) // it loads a while on a busy machine
}

/** Numbers of the sockets that listen on the port. */
function socketsOf(port: number): Set<string> {
  const rows = readFileSync('/proc/net/tcp', 'utf8').trim().split('\n').slice(1).map((row) => row.trim().split(/\s+/))
  const ours = rows.filter(([, local = '', , state]) => state === LISTENING && parseInt(local.split(':')[1] ?? '', 16) === port)
  return new Set(ours.map((row) => row[9] ?? ''))
}

/** Of the API, which have one of these sockets. */
function processesOf(sockets: ReadonlySet<string>): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => isApi(pid) && holds(pid, sockets))
}

function isApi(pid: number): boolean {
  return read(() => readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8')).includes('apps.bot_api')
}

function holds(pid: number, sockets: ReadonlySet<string>): boolean {
  const folder = `/proc/${String(pid)}/fd`
  return read(() => readdirSync(folder).join('/')).split('/').some((fd) => {
    const number = /^socket:\[(\d+)\]$/.exec(read(() => readlinkSync(`${folder}/${fd}`)))?.[1]
    return number !== undefined && sockets.has(number)
  })
}

/** Empty for a process that has just ended. */
function read(look: () => string): string {
  try {
    return look()
  } catch {
    return ''
  }
}
