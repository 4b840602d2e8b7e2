/** A browser and its system by the names that people know, from what the browser calls itself; null: nobody known. */
export function deviceOf(client: string): string | null {
  const browser = named(client, BROWSERS)
  const system = named(client, SYSTEMS)
  const parts = [browser, system].filter((part) => part !== null)
  return parts.length ? parts.join(', ') : null
}

/** The first that fits: nearly every browser also says that it is Chrome, Safari and Mozilla. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/Telegram/i, 'Telegram'],
  [/YaBrowser\//, 'Yandex'],
  [/Edg(A|iOS)?\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/(Firefox|FxiOS)\//, 'Firefox'],
  [/(Chrome|CriOS)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
  [/python-httpx|curl/i, 'CLI'],
]
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
]

function named(client: string, names: readonly (readonly [RegExp, string])[]): string | null {
  return names.find(([pattern]) => pattern.test(client))?.[1] ?? null
}
