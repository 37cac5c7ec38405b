import { expect, test } from 'vitest'
import { asId } from '../../../src/core/ids.ts'
import { type Call, covered, crash } from '../../support/call.ts'

const leave = (call: Call, person: string) =>
  call.happen({ kind: 'left', at: call.at, person: asId(person) }).look()

test('whoever had accepted and left the hospital counts no more, and who holds the role now is rung', () => {
  const call = covered()
  call.look()
  call.holds('med-reg', 'newreg')
  const told = leave(call, 'reg')
  expect(call.alert.phase).toBe('ringing')
  expect(call.state('reg')).toBe('stood-down')
  expect(told).toContain('0 ask newreg: holder-left')
  expect(told.some((line) => line.startsWith('0 tell switchboard prompt: holder-left'))).toBe(true)
  expect(told.filter((line) => / reg:/.test(line))).toEqual([])
  expect(call.says('newreg', 'accepted').alert.phase).toBe('covered')
})

test('who is still rung is rung no more; said twice, or of somebody not on the call, it changes nothing', () => {
  const call = crash().holds('med-reg', 'newreg')
  call.look()
  expect(leave(call, 'reg')).toContain('0 ask newreg: holder-left')
  const stands = call.alert
  expect(leave(call, 'reg')).toEqual([])
  expect(leave(call, 'stranger')).toEqual([])
  expect(call.alert).toBe(stands)
  expect(
    call
      .until(20)
      .look()
      .filter((line) => / (ask|again) reg\b/.test(line)),
  ).toEqual([])
})
