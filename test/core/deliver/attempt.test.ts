import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Attempt,
  type AttemptInput,
  type AttemptState,
  FAILED,
  mayMove,
  type Outcome,
  stepAttempt,
  UNSETTLED,
} from '../../../src/core/deliver/attempt.ts'
import { asId } from '../../../src/core/ids.ts'
import { fold } from '../../../src/core/step.ts'

const AT = 1_000_000
const attempt = (state: AttemptState = 'queued', more: Partial<Attempt> = {}): Attempt => ({
  id: asId('a1'),
  key: 'k/phone/webpush',
  alert: asId('alert-1'),
  person: asId('p1'),
  device: asId('phone'),
  channel: 'webpush',
  purpose: 'ask',
  class: 'emergency',
  state,
  try: 0,
  created: AT,
  due: AT,
  expires: AT + 300_000,
  reason: 'first-sighting',
  ...more,
})

const outcome = (o: Outcome, random = 0, at = AT): AttemptInput => ({
  kind: 'outcome',
  outcome: o,
  at,
  random,
})
const taken = outcome({ kind: 'taken' })
const later = outcome({ kind: 'later', fault: 'provider-unavailable' })
const dead = outcome({ kind: 'dead', fault: 'push-address-dead' })
const refused = outcome({ kind: 'refused', fault: 'push-refused' })
const presented: AttemptInput = { kind: 'receipt', stage: 'presented', at: AT }

describe('one step', () => {
  const table: readonly [AttemptState, AttemptInput, AttemptState, readonly string[]][] = [
    ['queued', { kind: 'leased', at: AT }, 'leased', []],
    ['leased', { kind: 'handed', at: AT }, 'handed', []],
    ['handed', { kind: 'leased', at: AT }, 'leased', []],
    ['leased', { kind: 'put-back', at: AT }, 'queued', []],
    ['presented', { kind: 'put-back', at: AT }, 'presented', []],
    ['queued', { kind: 'leased', at: AT + 300_000 }, 'expired', ['failed']],
    ['handed', taken, 'taken', ['hop']],
    ['handed', later, 'queued', []],
    ['handed', dead, 'dead', ['failed', 'address-gone']],
    ['handed', refused, 'refused', ['failed']],
    ['handed', presented, 'presented', ['hop']],
    ['presented', taken, 'presented', ['hop']],
    ['presented', later, 'presented', []],
    ['presented', refused, 'presented', []],
    ['presented', dead, 'presented', ['address-gone']],
    ['presented', presented, 'presented', []],
    ['expired', presented, 'presented', ['hop']],
    ['taken', later, 'taken', []],
    ['opened', presented, 'opened', []],
  ]
  test.each(table)('%s, %o → %s %j', (from, input, to, effects) => {
    const [next, out] = stepAttempt(attempt(from), input)
    expect(next.state).toBe(to)
    expect(out.map((e) => e.kind)).toEqual(effects)
  })
})

test('a provider that asks for patience is given it, and a try that would come too late is not made', () => {
  const patient = outcome({ kind: 'later', fault: 'provider-busy', after: 7000 })
  const [next] = stepAttempt(attempt('handed'), patient)
  expect(next).toMatchObject({ state: 'queued', try: 1, due: AT + 7000, fault: 'provider-busy' })
  const [late, effects] = stepAttempt(attempt('handed', { expires: AT + 7000 }), patient)
  expect(late).toMatchObject({ state: 'expired', fault: 'provider-busy' })
  expect(effects).toEqual([{ kind: 'failed', fault: 'provider-busy' }])
})

test('call-backs in any order end in the same state: the furthest that was reported', () => {
  const inputs = fc.shuffledSubarray<AttemptInput>(
    [taken, presented, refused, { kind: 'receipt', stage: 'on-device', at: AT }],
    { minLength: 4 },
  )
  fc.assert(
    fc.property(inputs, (order) => {
      expect(fold(stepAttempt, attempt('handed'), order)[0].state).toBe('presented')
    }),
    { seed: 6 },
  )
})

test('a receipt is never undone and a failure never hides one', () => {
  const states: readonly AttemptState[] = ['on-device', 'presented', 'opened']
  const receipt: AttemptInput = { kind: 'receipt', stage: 'on-device', at: AT }
  for (const state of states)
    for (const failed of [dead, refused, { kind: 'leased', at: AT + 300_000 } as const])
      expect(stepAttempt(attempt(state), failed)[0].state).toBe(state)
  for (const failed of FAILED) expect(stepAttempt(attempt(failed), receipt)[0].state).toBe('on-device')
})

test('a receipt moves the attempt on and is a hop of its own, at its own time; said again it is nothing', () => {
  const receipt: AttemptInput = { kind: 'receipt', stage: 'on-device', at: AT + 7 }
  const [there, effects] = stepAttempt(attempt('taken'), receipt)
  expect(there).toEqual(attempt('on-device'))
  expect(effects).toEqual([{ kind: 'hop', hop: 'on-device', at: AT + 7 }])
  expect(stepAttempt(there, receipt)).toEqual([there, []])
  const [opened, more] = stepAttempt(there, { kind: 'receipt', stage: 'opened', at: AT + 9 })
  expect([opened.state, more]).toEqual(['opened', [{ kind: 'hop', hop: 'opened', at: AT + 9 }]])
  expect(stepAttempt(opened, receipt)).toEqual([opened, []])
})

test('an attempt moves on and never back; only what is not settled yet goes round', () => {
  const rungs: readonly (readonly AttemptState[])[] = [
    ['queued', 'leased', 'handed'],
    ['refused', 'dead', 'expired'],
    ['taken'],
    ['on-device'],
    ['presented'],
    ['opened'],
  ]
  expect([UNSETTLED, FAILED]).toEqual([rungs[0], rungs[1]])
  for (const [i, froms] of rungs.entries())
    for (const from of froms)
      for (const [j, tos] of rungs.entries())
        for (const to of tos)
          expect([from, to, mayMove(from, to)]).toEqual([from, to, j > i || (i === 0 && j === 0)])
})

test('what an attempt came to is told with its code, and a provider that says yes with its hop', () => {
  expect(stepAttempt(attempt('queued'), { kind: 'leased', at: AT + 300_000 })[1]).toEqual([
    { kind: 'failed', fault: 'attempt-expired' },
  ])
  expect(stepAttempt(attempt('handed'), taken)[1]).toEqual([{ kind: 'hop', hop: 'taken', at: AT }])
})

test('a provider that asks for patience after all was settled is not heard', () => {
  for (const state of ['taken', 'on-device', 'presented', 'opened', 'refused', 'dead', 'expired'] as const) {
    const settled = attempt(state)
    expect(stepAttempt(settled, later)).toEqual([settled, []])
  }
})
