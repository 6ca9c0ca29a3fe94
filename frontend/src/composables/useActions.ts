import type { Asked } from './useEnding'
import type { Hotkey } from './useHotkeys'
import type { TextKey, Values } from '@/i18n'
import { useRoute, useRouter } from 'vue-router'
import { LOCALES, t } from '@/i18n'
import { useConversations } from '@/stores/conversations'
import { THEMES, usePreferences } from '@/stores/preferences'
import { useSeats } from '@/stores/seats'
import { useSession } from '@/stores/session'
import { useToasts } from '@/stores/toasts'
import { askAbout } from './useEnding'
import { useNarrow } from './useNarrow'
import { useOffers } from './useOffers'
import { usePanel } from './usePanel'
import { focusComposer } from './useTake'
import { useUndo } from './useUndo'

export interface Action {
  key: TextKey
  values?: Values
  /** As it is printed: Alt+J. */
  keys?: string
  hotkey?: Omit<Hotkey, 'run'>
  run: () => void
}

/** What an agent can do from anywhere: by shortcut, and by name in the command bar. */
export function useActions(open: { commands: () => void, shortcuts: () => void }): () => Action[] {
  const router = useRouter()
  const route = useRoute()
  const conversations = useConversations()
  const preferences = usePreferences()
  const session = useSession()
  const toasts = useToasts()
  const panel = usePanel()
  const narrow = useNarrow()
  const offers = useOffers()
  const seats = useSeats()
  const { undoLast } = useUndo()

  function go(id: number | undefined): void {
    if (id !== undefined) void router.push(`/conversations/${id}`)
  }

  function step(by: 1 | -1): void {
    const order = conversations.order
    const at = order.indexOf(Number(route.params.id))
    if (at < 0) return go(order.at(by > 0 ? 0 : -1))
    go(order[at + by])
  }

  /** What has ended is summed up. */
  function about(act: Asked['act'], next = false): void {
    const talk = conversations.byId.get(Number(route.params.id))
    if (talk) askAbout(talk.id, talk.state === 'closed' && act === 'end' ? 'summary' : act, next)
  }

  /** Back to the list: on a phone it is another screen, else the chosen row. A dialog keeps its Escape. */
  function back(): void {
    if (document.querySelector('[aria-modal=true]')) return
    if (narrow.value) return void router.push(route.name === 'admin' && route.path !== '/admin' ? '/admin' : '/conversations')
    document.querySelector<HTMLElement>('[aria-current=page]')?.focus()
  }

  return () => [
    { key: 'action.next', keys: 'Alt+J', hotkey: { code: 'KeyJ', with: 'alt' }, run: () => step(1) },
    { key: 'action.previous', keys: 'Alt+K', hotkey: { code: 'KeyK', with: 'alt' }, run: () => step(-1) },
    {
      key: 'action.takeTop',
      keys: 'Alt+Enter',
      hotkey: { code: 'Enter', with: 'alt' },
      run: () => void offers.acceptOrTake(),
    },
    {
      key: 'action.focusComposer',
      keys: 'Alt+L',
      hotkey: { code: 'KeyL', with: 'alt' },
      run: focusComposer,
    },
    { key: 'action.end', keys: 'Alt+E', hotkey: { code: 'KeyE', with: 'alt' }, run: () => about('end') },
    { key: 'action.endNext', keys: 'Ctrl+Alt+E', hotkey: { code: 'KeyE', with: 'mainAlt' }, run: () => about('end', true) },
    { key: 'action.invite', keys: 'Alt+R', hotkey: { code: 'KeyR', with: 'alt' }, run: () => about('invite') },
    { key: 'action.undo', keys: 'Alt+Z', hotkey: { code: 'KeyZ', with: 'alt' }, run: () => undoLast(Number(route.params.id)) },
    { key: 'action.panel', keys: 'Alt+O', hotkey: { code: 'KeyO', with: 'alt' }, run: () => route.params.id && panel.toggle() },
    { key: 'action.inbox', keys: 'Alt+C', hotkey: { code: 'KeyC', with: 'alt' }, run: () => void router.push('/conversations') },
    { key: 'action.customers', run: () => void router.push('/customers/all') },
    ...session.agent?.role === 'agent'
      ? []
      : [{ key: 'action.monitor', run: () => void router.push('/monitor/live') } as const, { key: 'action.admin', keys: 'Alt+S', hotkey: { code: 'KeyS', with: 'alt' }, run: () => void router.push('/admin') } as const],
    { key: 'action.commands', keys: 'Ctrl+K', hotkey: { code: 'KeyK', with: 'main' }, run: open.commands },
    {
      key: 'action.shortcuts',
      keys: '?',
      hotkey: { code: 'Slash', with: 'shift', whileTyping: false },
      run: open.shortcuts,
    },
    { key: 'action.back', keys: 'Esc', hotkey: { code: 'Escape', with: 'none' }, run: back },
    { key: 'action.online', run: () => void seats.set({ presence: 'online' }).catch(toasts.explain) },
    { key: 'action.busy', run: () => void seats.set({ presence: 'busy' }).catch(toasts.explain) },
    ...THEMES.map(theme => ({
      key: 'action.themeTo',
      values: { theme: t(`theme.${theme}`) },
      run: () => { preferences.chosen.theme = theme },
    }) as const),
    ...LOCALES.map(locale => ({
      key: 'action.languageTo',
      values: { language: t(`language.${locale}`) },
      run: () => { preferences.chosen.locale = locale },
    }) as const),
    { key: 'nav.signOut', run: () => void session.signOut().catch(toasts.explain) },
  ]
}
