import { expect, test } from 'vitest'
import { ACCESS_ROLES, type Action, namesPeople, permits, reading } from '../../../src/core/govern/permit.ts'

/** Written out a second time on purpose: a slip in the table must not pass because the test reads the same table. */
const EXPECTED: Readonly<Record<Action, string>> = {
  'board.read': 'switchboard estates governance admin wall wall-names',
  'alert.read': 'holder switchboard governance admin',
  'alert.answer': 'holder switchboard',
  'alert.manage': 'switchboard',
  'thread.write': 'holder switchboard',
  'inbox.read': 'holder',
  'device.self': 'holder ward',
  'device.enrol': 'switchboard admin',
  'device.list': 'switchboard estates admin',
  'handover.offer': 'holder switchboard',
  'handover.force': 'switchboard admin',
  'duty.set': 'holder',
  'ask.make': 'holder ward',
  'ask.read': 'holder ward switchboard',
  'rota.read': 'switchboard governance admin',
  'rota.edit': 'switchboard admin',
  'tests.read': 'switchboard estates governance admin',
  'tests.call': 'switchboard',
  'feeds.read': 'switchboard estates governance admin',
  'reports.read': 'switchboard governance admin',
  'audit.read': 'governance admin',
  'subject.read': 'governance',
  'subject.erase': 'governance',
  'patient.set': 'holder governance',
  'filing.read': 'governance',
  'filing.decide': 'governance',
  'account.first': 'admin',
}

test.each(Object.entries(EXPECTED) as [Action, string][])('%s is for %s', (action, roles) => {
  expect(ACCESS_ROLES.filter((role) => permits(role, action)).join(' ')).toBe(roles)
})

test('words of a page are for who answers and who connects; names for who rings people up', () => {
  expect(ACCESS_ROLES.map((role) => [role, reading(role), namesPeople(role)])).toEqual([
    ['holder', 'all', true],
    ['ward', 'masked', true],
    ['switchboard', 'all', true],
    ['estates', 'nothing', false],
    ['governance', 'masked', false],
    ['admin', 'nothing', true],
    ['wall', 'place', false],
    ['wall-names', 'place', true],
  ])
})
