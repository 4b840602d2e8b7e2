import '@/styles/base.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { useCredentials } from '@/api/client'
import { currentLocale, i18n } from '@/i18n'
import { useSession } from '@/stores/session'
import { insideTelegram, isDark, launchOf } from '@/lib/telegram'
import App from './App.vue'
import { router } from './router'

const app = createApp(App).use(createPinia()).use(i18n)
const session = useSession()

const launch = launchOf(location.hash)
// In a window that is not Telegram's, a link that somebody else has made must not change who is signed in.
if (launch && (insideTelegram(window) || !session.signedIn)) session.arrive(launch)
for (const [name, colour] of Object.entries(session.launch?.theme ?? {})) {
  document.documentElement.style.setProperty(name, colour)
  if (name === '--tg-theme-bg-color') document.documentElement.style.colorScheme = isDark(colour) ? 'dark' : 'light'
}

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

app.use(router).mount('#app') // the router goes to its first page at once: not before we know who is there
