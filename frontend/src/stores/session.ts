import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { endOwnSession, signInWithWidget as postWidget } from '@/api/account'
import { signIn as postSecret, signInFromTelegram } from '@/api/calls'
import { subjectOf } from '@/lib/secret'
import { recall, remember } from '@/lib/storage'
import { keptLaunch, type Launch } from '@/lib/telegram'

const KEY = 'stenogram.token'
const LAUNCH_KEY = 'stenogram.launch'
/** A token is renewed before it is over: the request that carries it takes its time. */
const MARGIN_MS = 30_000

interface Stored {
  token: string
  expiresAt: string
}

function stored(): Stored | null {
  try {
    const value = JSON.parse(recall(KEY) ?? 'null') as Stored | null
    return value && Date.parse(value.expiresAt) > Date.now() ? value : null
  } catch {
    return null // not ours
  }
}

/** Who is signed in: the token lives until it expires, the service refuses it, or the person signs out. */
export const useSession = defineStore('session', () => {
  const session = ref<Stored | null>(stored())
  const launch = ref<Launch | null>(keptLaunch(recall(LAUNCH_KEY, 'visit')))
  /** Telegram has said who has opened the page, and the service has not been told yet. */
  const arriving = ref(launch.value !== null && session.value === null)
  const token = computed(() => session.value?.token ?? null)
  const signedIn = computed(() => token.value !== null)
  const userId = computed(() => (token.value ? subjectOf(token.value) : null))
  let renewing: Promise<void> | null = null

  function keep(answer: { access_token: string; expires_at: string }): void {
    session.value = { token: answer.access_token, expiresAt: answer.expires_at }
    remember(KEY, JSON.stringify(session.value))
  }

  async function signIn(secret: string): Promise<void> {
    keep(await postSecret(secret))
  }

  /** With what the Telegram login widget has answered. */
  async function signInWithWidget(fields: Record<string, string | number>): Promise<void> {
    keep(await postWidget(fields))
  }

  /** Telegram has opened the page. Whoever was signed in here before may be another of the phone's accounts. */
  function arrive(from: Launch): void {
    expire()
    launch.value = from
    remember(LAUNCH_KEY, JSON.stringify(from), 'visit')
    arriving.value = true
  }

  async function signInArrived(): Promise<void> {
    arriving.value = false
    if (launch.value) keep(await signInFromTelegram(launch.value.initData))
  }

  /** Before a request: where Telegram's data are at hand, a token that is over is exchanged, once for all who wait. */
  async function renew(): Promise<void> {
    if (!launch.value || !session.value || Date.parse(session.value.expiresAt) > Date.now() + MARGIN_MS) return
    renewing ??= signInArrived().finally(() => {
      renewing = null
    })
    await renewing
  }

  /** The token is good for nothing any more. */
  function expire(): void {
    session.value = null
    remember(KEY, null)
  }

  /** Where the service can be told, the token is good for nothing from then on. */
  async function signOut(): Promise<void> {
    if (signedIn.value) await endOwnSession().catch(() => undefined) // without the service it ends by itself in some hours
    leave()
  }

  /** Nobody is signed in here any more, and Telegram's data do not sign anybody in again. */
  function leave(): void {
    expire()
    launch.value = null
    remember(LAUNCH_KEY, null, 'visit')
  }

  return { token, signedIn, userId, launch, arriving, signIn, signInWithWidget, arrive, signInArrived, renew, expire, leave, signOut }
})
