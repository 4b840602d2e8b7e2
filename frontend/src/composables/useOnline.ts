import { onScopeDispose, readonly, ref, type Ref } from 'vue'

/** Whether the browser has a network at all. A service on this very machine may answer all the same. */
export function useOnline(): Readonly<Ref<boolean>> {
  const online = ref(navigator.onLine)
  const look = () => (online.value = navigator.onLine)
  const stop = new AbortController()
  window.addEventListener('online', look, { signal: stop.signal })
  window.addEventListener('offline', look, { signal: stop.signal })
  onScopeDispose(() => stop.abort())
  return readonly(online)
}
