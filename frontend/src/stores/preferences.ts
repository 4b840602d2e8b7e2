import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { DEFAULT_CHOICES, type UploadChoices } from '@/lib/options'
import { recall, remember } from '@/lib/storage'

export type Theme = 'auto' | 'light' | 'dark'

function storedTheme(): Theme {
  const value = recall('stenogram.theme')
  return value === 'light' || value === 'dark' ? value : 'auto'
}

/** Choices that outlive the page (theme, how the player plays), and those of this visit: how uploads are recognised. */
export const usePreferences = defineStore('preferences', () => {
  const theme = ref<Theme>(storedTheme())
  const choices = ref<UploadChoices>({ ...DEFAULT_CHOICES })
  const adopted = ref<string | null>(null)
  /** What is to be asked for with an upload. Null until the person's settings are known: the service knows them. */
  const wanted = computed(() => (adopted.value === null ? null : choices.value))
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
  watch(follow, (value) => remember('stenogram.follow', value ? 'on' : 'off'))

  watch(skipSilence, (value) => remember('stenogram.skip_silence', value ? 'on' : 'off'))
  watch(subtitles, (value) => remember('stenogram.subtitles', value ? 'on' : 'off'))

  /** The settings of `owner` are these: uploads start from them; what was chosen for this visit holds until they change. */
  function adopt(owner: string | null, settings: UploadChoices): void {
    const mark = JSON.stringify([owner, settings])
    if (mark === adopted.value) return
    adopted.value = mark
    choices.value = { ...settings }
  }

  return { theme, choices, wanted, adopt, follow, skipSilence, subtitles }
})
