// The service worker: the application opens without a network. It keeps the application's own files and nothing that
// anybody has recorded; the build puts the names of the files and a version in front (see vite.config.ts).
/* global self, caches, fetch, URL, FILES, VERSION */
const CACHE = `shell-${VERSION}`
const PAGE = '/'

self.addEventListener('install', (event) => {
  // Not `addAll`: a file that cannot be fetched now comes when it is asked for.
  event.waitUntil(
    caches.open(CACHE).then((cache) => Promise.all(FILES.map((file) => cache.add(file).catch(() => undefined)))).then(() => self.skipWaiting()),
  )
})

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches.keys()
      // The build before this one stays: a window that came from it may ask for its files. Names come in the order they were made.
      .then((names) => names.filter((name) => name.startsWith('shell-') && name !== CACHE).slice(0, -1))
      .then((older) => Promise.all(older.map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  )
})

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url)
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return
  if (event.request.mode === 'navigate' && !url.pathname.startsWith('/api/')) event.respondWith(page(event.request))
  else if (url.pathname.startsWith('/assets/')) event.respondWith(asset(event.request))
})

/** The newest page where there is a network. */
async function page(request) {
  try {
    return await fetch(request)
  } catch (error) {
    const kept = await (await caches.open(CACHE)).match(PAGE)
    if (kept) return kept
    throw error
  }
}

/** Named by its content: what is kept is right for ever. */
async function asset(request) {
  const kept = await caches.match(request)
  if (kept) return kept
  const answer = await fetch(request)
  if (answer.ok) await (await caches.open(CACHE)).put(request, answer.clone())
  return answer
}
