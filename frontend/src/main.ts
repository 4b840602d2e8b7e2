import '@/styles/base.css'
import { VueQueryPlugin } from '@tanstack/vue-query'
import { createPinia } from 'pinia'
import { createApp, watch } from 'vue'
import { useCredentials } from '@/api/client'
import { queries, queryOptions } from '@/api/query'
import { applyTheme, connectTelegram, followRouter } from '@/composables/useTelegram'
import { followUpdates, offerUpdate } from '@/composables/useUpdates'
import { currentLocale, i18n, loadWords } from '@/i18n'
import { keepShell } from '@/lib/shell'
import { useSession } from '@/stores/session'
import { insideTelegram, launchOf } from '@/lib/telegram'
import App from './App.vue'
import { router } from './router'

const app = createApp(App).use(createPinia()).use(i18n).use(VueQueryPlugin, queryOptions)
const session = useSession()

const launch = launchOf(location.hash)
// In a window that is not Telegram's, a link that somebody else has made must not change who is signed in.
if (launch && (insideTelegram(window) || !session.signedIn)) session.arrive(launch)
connectTelegram(window, session.launch)
applyTheme(session.launch?.theme ?? {})

useCredentials({
  token: () => session.token,
  language: currentLocale,
  renew: session.renew,
  rejected: () => {
    if (!session.signedIn) return
    session.expire()
    void router.replace({ name: 'login', query: { over: '1' } })
  },
})

watch(() => session.userId, () => queries.clear()) // what one person has read is not for the next
followRouter(router)
keepShell(session.launch !== null, offerUpdate)
await loadWords()
followUpdates(router)
app.use(router).mount('#app') // the router goes to its first page at once: not before we know who is there
