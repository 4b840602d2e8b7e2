import '@/styles/base.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { useCredentials } from '@/api/client'
import { currentLocale, i18n } from '@/i18n'
import { useSession } from '@/stores/session'
import App from './App.vue'
import { router } from './router'

const app = createApp(App).use(createPinia()).use(i18n).use(router)
const session = useSession()

useCredentials({
  token: () => session.token,
  language: currentLocale,
  rejected: () => {
    if (!session.signedIn) return
    session.signOut()
    void router.replace({ name: 'login', query: { over: '1' } })
  },
})

app.mount('#app')
