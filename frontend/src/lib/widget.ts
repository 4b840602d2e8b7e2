/**
 * Signing in with Telegram by going there and back, without Telegram's script (telegram-widget.js), for which our
 * Content-Security-Policy has no hole. The answer comes as JSON in base64 behind `#tgAuthResult=`.
 */
export function widgetAddress(botId: string, origin: string, nonce: string): string {
  const back = `${origin}/login?telegram=${nonce}`
  return `https://oauth.telegram.org/auth?${new URLSearchParams({ bot_id: botId, origin, return_to: back }).toString()}`
}

/** The fields of an answer, as Telegram gave them; null where the fragment is none. The service checks them. */
export function widgetAnswer(hash: string): Record<string, string | number> | null {
  const encoded = /^#tgAuthResult=([A-Za-z0-9+/_=-]+)$/.exec(hash)?.[1]
  if (!encoded) return null
  try {
    const bytes = Uint8Array.from(atob(encoded.replace(/-/g, '+').replace(/_/g, '/')), (character) => character.charCodeAt(0))
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return isFields(value) ? value : null
  } catch {
    return null // cut off on its way, or not Telegram's
  }
}

function isFields(value: unknown): value is Record<string, string | number> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) &&
    Object.values(value).every((field) => typeof field === 'string' || typeof field === 'number')
  )
}
