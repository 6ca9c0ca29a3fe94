/** Words in Chinese and English, and how moments are written. */

const ZH = {
  simulated: '模拟 · Simulator', simulatedShort: '模拟',
  pageNote: '这里的顾客、消息和公众号平台都是模拟的，没有真实的微信用户',
  title: '模拟手机', otherLanguage: 'English',
  followers: '顾客', addFollower: '添加顾客', newName: '这位顾客叫什么？',
  nobodyYet: '还没有顾客。加一位，或请几位剧本顾客来。', invitePeople: '请剧本顾客来',
  chooseSomebody: '选一位顾客，或添加一位', back: '返回', behind: '平台视角', close: '关闭',
  reconnecting: '与模拟器的连接断开，正在重连…',
  accountMenu: '菜单', voice: '语音', message: '消息', emoji: '表情', more: '更多', send: '发送',
  holdToTalk: '按住 说话', letGo: '松开 发送',
  photo: '照片', place: '位置', link: '链接', video: '视频', scan: '扫一扫', pay: '支付', unfollow: '取消关注',
  notFollowing: '你没有关注这个公众号', follow: '关注', followed: '已关注', unfollowed: '已取消关注',
  whichScene: '二维码的场景值', whichOrder: '付款的订单号', whichLink: '链接地址',
  scanned: '已扫码', paid: '已支付', clicked: '已点击菜单', cancel: '取消', ok: '确定',
  noAnswer: '公众号没有应答', tooLarge: '图片不能超过 12 MB',
  passive: '被动回复', custom: '客服消息', menu1: '查物流', menu2: '退换货', menu3: '联系客服',
  image: '图片', location: '位置', noLine: '还没有消息', gone: '已取消关注', yesterday: '昨天',
  allowance: '可发额度', policy: '规则', unlimited: '不限', sendsLeft: '条客服消息可发', closed: '窗口已关闭',
  until: '到', expires: '剩余', message_: '发消息', menu: '点菜单', follow_: '关注', scan_: '扫码', payment: '支付', complaint: '维权',
  pushes: '推送', noPushes: '还没有推送', calls: '接口调用', noCalls: '还没有调用', tries: '次', noCallback: '没有回调地址', language: '语言',
  underWay: '进行中', clock: '平台时钟', ahead: '快了', minute: '+1 分钟', hour: '+1 小时', days: '+48 小时',
  faults: '制造故障', clearFaults: '全部恢复', killTokens: '令牌立即失效', killed: '所有 access_token 已失效',
  unverified: '账号未认证', unverifiedNote: '发送返回 48001', ip_not_whitelisted: 'IP 不在白名单', ip_not_whitelistedNote: '取令牌返回 40164',
  slow_ms: '接口变慢', slow_msNote: '每次应答晚 3 秒', lose_answer: '应答丢失', lose_answerNote: '消息已送达，连接中断',
  hang: '接口挂起', hangNote: '消息已送达，永不应答', duplicate_pushes: '重复推送', duplicate_pushesNote: '每次推送多发一遍',
  out_of_order: '推送乱序', out_of_orderNote: '后一条先到',
  stage: '舞台', reset: '全部清空', really: '顾客、聊天、令牌和额度都会清空，确定吗？',
}

const EN = {
  simulated: 'Simulator · 模拟', simulatedShort: 'SIM',
  pageNote: 'Customers, messages and the platform are simulated; nobody here is a real WeChat user',
  title: 'Simulated phone', otherLanguage: '中文',
  followers: 'Customers', addFollower: 'Add a customer', newName: 'What is the customer called?',
  nobodyYet: 'No customers yet. Add one, or invite scripted ones.', invitePeople: 'Invite scripted customers',
  chooseSomebody: 'Choose a customer, or add one', back: 'Back', behind: 'Behind the scenes', close: 'Close',
  reconnecting: 'Lost the simulator, reconnecting…',
  accountMenu: 'Menu', voice: 'Voice', message: 'Message', emoji: 'Emoji', more: 'More', send: 'Send',
  holdToTalk: 'Hold to talk', letGo: 'Release to send',
  photo: 'Photo', place: 'Location', link: 'Link', video: 'Video', scan: 'Scan', pay: 'Pay', unfollow: 'Unfollow',
  notFollowing: 'You do not follow this account', follow: 'Follow', followed: 'Following', unfollowed: 'Unfollowed',
  whichScene: 'Scene value of the QR code', whichOrder: 'Number of the order paid', whichLink: 'Address of the link',
  scanned: 'Scanned', paid: 'Paid', clicked: 'Menu clicked', cancel: 'Cancel', ok: 'OK',
  noAnswer: 'The account did not answer', tooLarge: 'A picture may have 12 MB at most',
  passive: 'Passive reply', custom: 'Customer-service message', menu1: 'Track order', menu2: 'Returns', menu3: 'Contact us',
  image: 'Photo', location: 'Location', noLine: 'No messages yet', gone: 'unfollowed', yesterday: 'Yesterday',
  allowance: 'Allowance', policy: 'rule of', unlimited: 'No limit', sendsLeft: 'messages may be sent', closed: 'Window closed',
  until: 'until', expires: 'left', message_: 'message', menu: 'menu click', follow_: 'follow', scan_: 'scan', payment: 'payment', complaint: 'complaint',
  pushes: 'Pushes', noPushes: 'No pushes yet', calls: 'API calls', noCalls: 'No calls yet', tries: '×', noCallback: 'no callback URL', language: 'Language',
  underWay: 'under way', clock: 'Platform clock', ahead: 'ahead by', minute: '+1 min', hour: '+1 h', days: '+48 h',
  faults: 'Faults', clearFaults: 'Clear all', killTokens: 'Kill access tokens', killed: 'All access tokens are dead',
  unverified: 'Account not verified', unverifiedNote: 'sends answer 48001', ip_not_whitelisted: 'IP not on the list', ip_not_whitelistedNote: 'token calls answer 40164',
  slow_ms: 'Slow API', slow_msNote: 'every answer 3 s late', lose_answer: 'Lost answers', lose_answerNote: 'sent, then the connection drops',
  hang: 'Hanging API', hangNote: 'sent, then no answer ever', duplicate_pushes: 'Duplicate pushes', duplicate_pushesNote: 'every push comes twice',
  out_of_order: 'Out of order', out_of_orderNote: 'the later push comes first',
  stage: 'Stage', reset: 'Empty everything', really: 'Customers, chats, tokens and grants will be gone. Sure?',
}

const remembered = localStorage.getItem('wxsim-language')
export let language = remembered ?? 'zh'
export const t = key => (language === 'zh' ? ZH : EN)[key] ?? key

/** Fill what stands in the page: `data-word` is its text, `data-label` its name. */
export function translate() {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  document.title = `${t('title')} · wxsim`
  for (const node of document.querySelectorAll('[data-word]')) node.textContent = t(node.dataset.word)
  for (const node of document.querySelectorAll('[data-label]')) {
    node.ariaLabel = t(node.dataset.label)
    if (node.tagName === 'BUTTON') node.title = t(node.dataset.label)
  }
}

export function switchLanguage() {
  language = language === 'zh' ? 'en' : 'zh'
  localStorage.setItem('wxsim-language', language)
}

const two = number => String(number).padStart(2, '0')
export const hourMinute = date => `${date.getHours()}:${two(date.getMinutes())}`
export const toTheSecond = date => `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`

/** As a chat writes it: today 14:05, yesterday's with the word, else with the date. */
export function moment(date, now) {
  const days = Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 86_400_000)
  if (days === 0) return hourMinute(date)
  if (days === 1) return `${t('yesterday')} ${hourMinute(date)}`
  const day = date.toLocaleDateString(document.documentElement.lang, { month: 'short', day: 'numeric' })
  return `${day} ${hourMinute(date)}`
}

/** 47 h 59 min as 47:59:00. */
export function countdown(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}
