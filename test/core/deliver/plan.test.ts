import { describe, expect, test } from 'vitest'
import type { Plan } from '../../../src/core/alert/alert.ts'
import type { ChannelId } from '../../../src/core/deliver/channels.ts'
import type { Device } from '../../../src/core/deliver/device.ts'
import {
  barredBy,
  byChoice,
  type Deliver,
  effectOf,
  planAttempts,
  planRadio,
} from '../../../src/core/deliver/plan.ts'
import { given } from '../../../src/core/given.ts'
import type { AlertId, AttemptId, PersonId, RoleId } from '../../../src/core/ids.ts'
import { asId } from '../../../src/core/ids.ts'

const AT = Date.UTC(2026, 10, 22, 3, 0)
const ALERT = asId<AlertId>('alert-1')

const device = (id: string, channel: Device['channel'], more: Partial<Device> = {}): Device => ({
  id: asId(id),
  owner: { kind: 'person', person: asId('p1') },
  label: id,
  channel,
  address: '{}',
  state: 'active',
  enrolled: AT - 1000,
  ...more,
})

const deliver = (more: Partial<Deliver> = {}): Deliver => ({
  kind: 'deliver',
  key: 'alert-1/0/p1/1',
  to: asId('p1'),
  purpose: 'ask',
  path: 0,
  reason: 'first-sighting',
  ...more,
})

const ids = () => {
  let n = 0
  return () => asId<AttemptId>(`a${++n}`)
}

const ways = (
  effect: Deliver,
  devices: readonly Device[],
  c: 'emergency' | 'urgent' | 'routine' | 'test',
): string[] =>
  planAttempts(effect, ALERT, devices, c, AT, ids()).attempts.map((a) => `${a.device}:${a.channel}`)

const phone = device('phone', 'webpush', { seen: AT - 10 })
const tablet = device('tablet', 'apn', { seen: AT - 500 })
const display = device('display', 'mqtt')
const sms = device('sms', 'nudge')

const EVERYTHING = ['phone:webpush', 'tablet:apn', 'display:mqtt', 'phone:socket', 'tablet:socket']

describe('which devices ring on which path', () => {
  const all = [tablet, sms, display, phone]
  test.each([
    ['emergency', 0, EVERYTHING],
    ['emergency', 1, [...EVERYTHING, 'sms:nudge']],
    ['emergency', 9, [...EVERYTHING, 'sms:nudge']],
    ['urgent', 0, ['phone:webpush', 'display:mqtt']],
    ['urgent', 1, EVERYTHING],
    ['urgent', 2, [...EVERYTHING, 'sms:nudge']],
    ['routine', 0, ['phone:webpush', 'display:mqtt']],
    ['test', 1, EVERYTHING],
  ] as const)('%s, path %i', (c, path, want) => {
    expect(ways(deliver({ path }), all, c)).toEqual(want)
  })

  test('a stand-down goes to every device at once, but never as a nudge', () => {
    expect(ways(deliver({ purpose: 'stand-down' }), all, 'urgent')).toEqual(EVERYTHING)
  })

  test('an update stays on the LAN: a push would make the phone show something', () => {
    expect(ways(deliver({ purpose: 'update' }), all, 'emergency')).toEqual([
      'phone:socket',
      'tablet:socket',
      'display:mqtt',
    ])
  })

  test('revoked and signed-out devices are never asked, and nobody left is said with a reason', () => {
    const gone = (['revoked', 'signed-out'] as const).map((state) => device(state, 'webpush', { state }))
    const planned = planAttempts(deliver(), ALERT, gone, 'emergency', AT, ids())
    expect(planned).toEqual({ attempts: [], inbox: [], reason: 'no-device' })
  })

  test('a phone whose push address is dead is rung by the hospital network, and its inbox holds the call', () => {
    const dead = device('phone', 'webpush', { state: 'dead' })
    for (const c of ['emergency', 'routine'] as const)
      for (const path of [0, 1, 2]) expect(ways(deliver({ path }), [dead], c)).toEqual(['phone:socket'])
    const planned = planAttempts(deliver(), ALERT, [dead], 'emergency', AT, ids())
    expect(planned.inbox).toMatchObject([{ device: 'phone' }])
    expect(ways(deliver(), [dead, tablet], 'routine')).toEqual(['tablet:apn'])
    const text = device('sms', 'nudge', { state: 'dead' })
    expect(ways(deliver({ path: 2 }), [dead, text], 'urgent')).toEqual(['phone:socket'])
    expect(planAttempts(deliver(), ALERT, [text], 'urgent', AT, ids()).reason).toBe('no-device')
  })

  test.each(['emergency', 'routine'] as const)('whoever has only a number is texted at once: %s', (c) => {
    for (const path of [0, 1, 2]) expect(ways(deliver({ path }), [sms], c)).toEqual(['sms:nudge'])
    expect(planAttempts(deliver(), ALERT, [sms], c, AT, ids())).toMatchObject({ inbox: [] })
    expect(ways(deliver({ purpose: 'stand-down' }), [sms], c)).toEqual([])
  })

  test('a ward handset that has only the LAN socket is rung from the first path', () => {
    expect(ways(deliver(), [device('handset', 'socket')], 'routine')).toEqual(['handset:socket'])
  })
})

describe('the order of the ways of one person', () => {
  const voice = device('desk', 'voice')
  const all = [tablet, sms, voice, phone]
  const first = (devices: readonly Device[], order: readonly string[], more: Partial<Deliver> = {}) =>
    planAttempts(deliver(more), ALERT, devices, 'urgent', AT, ids(), order).attempts.map((a) => a.device)

  test('the phone seen last, where nobody has said otherwise', () =>
    expect(first(all, [])).toEqual(['phone']))

  test('what the site names comes first, a telephone call among it', () => {
    expect(first(all, ['apn', 'webpush'])).toEqual(['tablet'])
    expect(first(all, ['voice'])).toEqual(['desk'])
    expect(first([phone, sms], ['voice', 'nudge'])).toEqual(['sms'])
  })

  test('what its holder has chosen comes before what the site names', () => {
    expect(first([tablet, voice, { ...phone, rank: 2 }, { ...sms, rank: 1 }], ['voice'])).toEqual(['sms'])
  })

  test('an emergency rings everything whatever was chosen, and what was named for it at once', () => {
    const chosen = [{ ...tablet, rank: 1 }, sms, voice, phone]
    const rung = planAttempts(deliver(), ALERT, chosen, 'emergency', AT, ids(), ['voice']).attempts
    expect(rung.map((a) => `${a.device}:${a.channel}`)).toEqual([
      ...['phone:webpush', 'tablet:apn', 'phone:socket', 'tablet:socket', 'desk:voice'],
    ])
  })

  test('a step that names a way rings it at once, beside what is first, and each way once', () => {
    expect(first(all, [], { by: ['voice'] })).toEqual(['phone', 'desk'])
    expect(first(all, ['voice'], { by: ['voice'] })).toEqual(['desk'])
    const last = planAttempts(deliver({ path: 5, by: ['voice'] }), ALERT, all, 'urgent', AT, ids()).attempts
    expect(last.filter((a) => a.channel === 'voice')).toHaveLength(1)
  })

  test('whatever was chosen, the paths end with every way there is', () => {
    for (const rank of [undefined, 1, 9])
      for (const order of [[], ['voice'], ['nudge', 'apn']]) {
        const chosen = all.map((d) => (rank === undefined ? d : { ...d, rank }))
        const rung = planAttempts(deliver({ path: 3 }), ALERT, chosen, 'routine', AT, ids(), order).attempts
        expect(new Set(rung.map((a) => a.device))).toEqual(new Set(['phone', 'tablet', 'sms', 'desk']))
      }
  })
})

test('a device rung two ways finds the alert once in its inbox; keys come from the effect', () => {
  const { attempts, inbox } = planAttempts(deliver(), ALERT, [phone], 'emergency', AT, ids())
  expect(attempts.map((a) => a.key)).toEqual(['alert-1/0/p1/1/phone/webpush', 'alert-1/0/p1/1/phone/socket'])
  expect(attempts.map(effectOf)).toEqual(['alert-1/0/p1/1', 'alert-1/0/p1/1'])
  expect(inbox).toEqual([
    {
      device: 'phone',
      person: 'p1',
      alert: ALERT,
      attempt: 'a1',
      purpose: 'ask',
      at: AT,
      expires: AT + 300_000,
    },
  ])
})

test('a radio re-page is one attempt under its own key', () => {
  const attempt = planRadio(
    { kind: 'radio', key: 'alert-1/radio/1', reason: 'path-failed' },
    ALERT,
    'emergency',
    AT,
    asId('r1'),
  )
  expect(attempt).toMatchObject({
    channel: 'radio',
    device: 'radio',
    key: 'alert-1/radio/1',
    state: 'queued',
  })
  expect(effectOf(attempt)).toBe('alert-1/radio/1')
})

test('an attempt begins queued, now, and expires when ringing would mislead', () => {
  const own = { state: 'queued', try: 0, created: AT, due: AT, expires: AT + 300_000, class: 'emergency' }
  const asked = { person: 'p1', purpose: 'again', reason: 'first-sighting' }
  const [first] = planAttempts(deliver({ purpose: 'again' }), ALERT, [phone], 'emergency', AT, ids()).attempts
  expect(first).toMatchObject({ ...own, ...asked, channel: 'webpush' })
  const radio = planRadio(
    { kind: 'radio', key: 'k', reason: 'path-failed' },
    ALERT,
    'emergency',
    AT,
    asId('r1'),
  )
  expect(radio).toMatchObject({
    ...own,
    person: 'radio',
    purpose: 'ask',
    channel: 'radio',
    reason: 'path-failed',
  })
})

test('two devices each find the alert in their own inbox', () => {
  const { inbox } = planAttempts(deliver(), ALERT, [phone, tablet], 'emergency', AT, ids())
  expect(inbox.map((row) => row.device)).toEqual(['phone', 'tablet'])
})

test('a phone with nothing but the socket is of the LAN, and one with a provider is rung there first', () => {
  const handset = device('handset', 'socket', { seen: AT })
  expect(ways(deliver(), [handset, phone], 'routine')).toEqual(['phone:webpush'])
  expect(ways(deliver(), [handset, phone], 'emergency')).toEqual([
    'phone:webpush',
    'handset:socket',
    'phone:socket',
  ])
  expect(ways(deliver(), [device('android', 'fcm')], 'emergency')).toEqual(['android:fcm', 'android:socket'])
})

test('where only a number is left, what is no ring reaches nobody, and says so', () => {
  expect(planAttempts(deliver({ purpose: 'update' }), ALERT, [sms], 'urgent', AT, ids())).toEqual({
    ...{ attempts: [], inbox: [], reason: 'no-device' },
  })
})

test('as somebody’s ways are read: what they have chosen, then the phone seen last, then what is kept for last', () => {
  const chosen = device('chosen', 'voice', { rank: 2 })
  const first = device('first', 'nudge', { rank: 1 })
  const fresh = device('fresh', 'webpush', { enrolled: AT })
  expect([sms, tablet, chosen, fresh, phone, first].toSorted(byChoice).map((d) => d.id)).toEqual([
    ...['first', 'chosen', 'fresh', 'phone', 'tablet', 'sms'],
  ])
})

test('what a site’s order does not name stands behind what it names, and a way named for a step goes to no other', () => {
  const all = [tablet, phone, sms]
  const order = (by: readonly string[]) =>
    planAttempts(deliver(), ALERT, all, 'urgent', AT, ids(), by).attempts.map((a) => a.device)
  expect(order(['mqtt', 'apn'])).toEqual(['tablet'])
  expect(order(['nudge'])).toEqual(['sms'])
  expect(order([])).toEqual(['phone'])
})

describe('ways that the trust’s policy bars', () => {
  const planned = (
    c: 'emergency' | 'urgent',
    devices: readonly Device[],
    barred: (d: Device, channel: string) => boolean,
  ) => planAttempts(deliver(), ALERT, devices, c, AT, ids(), [], barred)

  test('are not taken while another is left', () => {
    const rung = planned('emergency', [phone, tablet], (_, channel) => channel === 'socket')
    expect(rung.attempts.map((a) => `${a.device}:${a.channel}:${a.reason}`)).toEqual([
      'phone:webpush:first-sighting',
      'tablet:apn:first-sighting',
    ])
  })

  test('leave nobody to ring by a call that can wait, and that is said', () => {
    expect(planned('urgent', [phone], () => true)).toEqual({
      ...{ attempts: [], inbox: [], reason: 'ways-barred' },
    })
  })

  test('never keep an emergency from the last way there is, which is on the record', () => {
    const rung = planned('emergency', [phone], () => true)
    expect(rung.attempts.map((a) => `${a.channel}:${a.reason}`)).toEqual([
      'webpush:bars-lifted',
      'socket:bars-lifted',
    ])
    expect(rung.inbox).toHaveLength(1)
  })
})

describe('what the bars of a plan say of somebody’s ways', () => {
  const p1 = asId<PersonId>('p1')
  const people = new Map([[p1, { id: p1, name: 'Ada', staffGroup: 'doctor', active: true }]])
  const barred = (bars: Plan['bars'], d: Device, channel: ChannelId, roles: readonly string[] = []) =>
    barredBy(given({ bars }), { people }, p1, roles.map(asId<RoleId>))(d, channel)

  test('without bars everything is let', () => {
    expect(barred(undefined, phone, 'webpush')).toBe(false)
  })

  test('by way, by whose device it is, by staff group and role', () => {
    expect(barred([{ never: ['webpush'] }], phone, 'webpush')).toBe(true)
    expect(barred([{ never: ['webpush'] }], phone, 'socket')).toBe(false)
    const shared = device('ward', 'webpush', { owner: { kind: 'role', role: asId('reg') } })
    expect(barred([{ devices: 'own', never: ['webpush'] }], phone, 'webpush')).toBe(true)
    expect(barred([{ devices: 'own', never: ['webpush'] }], shared, 'webpush')).toBe(false)
    expect(barred([{ staffGroups: ['doctor'], only: ['socket'] }], phone, 'webpush')).toBe(true)
    expect(barred([{ staffGroups: ['porter'], only: ['socket'] }], phone, 'webpush')).toBe(false)
    expect(barred([{ roles: ['reg'], never: ['webpush'] }], phone, 'webpush', ['reg'])).toBe(true)
    expect(barred([{ roles: ['reg'], never: ['webpush'] }], phone, 'webpush', ['sho'])).toBe(false)
  })
})

test('what is kept for last stands behind every phone, however lately it was seen', () => {
  const lately = device('lately', 'nudge', { seen: AT })
  expect([lately, phone].toSorted(byChoice).map((d) => d.id)).toEqual(['phone', 'lately'])
  expect([phone, lately].toSorted(byChoice).map((d) => d.id)).toEqual(['phone', 'lately'])
})

test('a number that nobody has named is no first way, though it was seen last', () => {
  const lately = device('lately', 'nudge', { seen: AT })
  expect(ways(deliver(), [lately, tablet], 'routine')).toEqual(['tablet:apn'])
})
