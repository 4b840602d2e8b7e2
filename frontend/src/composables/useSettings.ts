import { useQuery } from '@tanstack/vue-query'
import { computed, watch } from 'vue'
import { getSettings } from '@/api/account'
import { fromSettings } from '@/lib/options'
import { usePreferences } from '@/stores/preferences'
import { useSession } from '@/stores/session'

/** The person's settings as the service has them: on every device the same. Uploads start from them. */
export function useSettings() {
  const session = useSession()
  const preferences = usePreferences()
  const key = computed(() => ['settings', session.userId])
  const query = useQuery({ queryKey: key, queryFn: getSettings })
  watch(query.data, (saved) => saved && preferences.adopt(session.userId, fromSettings(saved)), { immediate: true })
  return { ...query, key }
}
