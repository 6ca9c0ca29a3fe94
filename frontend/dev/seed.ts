/** A morning at the desk: a few customers with believable requests. */
import type { Desk } from './desk.ts'

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

  before(31)
  const lamp = desk.write(desk.contact('赵先生'), '落地灯收到了,但是灯罩有一道划痕,可以换一个吗?')
  desk.assign(lamp.conversation_id, me)
  answer(lamp.conversation_id, '非常抱歉!麻烦拍一张照片,我马上为您登记换新。')

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
