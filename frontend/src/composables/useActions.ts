import type { ShortcutKey } from './shortcuts'
import type { Asked } from './useEnding'
import type { Hotkey } from './useHotkeys'
import type { Conversation } from '@/api/types'
import type { TextKey, Values } from '@/i18n'
import { useRoute, useRouter } from 'vue-router'
import { LOCALES, t } from '@/i18n'
import { useContacts } from '@/stores/contacts'
import { useConversations } from '@/stores/conversations'
import { useDrafts } from '@/stores/drafts'
import { THEMES, usePreferences } from '@/stores/preferences'
import { useSeats } from '@/stores/seats'
import { useSession } from '@/stores/session'
import { useToasts } from '@/stores/toasts'
import { useUnreadMarks } from '@/stores/unreadMarks'
import { windowOf } from './allowance'
import { ordered } from './order'
import { hotkeyOf, keysFor, printed } from './shortcuts'
import { askToAct } from './useActs'
import { askAbout } from './useEnding'
import { useNarrow } from './useNarrow'
import { useOffers } from './useOffers'
import { usePanel } from './usePanel'
import { useSignOut } from './useSignOut'
import { focusComposer } from './useTake'
import { callTool } from './useTools'
import { useUndo } from './useUndo'

export interface Action {
  key: TextKey
  values?: Values
  /** As they are printed: Alt+J; as this agent has set them. */
  keys?: string
  hotkey?: Omit<Hotkey, 'run'>
  run: () => void
}

/** What an agent can do from anywhere: by shortcut, and by name in the command bar. */
export function useActions(open: { commands: () => void, shortcuts: () => void }): () => Action[] {
  const router = useRouter()
  const route = useRoute()
  const contacts = useContacts()
  const conversations = useConversations()
  const drafts = useDrafts()
  const marks = useUnreadMarks()
  const preferences = usePreferences()
  const session = useSession()
  const toasts = useToasts()
  const panel = usePanel()
  const narrow = useNarrow()
  const offers = useOffers()
  const seats = useSeats()
  const { undoLast } = useUndo()
  const signOut = useSignOut()

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
    const talk = opened()
    if (talk) askAbout(talk.id, talk.state === 'closed' && act === 'end' ? 'summary' : act, next)
  }

  function opened(): Conversation | undefined {
    return conversations.byId.get(Number(route.params.id))
  }

  /** One's own is handed over and put off; tags are of everybody whom one may know. */
  function doWith(act: 'transfer' | 'snooze' | 'tag'): void {
    const talk = opened()
    if (talk && (act === 'tag' ? !talk.hidden : conversations.groupOf(talk) === 'mine')) askToAct(act, [talk.id])
  }

  /** Who may see it may leave a note, until it has ended. */
  function toggleNote(): void {
    const talk = opened()
    if (!talk || talk.state === 'closed' || talk.hidden) return
    if (!drafts.noting.delete(talk.id)) drafts.noting.add(talk.id)
  }

  /** After the one that is open, as the list stands; from its end on from the top. */
  function nextUnread(): number | undefined {
    const at = conversations.order.indexOf(Number(route.params.id))
    const after = [...conversations.order.slice(at + 1), ...conversations.order.slice(0, Math.max(at, 0))]
    return after.find((id) => {
      const talk = conversations.byId.get(id)
      return talk && (marks.marked.has(id) || (conversations.groupOf(talk) === 'mine' && conversations.unreadOf(talk) > 0))
    })
  }

  /** Of one's own that owe an answer, but for the one that is open. */
  function mostUrgent(): number | undefined {
    const owed = conversations.groups.mine.filter(({ id, owed_since, snoozed_until }) => owed_since !== null && snoozed_until === null && id !== Number(route.params.id))
    return ordered('urgency', owed, ({ contact }) => windowOf(contacts.newest(contact).allowance)?.closesAt ?? Infinity)[0]?.id
  }

  /** Back to the list: on a phone it is another screen, else the chosen row. A dialog keeps its Escape. */
  function back(): void {
    if (document.querySelector('[aria-modal=true]')) return
    if (narrow.value) return void router.push(route.name === 'admin' && route.path !== '/admin' ? '/admin' : '/conversations')
    document.querySelector<HTMLElement>('[aria-current=page]')?.focus()
  }

  function by(key: ShortcutKey, run: () => void): Action {
    const keys = keysFor(key, session.hotkeys)
    return { key, keys: printed(keys) || undefined, hotkey: hotkeyOf(keys), run }
  }

  return () => [
    by('action.next', () => step(1)),
    by('action.previous', () => step(-1)),
    by('action.nextUnread', () => go(nextUnread())),
    by('action.mostUrgent', () => go(mostUrgent())),
    by('action.takeTop', () => void offers.acceptOrTake()),
    by('action.focusComposer', focusComposer),
    by('action.note', toggleNote),
    by('action.transfer', () => doWith('transfer')),
    by('action.snooze', () => doWith('snooze')),
    by('action.tag', () => doWith('tag')),
    by('action.end', () => about('end')),
    by('action.endNext', () => about('end', true)),
    by('action.invite', () => about('invite')),
    by('action.undo', () => undoLast(Number(route.params.id))),
    by('action.emoji', () => callTool('emoji')),
    by('action.image', () => callTool('image')),
    by('action.record', () => callTool('voice')),
    by('action.video', () => callTool('video')),
    by('action.panel', () => route.params.id && panel.toggle()),
    by('action.inbox', () => void router.push('/conversations')),
    { key: 'action.search', run: () => void router.push('/search') },
    { key: 'action.queue', run: () => void router.push('/queue') },
    { key: 'action.me', run: () => void router.push('/me') },
    { key: 'action.customers', run: () => void router.push('/customers/all') },
    ...session.agent?.role === 'agent'
      ? []
      : [{ key: 'action.monitor', run: () => void router.push('/monitor/live') } as const, by('action.admin', () => void router.push('/admin'))],
    by('action.commands', open.commands),
    by('action.shortcuts', open.shortcuts),
    by('action.back', back),
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
    { key: 'nav.signOut', run: () => void signOut() },
  ]
}
