import { expect, it } from 'vitest'
import { faultOf, labelOf, linesOf, templateWording } from './templates'

const TEMPLATE = {
  id: 'T',
  title: '退款通知',
  content: '订单号：{{character_string1.DATA}}\n退款说明：{{thing2.DATA}}\n客户：{{name3.DATA}}',
  example: '',
  fields: [
    { key: 'character_string1', kind: 'character_string', longest: 32 },
    { key: 'thing2', kind: 'thing', longest: 20 },
    { key: 'name3', kind: 'name', longest: null },
  ],
}
const [NUMBER, THING, NAME] = TEMPLATE.fields as [typeof TEMPLATE.fields[0], typeof TEMPLATE.fields[0], typeof TEMPLATE.fields[0]]

it('shows what the customer will read, and what is still to be filled in', () => {
  expect(linesOf(TEMPLATE, { character_string1: 'A77' })).toEqual(['订单号：A77', '退款说明：〔thing〕', '客户：〔name〕'])
})

it('calls each value as its line does', () => {
  expect(TEMPLATE.fields.map(({ key }) => labelOf(TEMPLATE, key))).toEqual(['订单号', '退款说明', '客户'])
})

it('finds what WeChat would refuse', () => {
  expect(faultOf(NUMBER, {})).toBe('form.required')
  expect(faultOf(THING, { thing2: '字'.repeat(20) })).toBeNull()
  expect(faultOf(THING, { thing2: '字'.repeat(21) })).toBe('template.tooLong')
  expect(faultOf(NAME, { name3: '欧阳'.repeat(5) })).toBeNull()
  expect(faultOf(NAME, { name3: `${'欧阳'.repeat(5)}a` })).toBe('template.tooLong')
})

it('sends every value, trimmed, and no empty address', async () => {
  const { saying, content } = templateWording(TEMPLATE, { character_string1: ' A77 ', thing2: '已退', name3: '林' }, '')
  expect(await saying()).toMatchObject({ kind: 'template', template_id: 'T', url: null, data: { character_string1: 'A77', thing2: '已退', name3: '林' } })
  expect(content).toMatchObject({ title: '退款通知', labels: { character_string1: '订单号' } })
})
