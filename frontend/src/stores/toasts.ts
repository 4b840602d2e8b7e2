import { defineStore } from 'pinia'
import { ref } from 'vue'
import { haptic } from '@/composables/useTelegram'

export interface Toast {
  id: number
  text: string
  tone: 'plain' | 'error'
  action: { label: string; run: () => void } | null
}

export const useToasts = defineStore('toasts', () => {
  const toasts = ref<Toast[]>([])
  let next = 1

  function show(text: string, options: { tone?: Toast['tone']; action?: Toast['action']; seconds?: number } = {}): number {
    const toast: Toast = { id: next++, text, tone: options.tone ?? 'plain', action: options.action ?? null }
    toasts.value = [...toasts.value, toast].slice(-4)
    haptic(toast.tone === 'error' ? 'error' : toast.action ? 'light' : 'success')
    const seconds = options.seconds ?? (toast.tone === 'error' ? 9 : 4)
    setTimeout(() => dismiss(toast.id), seconds * 1000)
    return toast.id
  }

  function dismiss(id: number): void {
    toasts.value = toasts.value.filter((toast) => toast.id !== id)
  }

  return { toasts, show, dismiss }
})
