import { watch, type Ref } from 'vue'

const MARGIN = '600px'

/** Calls `more` when the element comes near the window while `ready`; and again after each load as long as it stays there. */
export function useNearEnd(element: Readonly<Ref<Element | null>>, ready: Readonly<Ref<boolean>>, more: () => void): void {
  watch(
    [element, ready],
    ([target, open], _before, onCleanup) => {
      if (!target || !open) return
      const observer = new IntersectionObserver((seen) => seen.some((entry) => entry.isIntersecting) && more(), { rootMargin: MARGIN })
      observer.observe(target)
      onCleanup(() => observer.disconnect())
    },
    { flush: 'post', immediate: true },
  )
}
