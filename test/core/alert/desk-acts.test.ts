import { expect, test } from 'vitest'
import type { Actor, AlertEvent } from '../../../src/core/alert/alert.ts'
import { asId, type PersonId } from '../../../src/core/ids.ts'
import { type Call, crash } from '../../support/call.ts'

const JANE: Actor = { kind: 'switchboard', operator: 'jane' }
const id = (person: string) => asId<PersonId>(person)
const act = (call: Call, event: Partial<AlertEvent> & Pick<AlertEvent, 'kind'>) =>
  call.happen({ at: call.at, by: JANE, version: call.alert.version, ...event } as AlertEvent).look()

test('standing down tells everybody who is coming or still rung to turn round, with the reason, by the name of whoever did it', () => {
  const call = crash().says('reg', 'accepted').says('nurse', 'arrived')
  call.look()
  const told = act(call, { kind: 'cancelled', reason: 'false-alarm', note: 'patient sat up' })
  expect(told.filter((line) => line.includes('cancel'))).toEqual(
    expect.arrayContaining(['0 cancel reg: false-alarm', '0 cancel nurse: false-alarm']),
  )
  expect(call.alert.closed).toMatchObject({ by: 'switchboard', operator: 'jane', reason: 'false-alarm' })
  expect(call.alert.thread.at(-1)?.text).toBe('patient sat up')
})

test('finishing tells nobody to turn round; only who is still being rung hears that they may stop', () => {
  const call = crash().says('reg', 'accepted')
  const waiting = Object.values(call.alert.responders).filter((r) => r.state === 'asked')
  call.look()
  const told = act(call, { kind: 'finished' })
  expect(told.filter((line) => / (cancel|stand-down) reg/.test(line))).toEqual([])
  expect(told.filter((line) => line.includes('stand-down'))).toHaveLength(waiting.length)
  expect(call.alert).toMatchObject({ phase: 'closed', closed: { reason: 'finished', operator: 'jane' } })
})

test('an answer that was put on record by mistake counts no more: their place is empty, and they are awaited again', () => {
  const call = crash().says('reg', 'accepted', undefined, JANE)
  const done = act(call, { kind: 'answer-undone', person: id('reg') })
  expect(done).toContain('0 applied: answer-undone reg')
  expect(call.state('reg')).toBe('asked')
  expect(act(call, { kind: 'answer-undone', person: id('reg') })).toContain('0 already: already-undone reg')
  expect(call.says('reg', 'accepted').state('reg')).toBe('accepted')
})

test('undoing the answer that covered a call opens it again, and rings for the empty place', () => {
  const call = crash()
  for (const r of Object.values(call.alert.responders)) call.says(r.person, 'accepted')
  expect(call.alert.phase).toBe('covered')
  call.look()
  const told = act(call, { kind: 'answer-undone', person: id('reg') })
  expect(call.alert.phase).toBe('ringing')
  expect(told.some((line) => line.includes('reg') && line.includes('cover-lost'))).toBe(true)
})

test('whoever was on the call by a slip alone is on it no more', () => {
  const call = crash().says('stranger', 'accepted', undefined, JANE)
  act(call, { kind: 'answer-undone', person: id('stranger') })
  expect(call.state('stranger')).toBe('stood-down')
})

test('paging again by radio rings no phone, decides nothing, and may be done again', () => {
  const call = crash()
  call.look()
  const { version } = call.alert
  for (const _ of [1, 2]) {
    const told = act(call, { kind: 'paged-again' })
    expect(told.filter((line) => / (ask|again) /.test(line))).toEqual([])
    expect(told).toContain('0 applied: paged-again switchboard')
  }
  expect(call.alert).toMatchObject({ version, radioed: call.at })
})

test('after the end each of these is kept on the record and changes nothing', () => {
  const call = crash()
  act(call, { kind: 'finished' })
  for (const kind of ['finished', 'paged-again'] as const)
    expect(act(call, { kind })).toEqual(['0 late: already-closed switchboard'])
  expect(act(call, { kind: 'answer-undone', person: id('reg') })).toEqual([
    '0 late: already-closed switchboard',
  ])
})
