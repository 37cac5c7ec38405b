import { expect, test } from 'vitest'
import type { Responder } from '../../../src/core/alert/alert.ts'
import { answerMoves, isOut, isPending, receiptMoves } from '../../../src/core/alert/responder.ts'
import { asId } from '../../../src/core/ids.ts'
import type { Answer, ReceiptStage, ResponderState } from '../../../src/core/vocabulary.ts'

const STATES: readonly ResponderState[] = [
  'asked',
  'on-device',
  'presented',
  'opened',
  'accepted',
  'call-back',
  'attending',
  'arrived',
  'declined',
  'not-me',
  'stood-down',
]
const STAGES: readonly ReceiptStage[] = ['on-device', 'presented', 'opened']
const ANSWERS: readonly Answer[] = ['accepted', 'call-back', 'attending', 'arrived', 'declined', 'not-me']

const aResponder = (state: ResponderState, more: Partial<Responder> = {}): Responder => ({
  person: asId('x'),
  roles: [],
  state,
  asked: 0,
  rung: 0,
  path: 0,
  since: 0,
  changed: 1,
  ...more,
})

test('receipts move forwards only, and never over an answer', () => {
  const table = STATES.map((s) => `${s}: ${STAGES.filter((stage) => receiptMoves(s, stage)).join(' ')}`)
  expect(table).toEqual([
    'asked: on-device presented opened',
    'on-device: presented opened',
    'presented: opened',
    'opened: ',
    'accepted: ',
    'call-back: ',
    'attending: ',
    'arrived: ',
    'declined: ',
    'not-me: ',
    'stood-down: ',
  ])
})

test('answers move up the ladder, or off it', () => {
  const table = STATES.map((s) => `${s}: ${ANSWERS.filter((a) => answerMoves(s, a)).join(' ')}`)
  const all = ANSWERS.join(' ')
  expect(table).toEqual([
    `asked: ${all}`,
    `on-device: ${all}`,
    `presented: ${all}`,
    `opened: ${all}`,
    'accepted: call-back attending arrived declined not-me',
    'call-back: accepted attending arrived declined not-me',
    'attending: arrived declined not-me',
    'arrived: declined not-me',
    'declined: accepted call-back attending arrived not-me',
    'not-me: accepted call-back attending arrived declined',
    `stood-down: ${all}`,
  ])
})

test('who may still answer, and who is out', () => {
  expect(STATES.filter((s) => isPending(aResponder(s)))).toEqual([
    'asked',
    'on-device',
    'presented',
    'opened',
  ])
  expect(isPending(aResponder('asked', { unreachable: true }))).toBe(false)
  expect(STATES.filter((s) => isOut(aResponder(s)))).toEqual(['declined', 'not-me'])
  expect(isOut(aResponder('stood-down', { released: true }))).toBe(true)
})
