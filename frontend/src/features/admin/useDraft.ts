import { computed, shallowRef } from 'vue'
import { t } from '@/i18n/admin'
import { ask, useLeaveWarning } from './ask'

/** What somebody changes in a sheet, until they save it or leave: who leaves changes behind is asked. */
export function useDraft<Draft extends object>(before: Draft, close: () => void) {
  const draft = shallowRef(before)
  const saved = shallowRef(false)
  const changed = computed(() => !saved.value && JSON.stringify(draft.value) !== JSON.stringify(before))

  function edit(change: Partial<Draft>) {
    draft.value = { ...draft.value, ...change }
  }

  function done() {
    saved.value = true
    close()
  }

  async function leave() {
    if (!changed.value || await ask({ title: t('leave.ask'), hint: t('leave.hint'), yes: t('leave.yes'), danger: true })) close()
  }

  useLeaveWarning(() => changed.value)
  return { draft, edit, done, leave }
}
