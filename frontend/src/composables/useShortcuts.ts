import { onBeforeUnmount, onMounted } from 'vue'

export type Shortcuts = Record<string, (event: KeyboardEvent) => void>

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable="true"], [role="dialog"], [role="menu"]') !== null
}

function pressable(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('button, a[href], summary') !== null
}

/**
 * Single keys for the page, silent while somebody types or a menu is open. Letters go by their place on the keyboard
 * (`KeyJ`), so that they work in the Russian layout; others by what they type (`?`, `<`).
 */
export function useShortcuts(shortcuts: Shortcuts): void {
  function listen(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return
    const shifted = event.shiftKey ? `Shift+${event.code}` : event.code
    const act = shortcuts[event.key] ?? shortcuts[shifted]
    if (!act || (event.code === 'Space' && pressable(event.target)) || (event.key.startsWith('Arrow') && sliding(event.target))) return
    event.preventDefault()
    act(event)
  }
  onMounted(() => addEventListener('keydown', listen))
  onBeforeUnmount(() => removeEventListener('keydown', listen))
}

function sliding(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('[role="slider"], [role="tablist"]') !== null
}
