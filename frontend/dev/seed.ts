/** A morning at the desk: a few customers with believable requests. */
import type { Agent, Contact, Message } from '../src/api/types.ts'
import type { Desk } from './desk.ts'
import { ABSENT } from './media.ts'

const MINUTE = 60_000

export function seed(desk: Desk): void {
  const before = (minutes: number): void => { desk.now = () => Date.now() - (minutes -= 0.05) * MINUTE }
  const me = desk.agent('周小雨', 'agent', 'xiaoyu')
  const colleague = desk.agent('王敏', 'agent', 'wangmin')
  desk.agent('陈立', 'supervisor', 'chenli')
  const answer = (id: number, text: string): void => { desk.settle(desk.say(id, me, text).id, 'sent') }

  before(60 * 24 * 3)
  const li = desk.contact('李女士 · 北欧餐桌')
  const old = desk.write(li, '请问餐桌可以分期吗?')
  desk.assign(old.conversation_id, me)
  answer(old.conversation_id, '可以的,支持 3 期和 6 期免息。')
  desk.write(li, '好的,我考虑一下,谢谢')
  desk.close(old.conversation_id, me)

  before(60 * 26)
  const closedOne = desk.write(desk.contact(), '发票抬头写错了能改吗')
  desk.assign(closedOne.conversation_id, colleague)
  desk.close(closedOne.conversation_id, colleague)

  before(95)
  const table = desk.write(li, '你好,我上周订的北欧餐桌什么时候能到?')
  desk.write(li, '订单号 SG20261117-0482')
  desk.assign(table.conversation_id, me)
  answer(table.conversation_id, '李女士您好,我查一下物流,请稍等。')
  answer(table.conversation_id, '您的餐桌昨晚已到杭州分拨中心,预计明天上午派送,师傅会提前一小时电话联系您。')
  before(40)
  desk.write(li, '', { kind: 'image', content: { raw_kind: 'image' } })
  desk.write(li, '物流页面 https://example.com/track/SG20261117-0482 显示的还是“运输中”,是不是延迟了?')
  desk.settle(desk.say(table.conversation_id, me, '那边的页面更新会慢半天,以仓库的记录为准。').id, 'uncertain')
  desk.settle(desk.say(table.conversation_id, me, '如果明天中午还没有接到电话,您直接在这里找我。').id, 'failed', 'window_closed')
  before(2)
  desk.write(li, '好的 谢谢你!😊\n那安装是当场装好吗?需要我准备什么?')

  kinds(desk, li, table.conversation_id, me)

  before(31)
  const lamp = desk.write(desk.contact('赵先生'), '落地灯收到了,但是灯罩有一道划痕,可以换一个吗?')
  desk.assign(lamp.conversation_id, me)
  answer(lamp.conversation_id, '非常抱歉!麻烦拍一张照片,我马上为您登记换新。')

  desk.grant(desk.conversations.get(lamp.conversation_id)!.contact.id, { opened_at: new Date(Date.now() - 47.3 * 60 * MINUTE).toISOString(), left: 3 })
  desk.say(lamp.conversation_id, me, '新灯罩已发出，明天送到。', { state: 'parked', place: 1 })

  before(18)
  const rug = desk.write(desk.contact(), '羊毛地毯会掉毛吗?家里有小孩')
  desk.assign(rug.conversation_id, colleague)
  before(12)
  const sofa = desk.write(desk.contact('钱阿姨'), '沙发套可以机洗吗')
  desk.assign(sofa.conversation_id, colleague)

  before(9)
  desk.write(desk.contact(), '在吗')
  desk.write([...desk.contacts.values()].at(-1)!, '想问下书架的承重,每层能放多少公斤的书?我有很多大部头的画册,担心层板会弯')
  before(6)
  const leaver = desk.contact('孙老师')
  desk.write(leaver, '门店地址发我一下,周末想去看看沙发')
  before(1)
  desk.write(desk.contact(), 'Hello, do you ship to Hong Kong? I would like to order two of the oak chairs.')

  for (let at = 0; at < Number(process.env.WXDESK_MANY ?? 0); at++) {
    before(60 * 30 + at)
    const one = desk.write(desk.contact(at % 3 ? '' : `顾客 ${at}`), `第 ${at} 个问题:这款还有货吗?`)
    if (at % 2) desk.close(desk.assign(one.conversation_id, colleague).id, colleague)
  }
  desk.now = Date.now
}

/** One of each kind that WeChat knows, between the lines of a conversation. */
function kinds(desk: Desk, customer: Contact, conversationId: number, me: Agent): void {
  const brings = (kind: string, content: object, text = ''): void => void desk.write(customer, text, { kind, content: content as Message['content'] })
  const happens = (kind: string, content: object = {}): void => void desk.happen(conversationId, kind, content as Message['content'])
  const sends = (kind: string, content: object, text = ''): void => void desk.settle(desk.say(conversationId, me, text, { kind, content: content as Message['content'] }).id, 'sent')
  const { shelf } = desk

  happens('subscribe', { scene: 'qrscene_7', scene_name: '保修卡' })
  happens('menu_click', { key: 'V1', name: '售后' })
  happens('menu_pictures', { key: 'V2', source: 'weixin', count: 3 })
  happens('payment', { order_id: 'SG20261117-0482', product_id: 'p1' })
  brings('image', { media: shelf.paint(900, 1200, ['#c9d8d2', '#7c5b3e']) })
  brings('image', { media: shelf.paint(1600, 700, ['#e8dccb', '#2f6f6a']) })
  brings('image', { media: ABSENT })
  brings('image', { media: { ...ABSENT, state: 'lost' } })
  brings('voice', { media: shelf.hum(7), format: 'amr', recognition: '桌腿好像有一点晃，螺丝拧紧了也一样。' }, '桌腿好像有一点晃，螺丝拧紧了也一样。')
  brings('location', { latitude: 30.27415, longitude: 120.15515, scale: 16, label: '杭州市西湖区文三路 90 号' }, '杭州市西湖区文三路 90 号')
  brings('link', { title: '北欧餐桌安装教程', description: '十分钟装好一张餐桌', url: 'https://example.com/install' }, '北欧餐桌安装教程')
  brings('file', { title: '户型图.pdf', description: '', md5: '', size_bytes: 2_400_000 }, '户型图.pdf')
  brings('miniprogrampage', { title: '我的订单', app_id: 'wx0123456789abcdef', page_path: 'pages/order/detail?id=77', thumb: shelf.paint(500, 400, ['#dfe9f5', '#456']) }, '我的订单')
  brings('unsupported', {}, '【收到不支持的消息类型，暂无法显示】')
  brings('text', { menu_id: '1' }, '物流进度')
  sends('msgmenu', { head: '您想了解什么？', items: [{ id: '1', content: '物流进度' }, { id: '2', content: '安装预约' }], tail: '点一下就好' }, '您想了解什么？')
  sends('image', { media: shelf.paint(800, 600, ['#f1e7dd', '#a35']) })
  sends('voice', { media: shelf.hum(3) })
  sends('news', { title: '北欧餐桌保养指南', description: '实木桌面怎样避免开裂', url: 'https://example.com/care', picture_url: 'https://example.com/care.jpg' }, '北欧餐桌保养指南')
  sends('template', { template_id: 't1', title: '发货通知', data: { 订单号: 'SG20261117-0482', 预计送达: '明天上午' }, outcome: 'delivered' }, '发货通知')
  happens('complaint', { feedback_id: '1374', stage: 'request', reason: '商品有质量问题', solution: '换货', trade_no: '42000012', contact: '13800138000', pictures: ['https://example.com/1.jpg', 'https://example.com/2.jpg'] })
  happens('consent', { answers: [{ template_id: 'a', accepted: true }, { template_id: 'b', accepted: false }] })
}
