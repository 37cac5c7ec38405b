import { describe, expect, test } from 'vitest'
import type { Device } from '../../../src/core/deliver/device.ts'
import { barredBy, type Deliver, planAttempts } from '../../../src/core/deliver/plan.ts'
import { buildDirectory } from '../../../src/core/directory/build.ts'
import { drillOf, wantsDrill } from '../../../src/core/directory/drill.ts'
import { barsFor, mayAsk, openedWords, pushWords, trustSchema } from '../../../src/core/directory/trust.ts'
import { given } from '../../../src/core/given.ts'
import { asId } from '../../../src/core/ids.ts'
import { parseInstant } from '../../../src/core/instant.ts'
import { planFor, policiesSchema } from '../../../src/core/route/policy.ts'
import type { Class } from '../../../src/core/vocabulary.ts'
import { aPerson, aRole, person, role, smallSite } from '../../support/small-site.ts'

const trust = trustSchema.parse({
  title: 'Bleeps',
  version: '3',
  ways: [
    { classes: ['routine'], never: ['voice'] },
    { staffGroups: ['porter'], only: ['socket', 'mqtt'] },
    { kinds: ['test'], never: ['nudge'] },
    { devices: 'shared', classes: ['urgent'], never: ['webpush'] },
  ],
  content: [
    { staffGroups: ['porter'], words: 'none' },
    { devices: 'shared', push: 'opaque', words: 'masked' },
    { push: 'place' },
  ],
  asks: { ward: ['routine'], staffGroups: { porter: [] } },
  organisations: [{ id: 'ambulance', name: 'Ambulance', roles: ['crew'], ways: ['voice'], asks: ['urgent'] }],
  drill: {
    months: 12,
    waived: [{ person: 'cat', reason: 'returns from leave', by: 'Lead', until: '2026-11-30' }],
  },
})
const site = smallSite({
  people: [aPerson('ada'), aPerson('pat', { staffGroup: 'porter' })],
  roles: [aRole('reg', { crash: true }), aRole('crew')],
  trust,
})
const directory = buildDirectory(site)
const AT = parseInstant('2026-11-30T12:00:00Z') ?? 0

const device = (
  channel: Device['channel'],
  owner: Device['owner'] = { kind: 'person', person: person('ada') },
) =>
  ({
    ...{ id: asId(channel), owner, label: channel, channel, address: '{}' },
    ...{ state: 'active', enrolled: 0 },
  }) as Device
const ring: Deliver = {
  ...{ kind: 'deliver', key: 'k', to: person('ada'), purpose: 'ask', path: 9, reason: 'first-ask' },
}
const rung = (who: string, c: Class, roles: readonly string[], devices: readonly Device[], kind = 'x') => {
  const bars = barsFor(trust, { class: c, kind })
  const may = barredBy(given({ bars }), directory, person(who), roles.map(role))
  const planned = planAttempts(ring, asId('a'), devices, c, AT, () => asId('t'), [], may)
  return planned.reason ?? planned.attempts.map((a) => `${a.channel} ${a.reason}`)
}

describe('what may be paged to whom on which way', () => {
  const all = [device('webpush'), device('voice')]
  test('a rule keeps its class off a way, and leaves the others', () => {
    expect(rung('ada', 'routine', ['reg'], all)).toEqual(['webpush first-ask', 'socket first-ask'])
    expect(rung('ada', 'urgent', ['reg'], all)).toContain('voice first-ask')
  })
  test('by staff group, by kind, and by whose the device is', () => {
    expect(rung('pat', 'urgent', ['reg'], all)).toEqual(['socket first-ask'])
    expect(rung('ada', 'urgent', ['reg'], [device('nudge')], 'test')).toBe('ways-barred')
    const shared = device('webpush', { kind: 'role', role: role('reg') })
    expect(rung('ada', 'urgent', ['reg'], [shared])).toEqual(['socket first-ask'])
  })
  test('an emergency that has no other way rings all the same, and says so', () => {
    expect(rung('pat', 'emergency', [], [device('voice')])).toEqual(['voice bars-lifted'])
    expect(rung('pat', 'urgent', [], [device('voice')])).toBe('ways-barred')
  })
  test('an outside organisation is rung by its own ways, for its own roles alone', () => {
    expect(rung('ada', 'urgent', ['crew'], all)).toEqual(['voice first-ask'])
    expect(rung('ada', 'urgent', ['crew', 'reg'], all)).toContain('webpush first-ask')
  })
  test('the router freezes it on the plan; without a policy there is nothing to freeze', () => {
    const call = { class: 'routine', kind: 'x', number: '1' } as const
    const plan = (where: typeof directory) =>
      planFor(policiesSchema.parse({}), call, { kind: 'role', role: role('reg') }, where, AT)
    expect(plan(directory).bars).toContainEqual({ never: ['voice'] })
    expect(plan(buildDirectory(smallSite()))).not.toHaveProperty('bars')
  })
})

test('content by way and device: the rule that lets least be seen counts', () => {
  const ada = { staffGroup: 'doctor', roles: ['reg'] }
  expect(pushWords(trust, { ...ada, devices: 'own', way: 'webpush' }, 'opaque')).toBe('place')
  expect(pushWords(trust, { ...ada, devices: 'shared', way: 'webpush' }, 'place')).toBe('opaque')
  expect(pushWords(undefined, ada, 'place')).toBe('place')
  expect(openedWords(trust, { ...ada, devices: 'own' })).toBe('all')
  expect(openedWords(trust, { ...ada, devices: 'shared' })).toBe('masked')
  expect(openedWords(trust, { staffGroup: 'porter', roles: [], devices: 'shared' })).toBe('none')
  expect(openedWords(trust, { staffGroup: 'doctor', roles: ['crew'] })).toBe('masked')
})

test.each([
  ['ward', undefined, [], 'routine', true],
  ['ward', undefined, [], 'urgent', false],
  ['phone', 'doctor', ['reg'], 'urgent', true],
  ['phone', 'porter', [], 'routine', false],
  ['phone', 'doctor', ['crew'], 'urgent', true],
  ['phone', 'doctor', ['crew'], 'emergency', false],
  ['phone', 'constructor', [], 'urgent', true],
] as const)('from a %s, a %s with %j asks %s: %s', (from, staffGroup, roles, c, may) => {
  const asker = { from, roles: roles.map(role), ...(staffGroup === undefined ? {} : { staffGroup }) }
  expect(mayAsk(trust, asker, c)).toBe(may)
})

test('a drill counts for its civil months, a waiver to the end of its last day', () => {
  const at = (text: string) => parseInstant(text) ?? 0
  const state = (who: string, note: unknown, now = AT) => drillOf(directory, person(who), note, now)
  expect(state('ada', undefined)).toBe('undone')
  expect(state('ada', 'not ours')).toBe('undone')
  expect(state('ada', { at: at('2025-11-30T12:00:00Z') })).toBe('done')
  expect(state('ada', { at: at('2025-11-30T11:59:59Z') })).toBe('undone')
  expect(state('ada', { at: AT + 1 })).toBe('undone')
  expect(state('cat', undefined, at('2026-11-30T23:59:59Z'))).toBe('waived')
  expect(state('cat', undefined, at('2026-12-01T00:00:00Z'))).toBe('undone')
  expect(state('ada', { waived: { by: 'sw', reason: 'first day', until: AT + 1 } })).toBe('waived')
  expect(drillOf(buildDirectory(smallSite()), person('ada'), undefined, AT)).toBe('unasked')
  expect([wantsDrill(directory, role('reg')), wantsDrill(directory, role('crew'))]).toEqual([true, false])
})
