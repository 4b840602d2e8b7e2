import { createRouter, createWebHistory } from 'vue-router'
import { isLaunch } from '@/lib/telegram'
import { useSession } from '@/stores/session'

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'library', component: () => import('@/pages/LibraryPage.vue') },
    { path: '/search', name: 'search', component: () => import('@/pages/SearchPage.vue') },
    { path: '/login', name: 'login', component: () => import('@/pages/SignInPage.vue'), meta: { open: true } },
    { path: '/recordings/:id', name: 'recording', component: () => import('@/pages/TranscriptPage.vue'), props: true },
    { path: '/recordings/:id/runs', name: 'runs', component: () => import('@/pages/RunsPage.vue'), props: true },
    { path: '/settings', name: 'settings', component: () => import('@/pages/SettingsPage.vue') },
    { path: '/admin', name: 'admin', component: () => import('@/pages/AdminPage.vue') },
    { path: '/s/:secret', name: 'shared', component: () => import('@/pages/SharedPage.vue'), props: true, meta: { open: true } },
    { path: '/:rest(.*)*', name: 'missing', component: () => import('@/pages/MissingPage.vue'), meta: { open: true } },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})

router.beforeEach((to) => {
  if (isLaunch(to.hash)) return { path: to.path, query: to.query, replace: true } // read at the start; no secret in the history
  if (typeof to.query['link'] === 'string') return { name: 'login', hash: `#${to.query['link']}` }
  if (to.meta['open'] || useSession().signedIn) return true
  return { name: 'login', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
})
