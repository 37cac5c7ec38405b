import { afterEach, beforeEach, expect, test } from 'vitest'
import { asId, type DeviceId } from '../../../src/core/ids.ts'
import { MINUTE } from '../../../src/core/instant.ts'
import { startShiftEnd } from '../../../src/run/keep/shift-end.ts'
import type { Loop } from '../../../src/run/loop.ts'
import { type Bed, KEYS, openBed, SHIFT_END } from '../../support/desk-bed.ts'
import { listeningMetrics, quietLog } from '../../support/quiet.ts'
import { smallSite } from '../../support/small-site.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

let bed: Bed
let clock: VirtualClock
let loop: Loop
let woken: string[]
const metrics = listeningMetrics()

/** ada is on until 20:00, then ben; it is 19:00. */
beforeEach(async () => {
  clock = new VirtualClock(Date.parse('2026-11-23T19:00:00Z'))
  bed = await openBed({ clock, site: smallSite() })
  woken = []
  metrics.counted.length = 0
  loop = startShiftEnd({
    ...{ store: bed.store, clock, wake: bed.store.wake, log: quietLog, metrics },
    directory: bed.roster.current,
    rules: SHIFT_END,
    tell: async (device) => woken.push(device.id) > 0,
  })
})
afterEach(async () => {
  await loop.stop()
  await bed.close()
})

const CALL = { text: 'ADULT ARREST WARD 7B', kind: 'met', class: 'urgent', roles: ['reg'] } as const

async function get(path: string, token: string) {
  const url = `/api/v1${path}`
  const said = await bed.http.app.inject({
    method: 'GET',
    url,
    headers: { authorization: `Bearer ${token}` },
  })
  return { status: said.statusCode, body: said.json(), text: said.body }
}
const deviceOf = (id: string) => bed.store.transact((tx) => tx.devices.get(asId<DeviceId>(id)))
const close = (id: string, version: number) =>
  bed.desk.manage({ kind: 'operator', access: 'switchboard', operator: 'op' }, asId(id), {
    action: 'close',
    version,
  })

async function closedAlert(token: string): Promise<string> {
  const alert = await bed.call(CALL)
  await get('/inbox', token)
  const now = await bed.store.transact((tx) => tx.alerts.get(alert.id))
  await close(alert.id, now?.version ?? 0)
  return alert.id
}

test('half an hour after the last duty nothing of the shift is given again, the phone is woken, the act is on record', async () => {
  const phone = await bed.enrol({ person: 'ada' })
  const alert = await closedAlert(phone.token)
  const before = await get('/inbox', phone.token)
  expect(before.text).toContain('ADULT ARREST')
  expect(before.body.items[0].until).toBe('2026-11-23T20:30:00.000Z')
  expect(before.body.kept).toEqual({
    shared: false,
    people: [{ person: 'ada', until: '2026-11-23T20:30:00.000Z' }],
  })

  await clock.elapse(89 * MINUTE)
  expect((await get('/inbox', phone.token)).text).toContain('ADULT ARREST')
  expect(woken).toEqual([])

  await clock.elapse(2 * MINUTE)
  expect(woken).toEqual([phone.id])
  const after = await get('/inbox', phone.token)
  expect(after.body).toMatchObject({ items: [], kept: { cleared: expect.stringContaining('T20:3') } })
  expect(await get(`/alerts/${alert}`, phone.token)).toMatchObject({
    status: 410,
    body: { code: 'content-cleared' },
  })
  expect((await get('/me', phone.token)).body).toMatchObject({ device: { state: 'active' }, roles: [] })
  const { entries } = (await get('/audit', KEYS.governance)).body
  expect(entries).toContainEqual(
    expect.objectContaining({ actor: 'system', action: 'device.shift-end', subject: phone.id }),
  )
  expect(metrics.counted).toContainEqual(['bleepbridge_reasons_total', { reason: 'shift-ended' }, 1])

  await clock.elapse(60 * MINUTE)
  expect(woken).toEqual([phone.id])
})

test('while its holder is still on an open alert nothing goes; when that is over it does', async () => {
  const phone = await bed.enrol({ person: 'ada' })
  const alert = await bed.call(CALL)
  await get('/inbox', phone.token)
  await clock.elapse(3 * 60 * MINUTE)
  expect(woken).toEqual([])
  expect((await get('/inbox', phone.token)).text).toContain('ADULT ARREST')
  expect((await get(`/alerts/${alert.id}`, phone.token)).status).toBe(200)
  const waits = metrics.counted.filter(([, labels]) => labels?.reason === 'shift-end-waits')
  expect(waits).toHaveLength(1)

  const now = await bed.store.transact((tx) => tx.alerts.get(alert.id))
  await close(alert.id, now?.version ?? 0)
  await clock.elapse(31 * MINUTE)
  expect(woken).toEqual([phone.id])
  expect((await get('/inbox', phone.token)).body.items).toEqual([])
})

test('a ward handset stays enrolled and goes to the next holder without what the last one was told', async () => {
  const handset = await bed.enrol({ role: 'reg' })
  await closedAlert(handset.token)
  await clock.elapse(70 * MINUTE)
  const bens = await bed.call({ ...CALL, text: 'BEN IS ASKED' })
  await clock.elapse(25 * MINUTE)
  expect(woken).toEqual([handset.id])
  const { body, text } = await get('/inbox', handset.token)
  expect(text).not.toContain('ADULT ARREST')
  expect(body.items.map((i: { alert: { id: string } }) => i.alert.id)).toContain(bens.id)
  expect(body.kept).toMatchObject({ shared: true, people: [{ person: 'ben' }] })
  expect((await deviceOf(handset.id))?.state).toBe('active')
  expect((await get('/me', handset.token)).body).toMatchObject({ person: 'ben', people: [{ person: 'ben' }] })
})

test('who is still on an open alert sees and answers it on the ward handset after the shift, in their own name', async () => {
  const handset = await bed.enrol({ role: 'reg' })
  const alert = await bed.call(CALL)
  await get('/inbox', handset.token)
  await clock.elapse(2 * 60 * MINUTE)
  expect(woken).toEqual([])
  const { status, body } = await get(`/alerts/${alert.id}`, handset.token)
  expect([status, body.you.person]).toEqual([200, 'ada'])
  const answer = (person: string) =>
    bed.desk.answer({ kind: 'device', access: 'holder', device: asId(handset.id) }, alert.id, {
      answer: 'arrived',
      version: body.version,
      person: asId(person),
    })
  expect(await answer('cat')).toMatchObject({ ok: false, fault: { code: 'not-permitted' } })
  expect(await answer('ada')).toMatchObject({ ok: true, value: { you: 'arrived' } })
})

test('the phone rings again when its person is next on duty', async () => {
  const phone = await bed.enrol({ person: 'ada' })
  await closedAlert(phone.token)
  await clock.elapse(13.5 * 60 * MINUTE)
  await bed.call({ ...CALL, text: 'NEXT MORNING' })
  const { body, text } = await get('/inbox', phone.token)
  expect(body.items).toMatchObject([{ ring: true, until: '2026-11-24T20:30:00.000Z' }])
  expect(text).not.toContain('ADULT ARREST')
})

test('a phone that was signed out or revoked is left alone', async () => {
  const phone = await bed.enrol({ person: 'ada' })
  await closedAlert(phone.token)
  await bed.desk.signOut({ kind: 'device', access: 'holder', device: asId(phone.id) })
  await clock.elapse(2 * 60 * MINUTE)
  expect(woken).toEqual([])
})
