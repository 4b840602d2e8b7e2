import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { currentLocale } from '@/i18n'
import { getLibrary, getUsage, listPage } from '@/api/library'
import { filterCount, queryOf, viewOf, type View } from '@/lib/library'
import { asProblem } from '@/lib/problems'
import { useRecordings } from '@/stores/recordings'

/** The view that the address holds; writing it changes the address. */
export function useView() {
  const route = useRoute()
  const router = useRouter()
  return computed<View>({
    get: () => viewOf(route.query),
    set: (view) => {
      const { q } = route.query
      void router.replace({ query: { ...(q ? { q } : {}), ...queryOf(view) } })
    },
  })
}

/** Folders, tags, and how much is kept. */
export function useOverview() {
  const { data } = useQuery({ queryKey: ['library'], queryFn: getLibrary })
  return data
}

export function useUsage() {
  const { data } = useQuery({ queryKey: ['usage', 1], queryFn: getUsage })
  return data
}

/** Recordings of the view, page after page, without those that are about to be deleted. */
export function useRecordingList() {
  const recordings = useRecordings()
  const view = useView()
  const query = useInfiniteQuery({
    // The words of errors and warnings come in the language asked for.
    queryKey: computed(() => ['recordings', view.value, currentLocale()]),
    queryFn: ({ pageParam, signal }) => listPage(view.value, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  })
  const items = computed(() => {
    const seen = new Set<string>(recordings.leaving)
    return (query.data.value?.pages ?? []).flatMap((page) => page.items).filter((item) => !seen.has(item.id) && seen.add(item.id))
  })
  return {
    view,
    items,
    filtered: computed(() => filterCount(view.value) > 0),
    total: computed(() => Math.max(0, (query.data.value?.pages.at(-1)?.total ?? 0) - recordings.leaving.size)),
    loaded: query.isSuccess,
    loading: query.isFetching,
    more: query.hasNextPage,
    problem: computed(() => (query.error.value ? asProblem(query.error.value) : null)),
    loadMore: () => query.fetchNextPage(),
    reload: () => query.refetch(),
  }
}
