/** The panel behind the plus: everything that can be sent beside words. */

import { does } from './acts.js'
import { call } from './api.js'
import { ask, choose, fill } from './ask.js'
import { useCamera } from './camera.js'
import { $, el, icon, toast } from './dom.js'
import { base64, PICTURES, pick } from './files.js'
import { placeFields, placeOf } from './places.js'
import { current, putFollower, state } from './state.js'
import { t } from './words.js'

const STICKERS = ['smile', 'heart', 'cry']
const CARD_EVENTS = [
  'user_get_card', 'user_consume_card', 'user_view_card', 'user_gifting_card', 'user_del_card', 'user_pay_from_pay_cell',
  'user_enter_session_from_card', 'submit_membercard_user_info', 'update_member_card',
]
const TILES = [
  ['album', 'photo', sendPictures], ['camera', 'camera', useCamera], ['video', 'video', sendVideo], ['place', 'place', sendPlace],
  ['favourite', 'star', sendLink], ['miniProgram', 'mini', sendMiniProgram], ['file', 'file', sendFile], ['sticker', 'sticker', sendSticker],
  ['scan', 'scan', scan], ['pay', 'pay', pay], ['coupon', 'coupon', useCard], ['others', 'more', chooseOther],
]
const OTHERS = {
  complain, voiceFile: sendVoiceFile, fromArticle: writeFromArticle, consent: answerNotice, reportLocation, enter: enterFromMini, rawPush,
}

export function renderPlus(close) {
  $('plus-panel').replaceChildren(...TILES.map(([name, picture, send]) => el(
    'button', { class: 'tile', type: 'button', onclick: () => { close(); told(send) } }, el('span', {}, icon(picture)), t(name),
  )))
}

/** What cannot be sent is said; a file may be too large. */
export const told = send => Promise.resolve().then(send).catch(error => toast(error.message))

async function sendPictures() {
  const pictures = await pick(PICTURES, { multiple: true })
  if (pictures.length > 9) return toast(t('tooMany'))
  for (const picture of pictures) await does({ type: 'image', file: await base64(picture) })
}

async function sendVideo() {
  const [video] = await pick('video/*')
  if (video) does({ type: 'video', file: await base64(video) })
}

async function sendVoiceFile() {
  const [voice] = await pick('audio/*')
  if (voice) does({ type: 'voice', file: await base64(voice) })
}

async function sendPlace() {
  const answers = await fill(t('place'), placeFields())
  if (answers) does({ type: 'location', ...placeOf(answers) })
}

async function sendLink() {
  const answers = await fill(t('favourite'), [
    { name: 'title', label: t('linkTitle'), value: t('sampleTitle') },
    { name: 'description', label: t('description'), value: t('sampleDescription'), optional: true },
    { name: 'url', label: t('linkUrl'), value: 'https://shop.example.com/p/8842' },
  ])
  if (answers) does({ type: 'link', ...answers })
}

async function sendMiniProgram() {
  const answers = await fill(t('miniProgram'), [
    { name: 'title', label: t('linkTitle'), value: t('samplePage') },
    { name: 'app_id', label: t('appId'), value: 'wx0c8e5b7a1f3d2946' },
    { name: 'page_path', label: t('pagePath'), value: 'pages/goods/detail.html?id=8842' },
  ])
  if (answers) does({ type: 'miniprogrampage', ...answers })
}

async function sendFile() {
  const answers = await fill(t('file'), [
    { name: 'body', label: t('chooseFile'), kind: 'file', optional: true },
    { name: 'title', label: t('fileName'), value: t('sampleFile') },
  ])
  if (!answers) return
  const [body] = answers.body
  does({ type: 'file', title: body?.name ?? answers.title, file: body ? await base64(body) : btoa(answers.title.length.toString()) })
}

async function sendSticker() {
  const sticker = await choose(t('pickSticker'), STICKERS.map(one => [one, t(one)]))
  if (sticker) does({ type: 'unsupported', sticker })
}

async function scan() {
  const answers = await fill(t('scanTitle'), [
    { name: 'how', label: t('scanHow'), kind: 'choice', choices: [['scene', t('byScene')], ['code', t('byText')], ['picture', t('byPicture')]] },
    { name: 'value', label: t('scanValue'), value: 'shop_1024', optional: true },
    { name: 'picture', label: t('picture'), kind: 'file', accept: 'image/*', optional: true },
  ])
  if (!answers) return
  const [picture] = answers.picture
  const seen = picture ? { picture: await base64(picture) } : { [answers.how === 'code' ? 'code' : 'scene']: answers.value }
  does({ type: 'scan', ...seen }, picture ? t('scanned') : `${t('scanned')} · ${answers.value}`)
}

async function pay() {
  const answers = await fill(t('pay'), [
    { name: 'order_id', label: t('order'), value: `WG${Date.now()}` },
    { name: 'follow_after', label: t('followAfter'), kind: 'check' },
  ])
  if (answers) does({ type: 'pay', ...answers }, t('paid'))
}

async function useCard() {
  const answers = await fill(t('coupon'), [
    { name: 'event', label: t('cardEvent'), kind: 'choice', choices: CARD_EVENTS.map(event => [event, t(event)]) },
    { name: 'card_id', label: t('cardId'), value: 'pK7xT5kQm2VbN9dLr3WcYpE8sUiA' },
  ])
  if (answers) does({ type: 'card', ...answers }, t('cardDone'))
}

async function chooseOther() {
  const name = await choose(t('othersTitle'), Object.keys(OTHERS).map(one => [one, t(one)]))
  if (name) told(OTHERS[name])
}

export async function complain() {
  const answers = await fill(t('complain'), [
    { name: 'stage', label: t('stage_'), kind: 'choice', choices: ['request', 'confirm', 'reject'].map(one => [one, t(one)]) },
    { name: 'reason', label: t('reason'), value: t('reasonSample') },
    { name: 'solution', label: t('solution'), value: t('solutionSample') },
    { name: 'contact', label: t('contact'), value: t('contactSample') },
    { name: 'pictures', label: t('pictures'), kind: 'file', accept: PICTURES, multiple: true, optional: true },
  ])
  if (!answers) return
  const pictures = await Promise.all(answers.pictures.slice(0, 5).map(base64))
  does({ type: 'complain', ...answers, pictures }, t('complained'))
}

async function writeFromArticle() {
  const answers = await fill(t('fromArticle'), [
    { name: 'content', label: t('articleText'), value: t('articleSample') },
    { name: 'data_id', label: t('dataId'), value: '2247489321' },
    { name: 'index', label: t('index'), value: '1' },
  ])
  if (answers) does({ type: 'text', ...answers, index: Number(answers.index) })
}

async function answerNotice() {
  const answers = await fill(t('consent'), [
    { name: 'template_id', label: t('templateId'), value: 'Zt1mQ9sYkR4vLx7PwHbNcJ5eUaGf2DiOo8XtSqBvK0M' },
    { name: 'accepted', label: t('accepted'), kind: 'check', value: true },
    { name: 'how', label: t('consentHow'), kind: 'choice', choices: [['popup', t('popup')], ['change', t('change')]] },
  ])
  if (!answers) return
  const { how, ...answer } = answers
  does({ type: 'consent', how, answers: [answer] }, t('answered'))
}

async function reportLocation() {
  const answers = await fill(t('reportLocation'), placeFields())
  if (!answers) return
  const { latitude, longitude } = placeOf(answers)
  does({ type: 'location_report', latitude, longitude }, t('reported'))
}

async function enterFromMini() {
  const from = await ask(t('sessionFrom'), 'order=A20260101-77')
  if (from !== null) does({ type: 'enter', session_from: from }, t('reported'))
}

async function rawPush() {
  const answers = await fill(t('rawPush'), [{ name: 'xml', label: t('xml'), kind: 'area', value: '<xml></xml>' }])
  if (answers) does({ type: 'raw', xml: answers.xml }, t('reported'))
}

/** The account's page: messages on or off, unfollow, complain. */
export async function showProfile() {
  const follower = current()
  if (!follower) return
  const choices = follower.following
    ? [['receive', t(follower.muted ? 'receiveAgain' : 'receiveNoMore')], ['unfollow', t('unfollow')], ['complain', t('complain')]]
    : [['follow', t('follow')], ['complain', t('complain')]]
  const chosen = await choose(`${t('profile')} · ${state.account.name}`, choices)
  if (chosen === 'receive') {
    const muted = !follower.muted
    if (await does({ type: muted ? 'block' : 'unblock' }, t(muted ? 'blocked' : 'unblocked'))) putFollower(await call('GET', `followers/${follower.openid}`))
  }
  if (chosen === 'unfollow') does({ type: 'unsubscribe' }, t('unfollowed'))
  if (chosen === 'follow') does({ type: 'subscribe' }, t('followed'))
  if (chosen === 'complain') told(complain)
}
