import { expect, test } from 'vitest'
import { asId, type PersonId } from '../../../src/core/ids.ts'
import { Call, covered, crash } from '../../support/call.ts'

const id = (person: string) => asId<PersonId>(person)

test('a due time of a name we do not know, from a newer version, is dropped and nothing else', () => {
  const call = covered()
  call.alert = { ...call.alert, due: { ...call.alert.due, strange: call.at } }
  const { revision, ...before } = call.alert
  call.look()
  call.happen({ kind: 'due', name: 'strange', at: call.at })
  expect(call.look()).toEqual(['0 forget strange'])
  const { strange: _, ...due } = before.due
  expect(call.alert).toEqual({ ...before, revision: revision + 1, due })
})

test('only who is coming, has not arrived and was not seen to ring back lapses', () => {
  const call = new Call('team:crash', 'urgent', { lapse: 60_000, closeAfter: 3_600_000 })
    .says('gas', 'accepted')
    .says('gas', 'arrived')
    .receipt('reg', 'presented')
    .until(10)
    .says('nurse', 'accepted')
  call.says('icu', 'call-back', undefined, { kind: 'switchboard', operator: 'op' })
  call.says('icu', 'call-back', undefined, { kind: 'pbx' })
  expect(call.alert.due.lapse).toBe(call.at + 60_000)
  call.until(69).look()
  call.until(70)
  expect(['gas', 'reg', 'icu', 'nurse'].map((p) => call.state(p))).toEqual([
    'arrived',
    'stood-down',
    'call-back',
    'asked',
  ])
  expect(call.look().filter((l) => l.includes('lapsed'))).toEqual([
    '70 tell switchboard prompt: acceptance-lapsed ccu-nurse',
  ])
})

test('an acceptance lapses at its own time, not a moment before, and its giver is still wanted', () => {
  const call = new Call('team:crash', 'urgent', { lapse: 60_000 }).says('reg', 'accepted').until(30)
  call.says('nurse', 'accepted').until(59).look()
  call.until(60)
  expect(call.alert.responders[id('reg')]).toMatchObject({ state: 'asked', since: call.at, rung: call.at })
  expect(call.state('nurse')).toBe('accepted')
  expect(call.alert.due.lapse).toBe(call.at + 30_000)
})

test('an optional member whose acceptance lapses is asked again while cover holds', () => {
  const call = new Call('team:crash', 'emergency', { lapse: 60_000 }).says('gas', 'accepted').until(10)
  for (const p of ['reg', 'nurse']) call.says(p, 'accepted').says(p, 'arrived')
  call.until(60)
  expect(call.alert.phase).toBe('covered')
  expect(call.alert.responders[id('gas')]).toMatchObject({ state: 'asked', since: call.at, rung: call.at })
})

test('a clock set back neither hurries nor holds up a lapse', () => {
  const call = new Call('role:med-reg', 'urgent', { lapse: 60_000 }).says('reg', 'accepted')
  call.happen({ kind: 'clock-set-back', at: call.at - 3_600_000, by: 3_600_000 })
  expect(call.alert.due.lapse).toBe(call.at - 3_540_000)
  call.happen({ kind: 'due', name: 'lapse', at: call.at - 3_540_000 })
  expect(call.state('reg')).toBe('asked')
})

test('the hold ends: alarm again, everybody awaited is rung, and it repeats from there', () => {
  const call = crash().receipt('reg').receipt('nurse').receipt('gas').board({ kind: 'taken-over' })
  call.says('gas', 'declined').until(299).look()
  expect(call.until(300).look()).toEqual([
    '300 forget hold',
    '300 tell switchboard act: hold-ended med-reg ccu-nurse',
    '300 due repeat at 330',
    '300 again reg: hold-ended',
    '300 due receipt at 305',
    '300 again nurse: hold-ended',
    '300 is exhausted',
  ])
  expect(call.alert).not.toHaveProperty('takenOver')
})

test('a test over says so, a call covered and quiet says that, and nobody is rung for either', () => {
  expect(new Call('role:med-reg', 'test').until(300).look().slice(-3)).toEqual([
    '300 forget close',
    '300 tell switchboard info: test-over',
    '300 is closed',
  ])
  expect(covered().until(3600).look().slice(-3)).toEqual([
    '3600 forget close',
    '3600 tell switchboard info: covered-and-quiet',
    '3600 is closed',
  ])
})
