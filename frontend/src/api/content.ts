/** What the `content` of a message holds, by the message's kind; and what a reply of each kind asks for. */
import type { Message } from './types'

/** A file of a message. Not yet fetched from WeChat, here, or gone for good. */
export interface Media {
  id: number | null
  state: 'waiting' | 'ready' | 'lost' | 'deleted'
  /** Why it was lost. */
  reason?: string
  content_type: string | null
  size_bytes: number | null
  width: number | null
  height: number | null
  seconds: number | null
  /** There is a small picture of it. */
  thumb: boolean | null
  /** There is a copy that browsers play. */
  play: boolean | null
  name: string | null
}

export interface MenuItem { id: string, content: string }
export interface MiniProgram { app_id: string, page_path: string }

export interface Contents {
  text: { menu_id: string, article: { data_id: string, index: number | null } }
  image: { media: Media, pic_url: string }
  voice: { media: Media, format: string, recognition: string }
  video: { media: Media, thumb: Media, short: boolean, title: string, description: string }
  location: { latitude: number, longitude: number, scale: number | null, label: string }
  link: { title: string, description: string, url: string }
  miniprogrampage: { title: string, app_id: string, page_path: string, thumb: Media, thumb_url: string }
  file: { title: string, description: string, md5: string, size_bytes: number | null }
  music: { title: string, description: string, url: string, hq_url: string, thumb: Media }
  news: { title: string, description: string, url: string, picture_url: string }
  mpnewsarticle: { article_id: string }
  mpnews: { media_id: string }
  msgmenu: { head: string, items: MenuItem[], tail: string }
  wxcard: { card_id: string }
  template: { template_id: string, title: string, data: Record<string, string>, labels: Record<string, string>, url: string, outcome: 'delivered' | 'blocked' | 'failed' }
  subscribe: { scene: string, scene_name: string, trade_no: string }
  scan: { scene: string, scene_name: string }
  menu_click: { key: string, name: string }
  menu_view: { url: string }
  menu_miniprogram: { page_path: string }
  menu_scan: { key: string, scan_type: string, result: string }
  menu_pictures: { key: string, source: 'sysphoto' | 'photo_or_album' | 'weixin', count: number }
  menu_location: { key: string, latitude: number, longitude: number, label: string, poi_name: string }
  payment: { order_id: string, product_id: string }
  complaint: { feedback_id: string, stage: 'request' | 'confirm' | 'reject', reason: string, solution: string, trade_no: string, contact: string, pictures: string[] }
  consent: { answers: { template_id: string, accepted: boolean }[] }
  notice: { results: { template_id: string, errcode: number, status: string }[] }
  native_session: { action: 'opened' | 'closed' | 'switched', kf_account: string, to: string }
  card: { event: string, card_id: string, code: string }
  enter_session: { session_from: string }
  rating: { score: 1 | 2 | 3, before: 1 | 2 | 3, late: boolean }
  event: { raw_kind: string }
}

/** Rows outlive versions of the desk: any of it may be missing. */
export function contentOf<Kind extends keyof Contents>({ content }: Pick<Message, 'content'>): Partial<Contents[Kind]> {
  return content as Partial<Contents[Kind]>
}

/** What a message says beside: the automatic rule it is of, that the keeper of windows asks, or that its author had joined. */
export interface Marks { rule: { id: number, name: string }, keeper: boolean, rating: boolean, joined: boolean }

export function marksOf({ content }: Pick<Message, 'content'>): Partial<Marks> {
  return content as Partial<Marks>
}

/** What is said; `media` and `thumb` are the numbers of uploaded files. */
export type Saying
  = | { kind: 'text', text: string }
    | { kind: 'image' | 'voice', media: number }
    | { kind: 'video', media: number, thumb: number | null, title: string, description: string }
    | { kind: 'music', title: string, description: string, url: string, hq_url: string, thumb: number }
    | { kind: 'news', title: string, description: string, url: string, picture_url: string }
    | { kind: 'miniprogrampage', title: string, app_id: string, page_path: string, thumb: number }
    | { kind: 'mpnewsarticle', article_id: string }
    | { kind: 'msgmenu', head: string, items: MenuItem[], tail: string }
    | { kind: 'wxcard', card_id: string }
    | { kind: 'template', template_id: string, title: string, data: Record<string, string>, labels: Record<string, string>, url: string | null, mini_program: MiniProgram | null }

/** How it is to leave: ask before the last one goes, try it against the forecast, or keep it until the customer acts. */
export interface Manner { keep_last?: boolean, anyway?: boolean, park?: boolean }

export type Reply = Saying & Manner & { client_id: string }
