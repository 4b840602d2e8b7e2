import { ref } from 'vue'
import { useRouter } from 'vue-router'
import { forgetUnsaved, unsavedTabs } from '@/editor/browserJournal'
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

  async function start(): Promise<void> {
    await router.push({ name: 'library' }) // a page that is left sends what is unsaved in it
    if ((await editsLeft()) || (await uploads.unfinished())) asking.value = true
    else await leave()
  }

  async function leave(): Promise<void> {
    asking.value = false
    await uploads.discardAll()
    await forgetUnsaved().catch(() => undefined) // where nothing can be stored, nothing was
    await session.signOut()
    await router.replace({ name: 'login' })
  }

  return { asking, start, leave }
}

async function editsLeft(): Promise<boolean> {
  for (const end = performance.now() + PATIENCE; ; await new Promise((wake) => setTimeout(wake, LOOK))) {
    const left = await unsavedTabs().catch(() => 0)
    if (left === 0 || performance.now() > end) return left > 0
  }
}
