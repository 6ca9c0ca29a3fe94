import { expect, it } from 'vitest'
import { actText } from './acts'

const LI = { id: 1, name: '李华' }
const WANG = { id: 2, name: '王敏' }
const NONE = { agent: null, had_by: null, group: null, presence: null, limit: null }

it.each([
  ['assigned', { agent: WANG, had_by: LI }, '转接：李华 → 王敏'],
  ['assigned', { agent: WANG }, '分配给 王敏'],
  ['taken_over', { had_by: LI }, '接管，原来由 李华 接待'],
  ['handed_over', { had_by: LI, group: { id: 3, name: '售后' } }, '转接：李华 → 售后'],
  ['force_close', {}, '结束了排队中的会话'],
  ['joined', { had_by: LI }, '插话，由 李华 接待中'],
  ['presence', { agent: LI, presence: 'away' }, '把状态改为小休'],
  ['limit', { agent: LI, limit: 2 }, '今日接待上限改为 2'],
  ['limit', { agent: LI }, '恢复平时的接待上限'],
] as const)('tells %s of %j', (act, facts, words) => {
  expect(actText({ ...NONE, act, ...facts })).toBe(words)
})
