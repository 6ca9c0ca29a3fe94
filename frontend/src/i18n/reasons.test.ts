/** Every reason that the desk can give for a message that did not leave has its words: its sources are read for them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import openapi from '../../openapi.json'
import { has as hasAdmin } from './admin'
import { has } from './index'

const source = (path: string): string => readFileSync(join(import.meta.dirname, '../../../src/wxdesk', path), 'utf8')

/** Answers to calls that send nothing to anybody. */
const OF_OTHER_CALLS = ['tags_full', 'login_stale', 'already_so', 'nothing_there', 'full', 'in_use', 'bad_name']

const meanings = [...source('wechat/codes.py').split('_CODES')[0]!.split('class Meaning')[1]!.matchAll(/^ {4}([A-Z_]+) = /gm)].map(([, name]) => name!.toLowerCase())
const decided = ['backoff', 'outcomes'].flatMap(name => [...source(`desk/outbox/${name}.py`).matchAll(/(?:GiveUp|Unsure|Retry)\((?:[^"\n]*, )?"(\w+)"\)|why = .*else "(\w+)"/g)].map(([, one, other]) => one ?? other!))
const outcomes = [...source('wechat/push/results.py').matchAll(/return "(\w+)"/g)].map(([, outcome]) => outcome!).filter(outcome => outcome !== 'delivered')
const unsent: readonly string[] = openapi.components.schemas.Unsent.enum

it('finds the reasons', () => {
  expect(meanings).toContain('replies_spent')
  expect(decided).toEqual(expect.arrayContaining(['answer_lost', 'over_limit', 'unreachable', 'slot_missed', 'sender_died']))
  expect(outcomes).toEqual(['blocked', 'failed'])
})

it('has words for each that a message may tell', () => {
  const told = [...meanings, ...decided, ...outcomes, ...unsent].filter(code => code !== 'nothing_left' && !OF_OTHER_CALLS.includes(code)) // nothing_left: told as what WeChat would say
  expect(told.filter(code => !has(`reason.${code}`))).toEqual([])
})

it('has words for each that a trial of the rules may tell', () => {
  expect(unsent.filter(code => !hasAdmin(`answers.why.${code}`))).toEqual([])
})
