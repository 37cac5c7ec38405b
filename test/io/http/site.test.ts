import { afterEach, beforeEach, expect, test } from 'vitest'
import { provedBy } from '../../../src/core/deliver/proof.ts'
import type { RotaView } from '../../../src/core/desk/people-views.ts'
import type { ReadinessView } from '../../../src/core/desk/readiness-view.ts'
import type { EstateView, SiteView } from '../../../src/core/desk/site-views.ts'
import type { StrangersView } from '../../../src/core/desk/views.ts'
import { FAULTS } from '../../../src/core/faults.ts'
import { asId, type BleepId } from '../../../src/core/ids.ts'
import { DAY, HOUR, printInstant } from '../../../src/core/instant.ts'
import { observe, watched } from '../../../src/core/measure/watch/availability.ts'
import { reasonOf } from '../../../src/core/measure/watch/standing.ts'
import { type Bed, FEEDS, KEYS, openBed } from '../../support/desk-bed.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

let bed: Bed
let clock: VirtualClock
const called: string[] = []
const asked: string[] = []

beforeEach(async () => {
  clock = new VirtualClock()
  called.length = 0
  asked.length = 0
  bed = await openBed({
    clock,
    parts: {
      shifts: () => [
        { name: 'day', from: clock.now() - 20 * HOUR, to: clock.now() - 8 * HOUR },
        { name: 'night', from: clock.now() - 8 * HOUR, to: clock.now() },
      ],
    },
    desk: {
      ready: async () => ({
        status: 'not-ready',
        reasons: [reasonOf({ code: 'no-feed', subject: 'feeds', unfit: true, since: clock.now() })],
      }),
      found: () => {
        const at = clock.now()
        const new_ = (subject: string) => watched('feed', subject, subject, at - HOUR, '2026-11', 90_000)
        const good = observe(new_('link'), { kind: 'said', at: at - HOUR })
        const down = observe(good, { kind: 'said', at, fault: 'port-absent' })
        return {
          things: [good, { ...down, subject: 'roof' }].map((t) => ({ ...t, node: 'north' })),
          feeds: FEEDS,
          air: [
            {
              node: 'north',
              transmitter: 'roof',
              asked: 12,
              heard: 10,
              garbled: 1,
              silent: 1,
              meanDelaySeconds: 2.5,
              longestDelaySeconds: 9,
            },
          ],
        }
      },
      async callTest(id) {
        called.push(id)
        return id === 'crash'
          ? bed.call({ text: 'TEST CALL', kind: 'test', class: 'test', roles: ['med-reg'] })
          : undefined
      },
      async askRole(bleep, role) {
        asked.push(`${bleep} ${role}`)
        return undefined
      },
    },
  })
})
afterEach(() => bed.close())

const ask = (key: string, method: 'GET' | 'POST', path: string, payload?: object) =>
  bed.http.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: { authorization: `Bearer ${key}` },
    ...(payload === undefined ? {} : { payload }),
  })

test('the board is told why we are not fit to page, which link is ill, and which crash roles nobody will carry', async () => {
  const site: SiteView = (await ask(KEYS.switchboard, 'GET', '/site')).json()
  expect(site).toMatchObject({
    ready: false,
    reasons: [{ code: 'no-feed', unfit: true }],
    ill: [{ subject: 'roof', state: 'failed', why: { code: 'port-absent' } }],
  })
  expect(site.unclaimed).toEqual([])
  const at = clock.now()
  await bed.roster.edit('test', { kind: 'leave', person: bed.holder('med-reg'), from: at - 1, to: at + HOUR })
  const gone: SiteView = (await ask(KEYS.switchboard, 'GET', '/site')).json()
  expect(gone.unclaimed).toMatchObject([{ role: 'med-reg', crash: true, reason: 'role-unheld' }])
  expect(gone.gaps).toMatchObject([{ role: 'med-reg', reason: 'rota-gap' }])
})

test('readiness tells each crash role’s holder now and next with the ways that ring, and what they lean on', async () => {
  const person = bed.holder('med-reg')
  const { id } = await bed.enrol({ person })
  const rows = async () => {
    const said = await ask(KEYS.switchboard, 'GET', '/readiness')
    expect(said.statusCode).toBe(200)
    const view: ReadinessView = said.json()
    return { view, held: view.roles.filter((r) => r.role === 'med-reg' && !r.next) }
  }
  expect((await rows()).held).toMatchObject([
    { holder: person, ways: [{ channel: 'socket' }], state: 'none' },
  ])
  expect((await rows()).held[0]?.ways[0]).not.toHaveProperty('proved')
  const at = clock.now()
  await bed.store.transact(async (tx) => {
    const device = await tx.devices.get(asId(id))
    if (device) await tx.devices.save(provedBy(device, 'socket', { at, by: 'roll-call' }))
  })
  const { view, held } = await rows()
  expect(held).toMatchObject([
    { state: 'proved', ways: [{ channel: 'socket', proved: printInstant(at), how: 'roll-call' }] },
  ])
  const rota: RotaView = (await ask(KEYS.switchboard, 'GET', '/rota')).json()
  const reg = rota.roles.find((r) => r.role === 'med-reg')
  const ways = [{ channel: 'socket', app: 'open', at: printInstant(at) }]
  expect(reg?.holders).toMatchObject([{ person, rings: { state: 'proved', at: printInstant(at), ways } }])
  // A handset that stays open has no push to prove.
  expect(reg?.holders[0]?.rings).not.toHaveProperty('closed')
  expect(view).toMatchObject({
    ready: false,
    broker: 'absent',
    backup: 'absent',
    reasons: [{ code: 'no-feed' }],
  })
  expect(view.roles.some((r) => r.next && r.state === 'none')).toBe(true)
  const estates: ReadinessView = (await ask(KEYS.estates, 'GET', '/readiness')).json()
  expect(estates.roles.filter((r) => r.holderName !== undefined)).toEqual([])
})

test('estates see every link with its month and what the air was heard to carry, and no rota', async () => {
  const estate: EstateView = (await ask(KEYS.estates, 'GET', '/supervised')).json()
  expect(estate.things.map((t) => [t.subject, t.state, t.availability, t.bound])).toEqual([
    ['link', 'good', undefined, 90_000],
    ['roof', 'failed', 1, 90_000],
  ])
  expect(estate.air).toMatchObject([{ transmitter: 'roof', asked: 12, heard: 10, garbled: 1, silent: 1 }])
  const site: SiteView = (await ask(KEYS.estates, 'GET', '/site')).json()
  expect([site.unclaimed, site.gaps, site.offers]).toEqual([[], [], []])
})

test('what a fault code means can be read by whoever has signed in', async () => {
  const { faults } = (await ask(KEYS.estates, 'GET', '/faults')).json()
  expect(faults).toHaveLength(Object.keys(FAULTS).length)
  expect(faults).toContainEqual({
    code: 'port-absent',
    severity: FAULTS['port-absent'].severity,
    sentence: FAULTS['port-absent'].sentence,
    remedy: FAULTS['port-absent'].remedy,
  })
})

test('a test call is made by the switchboard alone, and goes on the record', async () => {
  expect((await ask(KEYS.switchboard, 'POST', '/daily-tests/crash/calls')).statusCode).toBe(201)
  expect((await ask(KEYS.switchboard, 'POST', '/daily-tests/none/calls')).json()).toMatchObject({
    code: 'test-unknown',
  })
  expect((await ask(KEYS.governance, 'POST', '/daily-tests/crash/calls')).statusCode).toBe(403)
  expect(called).toEqual(['crash', 'none'])
  const { entries } = (await ask(KEYS.governance, 'GET', '/audit')).json()
  expect(entries.filter((e: { action: string }) => e.action === 'test.call')).toMatchObject([
    { subject: 'crash', outcome: 'done' },
    { subject: 'none', outcome: 'refused' },
  ])
})

test('a bleep is put only to a role there is', async () => {
  const path = '/review/b1/ask'
  expect((await ask(KEYS.switchboard, 'POST', path, { role: 'nobody' })).json().code).toBe('role-unknown')
  expect((await ask(KEYS.switchboard, 'POST', path, { role: 'med-reg' })).json().code).toBe('review-unknown')
  expect((await ask(KEYS.estates, 'POST', path, { role: 'med-reg' })).statusCode).toBe(403)
  expect(asked).toEqual(['b1 med-reg'])
})

test('addresses that nobody knows are listed, most often heard first, for as long as a day', async () => {
  const heard = async (id: string, number: string, at: number, text: string) => {
    const alert = await bed.call({ text, kind: 'call-back', class: 'routine', number, roles: ['med-reg'] })
    await bed.store.transact(async (tx) => {
      const bleep = (await tx.bleeps.get(alert.bleep))!
      const review = { reason: 'address-unknown', waits: false } as const
      await tx.bleeps.add({ ...bleep, id: asId<BleepId>(id), received: at, review })
    })
  }
  const now = clock.now()
  await heard('b1', 'ric:1/0', now - 2 * DAY, 'OLD')
  await heard('b2', 'ric:2/0', now - 3 * HOUR, 'ONCE')
  await heard('b3', 'ric:3/0', now - 2 * HOUR, 'FIRST')
  await heard('b4', 'ric:3/0', now - HOUR, 'LAST')
  const { addresses }: StrangersView = (await ask(KEYS.switchboard, 'GET', '/review/strangers')).json()
  expect(addresses.map((a) => [a.number, a.count, a.words, a.bleep])).toEqual([
    ['ric:3/0', 2, 'LAST', 'b4'],
    ['ric:2/0', 1, 'ONCE', 'b2'],
  ])
  const estates: StrangersView = (await ask(KEYS.estates, 'GET', '/review/strangers')).json()
  expect(JSON.stringify(estates)).not.toContain('LAST')
})

test('reports can be had of the shifts that have ended', async () => {
  const { shifts } = (await ask(KEYS.governance, 'GET', '/reports')).json()
  expect(shifts.map((s: { name: string }) => s.name)).toEqual(['night', 'day'])
  expect((await ask(KEYS.estates, 'GET', '/reports')).statusCode).toBe(403)
})

test('the rota gives the switchboard the number to ring, and nobody else', async () => {
  const of = async (key: string): Promise<RotaView['roles'][number] | undefined> =>
    (await ask(key, 'GET', '/rota')).json().roles.find((r: { role: string }) => r.role === 'med-reg')
  expect(await of(KEYS.switchboard)).toMatchObject({
    bleep: '1113',
    holders: [{ phone: expect.stringMatching(/^07700/) }],
  })
  expect((await of(KEYS.admin))?.holders[0]).not.toHaveProperty('phone')
})
