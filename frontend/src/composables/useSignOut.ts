import { ref } from 'vue'
import { useRouter } from 'vue-router'
import { unsavedHere, type Unsaved } from '@/editor/browserJournal'
import { useSession } from '@/stores/session'
import { useUploads } from '@/stores/uploads'

/** Milliseconds that edits get to reach the service once their page is left; between looks whether they have. */
const [PATIENCE, LOOK] = [5000, 100]

/**
 * The way out, behind which nothing of a person stays in the browser. What would be lost by it is asked about first
 * (`asking`): then `leave` goes all the same, and to stay is to do nothing.
 */
export function useSignOut() {
  const session = useSession()
  const uploads = useUploads()
  const router = useRouter()
  const asking = ref(false)
  let unsaved: Unsaved | null = null

  async function start(): Promise<void> {
    await router.push({ name: 'library' }) // a page that is left sends what is unsaved in it
    unsaved ??= stored()
    if ((unsaved && (await editsLeft(unsaved))) || (await uploads.unfinished())) asking.value = true
    else await leave()
  }

  async function leave(): Promise<void> {
    asking.value = false
    await uploads.discardAll()
    await unsaved?.forget().catch(() => undefined) // as when nothing can be stored
    await session.signOut()
    await router.replace({ name: 'login' })
  }

  return { asking, start, leave }
}

function stored(): Unsaved | null {
  try {
    return unsavedHere()
  } catch {
    return null // storage is forbidden here: then nothing is kept either
  }
}

async function editsLeft(unsaved: Unsaved): Promise<boolean> {
  for (const end = performance.now() + PATIENCE; ; await new Promise((wake) => setTimeout(wake, LOOK))) {
    const left = await unsaved.tabs().catch(() => 0)
    if (left === 0 || performance.now() > end) return left > 0
  }
}
