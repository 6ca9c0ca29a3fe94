/** What happened to a customer, in a line for the thread and in a few words for the strip above it. */
import type { Component } from 'vue'
import type { Contents } from '@/api/content'
import type { ShownMessage } from '@/stores/messages'
import { AppWindow, Bell, CircleDot, CreditCard, DoorOpen, Globe, Headset, Images, MapPin, PanelTop, ScanLine, ShieldAlert, Star, Ticket, UserMinus, UserPlus } from '@lucide/vue'
import { contentOf } from '@/api/content'
import { scoreText } from '@/composables/rating'
import { say } from './words'

export interface Happening {
  icon: Component
  line: string
  /** For the strip; what has none is not part of the customer's way. */
  short?: string
}

type Teller<Kind extends keyof Contents> = (content: Partial<Contents[Kind]>) => Happening

const TELLERS: { [Kind in keyof Contents]?: Teller<Kind> } = {
  subscribe: ({ scene, scene_name, trade_no }) => {
    const from = scene_name || scene
    if (trade_no) return { icon: UserPlus, line: say('event.subscribePaid'), short: say('journey.subscribe') }
    return from
      ? { icon: UserPlus, line: say('event.subscribeScene', { scene: from }), short: say('journey.subscribeScene', { scene: from }) }
      : { icon: UserPlus, line: say('event.subscribe'), short: say('journey.subscribe') }
  },
  scan: ({ scene, scene_name }) => {
    const from = scene_name || scene || ''
    return { icon: ScanLine, line: say('event.scan', { scene: from }), short: say('journey.scan', { scene: from }) }
  },
  menu_click: ({ key, name }) => ({ icon: PanelTop, line: say('event.menuClick', { name: name || key }), short: say('journey.menu', { name: name || key }) }),
  menu_view: ({ url }) => ({ icon: Globe, line: say('event.menuView', { url }), short: say('journey.page') }),
  menu_miniprogram: ({ page_path: path }) => ({ icon: AppWindow, line: say('event.menuMiniprogram', { path }), short: say('journey.miniprogram') }),
  menu_scan: ({ result }) => ({ icon: ScanLine, line: say('event.menuScan', { result }), short: say('journey.menuScan') }),
  menu_pictures: ({ source, count: n = 0 }) =>
    ({ icon: Images, line: say(source === 'sysphoto' ? 'event.menuCamera' : 'event.menuPictures', { n }), short: say('journey.pictures', { n }) }),
  menu_location: ({ label, poi_name }) => ({ icon: MapPin, line: say('event.menuLocation', { place: poi_name || label }), short: say('journey.location') }),
  payment: ({ order_id: order }) => ({ icon: CreditCard, line: say('event.payment', { order }), short: say('journey.payment') }),
  complaint: ({ stage = 'request' }) =>
    ({ icon: ShieldAlert, line: say(`complaint.${stage}`), short: say(stage === 'confirm' ? 'journey.complaintDone' : 'journey.complaint') }),
  consent: ({ answers = [] }) => {
    const yes = answers.filter(({ accepted }) => accepted).length
    const no = answers.length - yes
    const line = yes && no ? say('event.consentSome', { yes, no }) : yes ? say('event.consentYes', { n: yes }) : say('event.consentNo')
    return { icon: Bell, line, short: say('journey.consent') }
  },
  notice: ({ results = [] }) => {
    const failed = results.find(({ errcode }) => errcode !== 0)
    return { icon: Bell, line: failed ? say('event.noticeFailed', { code: failed.errcode }) : say('event.noticeSent'), short: say('journey.notice') }
  },
  native_session: ({ action = 'opened', kf_account: who, to }) => {
    const lines = { opened: 'event.sessionOpened', closed: 'event.sessionClosed', switched: 'event.sessionSwitched' } as const
    return { icon: Headset, line: say(lines[action], { who, to }) }
  },
  rating: ({ score = 3, before, late }) => {
    const line = say(late ? 'event.ratingLate' : before ? 'event.ratingChanged' : 'event.rating', { score: scoreText(score) })
    return { icon: Star, line, short: scoreText(score) }
  },
  card: ({ event = '' }) => ({ icon: Ticket, line: cardLine(event), short: say('journey.card') }),
  enter_session: ({ session_from: from }) =>
    ({ icon: DoorOpen, line: from ? say('event.enterSessionFrom', { from }) : say('event.enterSession'), short: say('journey.enter') }),
}

const CARD_LINES = {
  user_pay_from_pay_cell: 'event.cardPaid',
  user_get_card: 'event.cardTaken',
  user_gifting_card: 'event.cardGiven',
  user_consume_card: 'event.cardUsed',
  user_del_card: 'event.cardDeleted',
  user_view_card: 'event.cardViewed',
  user_enter_session_from_card: 'event.cardEntered',
} as const

function cardLine(event: string): string {
  return event in CARD_LINES ? say(CARD_LINES[event as keyof typeof CARD_LINES]) : say('event.card', { event })
}

export function happeningOf(message: ShownMessage): Happening {
  if (message.kind === 'unsubscribe') {
    return { icon: UserMinus, line: say('event.unsubscribe'), short: say('journey.unsubscribe') }
  }
  if (message.kind === 'rating_comment') {
    return { icon: Star, line: say('event.ratingComment', { words: message.text }) }
  }
  const tell = TELLERS[message.kind as keyof Contents] as Teller<never> | undefined
  if (tell) return tell(message.content as never)
  const kind = contentOf<'event'>(message).raw_kind ?? message.kind
  return { icon: CircleDot, line: say('event.other', { kind }), short: say('journey.other', { kind }) }
}
