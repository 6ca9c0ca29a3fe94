import { onBeforeUnmount, shallowRef } from 'vue'
import { useRouter } from 'vue-router'
import { t } from '@/i18n/admin'

export interface Question { title: string, hint: string, yes: string, danger?: boolean }

/** The one question that is open; `AskDialog` shows it. */
export const question = shallowRef<Question & { answer: (sure: boolean) => void } | null>(null)

/** Ask before something that cannot be taken back. */
export function ask(asked: Question): Promise<boolean> {
  question.value?.answer(false)
  return new Promise((resolve) => {
    question.value = {
      ...asked,
      answer: (sure) => {
        question.value = null
        resolve(sure)
      },
    }
  })
}

/** Ask before leaving what was not saved. */
export function useLeaveWarning(unsaved: () => boolean): void {
  const warn = (event: BeforeUnloadEvent): void => { if (unsaved()) event.preventDefault() }
  const stop = useRouter().beforeEach(() => !unsaved() || ask({ title: t('leave.ask'), hint: t('leave.hint'), yes: t('leave.yes'), danger: true }))
  window.addEventListener('beforeunload', warn)
  onBeforeUnmount(() => {
    stop()
    window.removeEventListener('beforeunload', warn)
  })
}
