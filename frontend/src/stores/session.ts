import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { signIn as postSecret } from '@/api/calls'
import { subjectOf } from '@/lib/secret'
import { recall, remember } from '@/lib/storage'

const KEY = 'stenogram.token'

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
  const token = computed(() => session.value?.token ?? null)
  const signedIn = computed(() => token.value !== null)
  const userId = computed(() => (token.value ? subjectOf(token.value) : null))

  async function signIn(secret: string): Promise<void> {
    const answer = await postSecret(secret)
    session.value = { token: answer.access_token, expiresAt: answer.expires_at }
    remember(KEY, JSON.stringify(session.value))
  }

  function signOut(): void {
    session.value = null
    remember(KEY, null)
  }

  return { token, signedIn, userId, signIn, signOut }
})
