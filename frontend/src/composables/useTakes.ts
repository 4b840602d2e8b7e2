import { computed, onScopeDispose, ref } from 'vue'
import { soundFile } from '@/lib/recorder'
import { takes, type Take } from '@/lib/takes'
import { useSession } from '@/stores/session'
import { useUploads } from '@/stores/uploads'

/** Milliseconds between looks for what a tab that is no more has left. */
const AGAIN = 10_000

/** Recordings from the microphone that broke off, but for those that are on their way to the service. */
export function useTakes() {
  const session = useSession()
  const uploads = useUploads()
  const found = ref<readonly Take[]>([])
  const hidden = ref<readonly string[]>([])
  const left = computed(() => found.value.filter(({ id }) => !hidden.value.includes(id) && !uploads.items.some((item) => item.id === id)))

  async function look(): Promise<void> {
    if (session.userId) found.value = await takes().left(session.userId).catch(() => []) // storage is forbidden here: nothing was kept
  }

  /** The file of what there is. Throws where it cannot be read; null where another tab was faster. */
  async function fileOf({ id, type, started }: Take, name: string): Promise<File | null> {
    const sound = await takes().sound(id)
    return sound && soundFile([sound], type, name, started)
  }

  /** Takes it for this tab, so that no other offers it while it is on its way. */
  async function claimed(take: Take, name: string): Promise<File | null> {
    await takes().claim(take.id)
    try {
      return await fileOf(take, name)
    } catch (error) {
      await takes().release(take.id)
      throw error
    }
  }

  function hide(id: string, on: boolean): void {
    hidden.value = on ? [...hidden.value, id] : hidden.value.filter((other) => other !== id)
  }

  async function remove(id: string): Promise<void> {
    await takes().remove(id)
    await look()
  }

  const timer = setInterval(() => void look(), AGAIN)
  onScopeDispose(() => clearInterval(timer))
  void look()
  return { left, look, fileOf, claimed, hide, remove }
}
