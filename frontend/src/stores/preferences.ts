import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import { restoreChoices } from '@/lib/options'
import { recall, remember } from '@/lib/storage'

export type Theme = 'auto' | 'light' | 'dark'

function storedTheme(): Theme {
  const value = recall('stenogram.theme')
  return value === 'light' || value === 'dark' ? value : 'auto'
}

/** Choices that outlive the page: theme, recognition options for the next upload, how the player plays. */
export const usePreferences = defineStore('preferences', () => {
  const theme = ref<Theme>(storedTheme())
  const choices = ref(restoreChoices(recall('stenogram.options')))
  const follow = ref(recall('stenogram.follow') !== 'off')
  const skipSilence = ref(recall('stenogram.skip_silence') === 'on')
  const subtitles = ref(recall('stenogram.subtitles') === 'on')

  watch(
    theme,
    (value) => {
      if (value === 'auto') delete document.documentElement.dataset['theme']
      else document.documentElement.dataset['theme'] = value
      remember('stenogram.theme', value)
    },
    { immediate: true },
  )
  watch(choices, (value) => remember('stenogram.options', JSON.stringify(value)), { deep: true })
  watch(follow, (value) => remember('stenogram.follow', value ? 'on' : 'off'))

  watch(skipSilence, (value) => remember('stenogram.skip_silence', value ? 'on' : 'off'))
  watch(subtitles, (value) => remember('stenogram.subtitles', value ? 'on' : 'off'))

  return { theme, choices, follow, skipSilence, subtitles }
})
