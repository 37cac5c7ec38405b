import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Bleep } from '../../../src/core/bleep/bleep.ts'
import { meaningOf } from '../../../src/core/bleep/classify.ts'
import { rulesSchema } from '../../../src/core/bleep/rule-schema.ts'
import { compileRules } from '../../../src/core/bleep/rules.ts'
import { asId, type BleepId, type DeviceId } from '../../../src/core/ids.ts'
import { HOUR, MINUTE, SECOND } from '../../../src/core/instant.ts'
import { policiesSchema } from '../../../src/core/route/policy.ts'
import { StoreFault } from '../../../src/ports/store.ts'
import { startTell } from '../../../src/run/alert/askers.ts'
import { type Raise, startRaise } from '../../../src/run/alert/raise.ts'
import { aBleep } from '../../contract/store.ts'
import { type Bed, KEYS, openBed } from '../../support/desk-bed.ts'
import { quietLog, quietMetrics } from '../../support/quiet.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const WARD = 'Ward 1A'
const RULES = compileRules(rulesSchema.parse({}))
if (!RULES.ok) throw new Error('the starter rules do not compile')
const rules = RULES.rules
const policies = policiesSchema.parse({ asks: { toldWithinMs: 30_000 } })

let bed: Bed
let clock: VirtualClock
let raise: Raise
let tell: { stop(): Promise<void> }
let screen: string
let other: string
let doctor: { token: string; id: string }

beforeEach(async () => {
  clock = new VirtualClock(Date.UTC(2026, 8, 8, 12))
  bed = await openBed({
    clock,
    desk: {
      asks: () => policies.asks,
      sounds: (bleep: Bleep) => meaningOf(bleep, bed.roster.current(), rules).class,
    },
  })
  const tools = { ...bed, log: quietLog, metrics: quietMetrics, directory: bed.roster.current }
  const random = { bytes: (n: number) => new Uint8Array(n).fill(7) }
  raise = startRaise({
    ...{ ...tools, random, policies: () => policies },
    classify: (bleep, directory) => meaningOf(bleep, directory, rules),
  })
  tell = startTell({ ...tools, within: () => policies.asks.toldWithinMs })
  screen = (await bed.enrol({ ward: WARD })).token
  other = (await bed.enrol({ ward: 'Ward 1B' })).token
  doctor = await bed.enrol({ person: bed.holder('med-reg') })
})
afterEach(async () => {
  await raise.stop()
  await tell.stop()
  await bed.close()
})

const call = async (key: string, method: 'GET' | 'POST' | 'DELETE', path: string, body?: object) => {
  const said = await bed.http.app.inject({
    ...{ method, url: `/api/v1${path}`, headers: { authorization: `Bearer ${key}` } },
    ...(body === undefined ? {} : { payload: body }),
  })
  return { status: said.statusCode, body: said.json() }
}
const ROUTINE = {
  role: 'med-reg',
  urgency: 'routine',
  what: 'cannula out, antibiotics due',
  want: 'review',
  callBack: '70123',
}
const ask = (more: object = {}, key = screen) => call(key, 'POST', '/asks', { ...ROUTINE, ...more })
const asked = async (key = screen) => (await call(key, 'GET', '/asks')).body.asks
const inbox = async () => (await call(doctor.token, 'GET', '/inbox?since=0')).body.items

test('a ward asks, the doctor sees who and where, answers, and the ward is told with a receipt', async () => {
  const made = await ask({ about: { place: 'Bed 4', identifier: '943 476 5919' } })
  expect(made).toMatchObject({
    status: 201,
    body: { ask: { state: 'sent', ward: WARD, extension: '70123' } },
  })
  await raise.run()
  const [item] = await inbox()
  expect(item.alert).toMatchObject({
    ...{ class: 'routine', kind: 'call-back', place: 'Bed 4', callBack: '70123' },
    ...{ to: 'Medical registrar', ward: WARD },
  })
  expect(item.alert.words).toContain('943 476 5919')
  const [before] = await asked()
  expect(before).toMatchObject({ to: 'Medical registrar', answer: false, open: true })
  // A screen hangs where visitors pass.
  expect(before.words).not.toContain('943 476 5919')

  const { id, version } = item.alert
  await call(doctor.token, 'POST', `/alerts/${id}/answers`, { answer: 'call-back', version })
  const [promised] = await asked()
  expect(promised).toMatchObject({ state: 'will-ring', answer: true, owed: true })
  expect(promised.sentence).toMatch(/ will ring 70123\.$/)
  const told = await call(screen, 'POST', `/asks/${promised.id}/told`, { said: promised.said })
  expect(told).toMatchObject({ status: 200, body: { owed: false } })
  const row = await bed.store.transact((tx) => tx.asks.get(asId<BleepId>(promised.id)))
  expect(row).toMatchObject({ known: clock.now(), ward: WARD })
})

test('a bleep by radio belongs to the ward whose telephone it names', async () => {
  const page = { ...aBleep('b').page, text: 'PLS CALL 70123', lastByte: clock.now() }
  await bed.store.transact((tx) =>
    tx.bleeps.add(aBleep('b', { number: '1113', page, received: clock.now() })),
  )
  await raise.run()
  expect(await asked()).toMatchObject([{ id: 'b', ward: WARD, extension: '70123', words: 'PLS CALL 70123' }])
  expect(await asked(other)).toEqual([])
  expect((await call(other, 'POST', '/asks/b/told', { said: 'sent' })).status).toBe(404)
})

test('shown before the answer came is not told: only a receipt of what stands counts', async () => {
  await ask()
  await raise.run()
  const [first] = await asked()
  await call(screen, 'POST', `/asks/${first.id}/told`, { said: first.said })
  const [{ alert }] = await inbox()
  await call(doctor.token, 'POST', `/alerts/${alert.id}/answers`, {
    answer: 'accepted',
    version: alert.version,
  })
  await call(screen, 'POST', `/asks/${first.id}/told`, { said: first.said })
  const row = await bed.store.transact((tx) => tx.asks.get(asId<BleepId>(first.id)))
  expect(row?.known).toBeUndefined()
  expect(await asked()).toMatchObject([{ state: 'coming', owed: true }])
})

test('a screen that is off: the switchboard has its turn, reads it out, and that is on record', async () => {
  await ask()
  await raise.run()
  const [{ alert }] = await inbox()
  await call(doctor.token, 'POST', `/alerts/${alert.id}/answers`, {
    answer: 'accepted',
    version: alert.version,
  })
  await clock.elapse(6 * SECOND)
  expect(await asked(KEYS.switchboard)).toEqual([])
  await clock.elapse(40 * SECOND)
  const [left] = await asked(KEYS.switchboard)
  expect(left).toMatchObject({ ward: WARD, extension: '70123', state: 'coming', alert: alert.id })
  await call(KEYS.switchboard, 'POST', `/asks/${left.id}/told`, { said: left.said })
  expect(await asked(KEYS.switchboard)).toEqual([])
  const [kept] = await asked()
  expect(kept.told.map(({ way, by }: { way: string; by?: string }) => [way, by])).toEqual([
    ['screen', undefined],
    ['switchboard', undefined],
    ['switchboard', 'switchboard-op'],
  ])
})

test('with an exchange the extension that asked is called in between: a key makes it told, silence does not', async () => {
  await tell.stop()
  const said: string[] = []
  let key: 'heard' | 'unheard' = 'unheard'
  tell = startTell({
    ...{ ...bed, log: quietLog, metrics: quietMetrics, directory: bed.roster.current },
    within: () => policies.asks.toldWithinMs,
    speak: async (extension, sentence) => {
      said.push(`${extension} ${sentence}`)
      return key
    },
  })
  const answered = async (id: string) => {
    const item = (await inbox()).find((one: { alert: { id: string } }) => one.alert.id === id)
    const { version } = item.alert
    await call(doctor.token, 'POST', `/alerts/${id}/answers`, { answer: 'accepted', version })
  }
  await ask()
  await raise.run()
  await answered((await inbox())[0].alert.id)
  await clock.elapse(40 * SECOND)
  expect(said).toEqual([expect.stringMatching(/^70123 .* is coming\.$/)])
  expect(await asked(KEYS.switchboard)).toEqual([])
  await clock.elapse(40 * SECOND)
  expect(await asked(KEYS.switchboard)).toHaveLength(1)

  key = 'heard'
  await ask({ what: 'another matter' })
  await raise.run()
  await answered((await inbox()).at(-1).alert.id)
  await clock.elapse(80 * SECOND)
  expect(said).toHaveLength(2)
  expect(await asked(KEYS.switchboard)).toHaveLength(1)
  const told = (await asked())[0].told
  expect(told.map(({ way, said }: { way: string; said?: string }) => [way, said !== undefined])).toEqual([
    ['screen', false],
    ['call', false],
    ['call', true],
  ])
})

test('whoever asked by phone is rung when somebody answers, and only the look at it makes it told', async () => {
  await tell.stop()
  const rung: string[] = []
  tell = startTell({
    ...{ ...bed, log: quietLog, metrics: quietMetrics, directory: bed.roster.current },
    within: () => policies.asks.toldWithinMs,
    ring: async (device, id) => rung.push(`${device.id} ${id}`) > 0,
  })
  const own = await bed.enrol({ person: bed.holder('anaes-reg') })
  await ask({}, own.token)
  await raise.run()
  const [{ alert }] = await inbox()
  const { version } = alert
  await call(doctor.token, 'POST', `/alerts/${alert.id}/answers`, { answer: 'call-back', version })
  await clock.elapse(6 * SECOND)
  const [mine] = await asked(own.token)
  expect(rung).toEqual([`${own.id} ask-${mine.id}`])
  expect(mine).toMatchObject({ state: 'will-ring', owed: true })
  // Nobody else's phone may speak for them.
  const other = await bed.enrol({ person: bed.holder('surg-reg') })
  expect((await call(other.token, 'POST', `/asks/${mine.id}/told`, { said: mine.said })).status).toBe(404)
  await call(own.token, 'POST', `/asks/${mine.id}/told`, { said: mine.said })
  await clock.elapse(90 * SECOND)
  expect(await asked(KEYS.switchboard)).toEqual([])
  expect((await asked(own.token))[0].told).toMatchObject([
    { way: 'phone' },
    { way: 'phone', said: mine.said },
  ])
})

test('a ward without a screen, bleeped for by radio: the switchboard has its turn as soon as somebody has answered', async () => {
  const page = { ...aBleep('c').page, text: 'PLS CALL 70500', lastByte: clock.now() }
  await bed.store.transact((tx) =>
    tx.bleeps.add(aBleep('c', { number: '1113', page, received: clock.now() })),
  )
  await raise.run()
  await clock.elapse(6 * SECOND)
  expect(await asked(KEYS.switchboard)).toEqual([])
  const [{ alert }] = await inbox()
  const answer = { answer: 'accepted', version: alert.version }
  await call(doctor.token, 'POST', `/alerts/${alert.id}/answers`, answer)
  await clock.elapse(6 * SECOND)
  expect(await asked(KEYS.switchboard)).toMatchObject([{ id: 'c', extension: '70500', state: 'coming' }])
  // Two hours later nobody waits at that telephone any more, and the list does not grow for ever.
  await clock.elapse(2 * HOUR)
  expect(await asked(KEYS.switchboard)).toEqual([])
})

test('whoever asks a third time within half a minute is told as well, though that bleep was joined to the second', async () => {
  const asks = async (id: string, after?: string) => {
    const page = { ...aBleep(id).page, text: 'PLS CALL 70500', lastByte: clock.now() }
    const related =
      after === undefined ? {} : { related: { bleep: asId<BleepId>(after), reason: 'echo-bleep' } as const }
    await bed.store.transact((tx) =>
      tx.bleeps.add(aBleep(id, { number: '1113', page, received: clock.now(), ...related })),
    )
    await raise.run()
    await clock.elapse(20 * SECOND)
  }
  await asks('c1')
  await asks('c2', 'c1')
  await asks('c3', 'c2')
  const [{ alert }] = await inbox()
  const answer = { answer: 'accepted', version: alert.version }
  await call(doctor.token, 'POST', `/alerts/${alert.id}/answers`, answer)
  await clock.elapse(6 * SECOND)
  expect(
    (await asked(KEYS.switchboard)).map(({ id, state }: { id: string; state: string }) => [id, state]),
  ).toEqual([
    ['c1', 'coming'],
    ['c2', 'coming'],
    ['c3', 'coming'],
  ])
})

test('a busy hospital: hundreds that nobody has told yet keep no ward from its turn, and one that was tried stands first', async () => {
  const waiting = (i: number, ward: string) =>
    bed.store.transact((tx) => {
      const id = asId<BleepId>(`old-${String(i).padStart(3, '0')}`)
      return tx.asks.add({
        ...{ bleep: id, at: clock.now() - MINUTE, ward },
        told: [{ way: 'switchboard', at: clock.now() - MINUTE }],
      })
    })
  for (let i = 0; i < 450; i++) await waiting(i, 'Ward 9Z')
  await ask()
  await raise.run()
  const [{ alert }] = await inbox()
  await call(doctor.token, 'POST', `/alerts/${alert.id}/answers`, {
    ...{ answer: 'call-back', version: alert.version },
  })
  await clock.elapse(6 * SECOND)
  expect((await asked())[0].told).toMatchObject([{ way: 'screen' }])
  await clock.elapse(60 * SECOND)
  expect((await asked(KEYS.switchboard))[0]).toMatchObject({
    ward: WARD,
    told: [{ way: 'screen' }, { way: 'switchboard' }],
  })
})

test('an asker who has signed out since is rung no more: the next way has its turn at once', async () => {
  const own = await bed.enrol({ person: bed.holder('anaes-reg') })
  await ask({}, own.token)
  await raise.run()
  expect((await call(own.token, 'DELETE', '/devices/me')).status).toBeLessThan(300)
  const [{ alert }] = await inbox()
  const answer = { answer: 'call-back', version: alert.version }
  await call(doctor.token, 'POST', `/alerts/${alert.id}/answers`, answer)
  await clock.elapse(6 * SECOND)
  expect((await call(own.token, 'GET', '/asks')).status).toBe(401)
  expect(await asked(KEYS.switchboard)).toMatchObject([
    { extension: '70123', told: [{ way: 'switchboard' }] },
  ])
})

test('asker and doctor write to one another on the record of the call', async () => {
  await ask()
  await raise.run()
  const [{ alert }] = await inbox()
  await call(doctor.token, 'POST', `/alerts/${alert.id}/thread`, {
    kind: 'note',
    text: 'how is the lactate?',
  })
  const [one] = await asked()
  expect(one.replies).toMatchObject([{ text: 'how is the lactate?', own: false }])
  expect((await call(screen, 'POST', `/asks/${one.id}/replies`, { text: '2.1, rising' })).status).toBe(200)
  const page = (await call(doctor.token, 'GET', `/alerts/${alert.id}`)).body
  expect(page.thread.at(-1)).toMatchObject({ name: WARD, text: '2.1, rising' })
})

test('an emergency is dialled unless the site lets screens call it; words that sound like one ring as one', async () => {
  const refused = await ask({ urgency: 'emergency' })
  expect(refused).toMatchObject({ status: 409, body: { code: 'ask-emergency', detail: '2222' } })
  const made = await ask({ what: 'CARDIAC ARREST BED 4' })
  expect(made).toMatchObject({ status: 201, body: { dial: '2222' } })
  await raise.run()
  expect((await inbox())[0].alert.class).toBe('emergency')
})

test('the screens of a ward that are woken together are served by one reading, each as far as it may still look', async () => {
  const screens: string[] = []
  for (let i = 0; i < 5; i++) screens.push((await bed.enrol({ ward: WARD })).id)
  await ask()
  await ask({}, other)
  await bed.store.transact(async (tx) => {
    const device = await tx.devices.get(asId(screens.at(-1) ?? ''))
    if (device !== undefined) await tx.devices.save({ ...device, state: 'revoked' })
  })
  const transact = vi.spyOn(bed.store, 'transact')
  const said = await Promise.all(
    screens.map((id) => bed.desk.asks({ kind: 'device', access: 'ward', device: asId(id) })),
  )
  expect(transact).toHaveBeenCalledTimes(1)
  const lists = said.flatMap((one) => (one.ok ? [one.value] : []))
  expect(lists).toHaveLength(4)
  expect(new Set(lists).size).toBe(1)
  expect(lists[0]?.asks.map(({ ward }) => ward)).toEqual([WARD])
  expect(said.at(-1)).toMatchObject({ ok: false, fault: { code: 'not-signed-in' } })
  transact.mockRestore()
})

test('a store that is away fails all who wait, and the next question is asked anew', async () => {
  const { id } = await bed.enrol({ ward: WARD })
  const caller = { kind: 'device', access: 'ward', device: asId<DeviceId>(id) } as const
  const transact = vi.spyOn(bed.store, 'transact').mockRejectedValueOnce(new StoreFault('store-lost'))
  const both = await Promise.allSettled([bed.desk.asks(caller), bed.desk.asks(caller)])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  transact.mockRestore()
  expect((await bed.desk.asks(caller)).ok).toBe(true)
})

test('a flood from one screen is refused and said, and no other screen is touched', async () => {
  for (let i = 0; i < 6; i++) expect((await ask({ what: `call ${i}` })).status).toBe(201)
  expect(await ask()).toMatchObject({ status: 429, body: { code: 'asks-too-many' } })
  expect((await ask({}, other)).status).toBe(201)
  await clock.elapse(2 * MINUTE)
  expect((await ask()).status).toBe(201)
})

test('a screen asks and is told, and reads nothing else; nobody enrols a ward that no telephone has', async () => {
  for (const path of ['/alerts', '/inbox', '/readiness', '/devices'])
    expect([path, (await call(screen, 'GET', path)).status]).toEqual([path, 403])
  const choices = (await call(screen, 'GET', '/asks/choices')).body
  expect(choices).toMatchObject({ ward: WARD, callBacks: ['70123', '70124'], dial: '2222' })
  const registrar = (roles: readonly { role: string }[]) => roles.find(({ role }) => role === 'med-reg')
  expect(registrar(choices.roles)).toMatchObject({ reachable: true, open: 0 })
  for (let i = 0; i < 51; i++)
    await bed.call({ text: `CALL ${i}`, kind: 'call-back', class: 'routine', roles: ['med-reg'] })
  expect(registrar((await call(screen, 'GET', '/asks/choices')).body.roles)).toMatchObject({ open: 51 })
  const unknown = await call(KEYS.switchboard, 'POST', '/enrolments', { kind: 'ward', id: 'Ward 99' })
  expect(unknown.body.code).toBe('ward-unknown')
  const known = await call(KEYS.switchboard, 'POST', '/enrolments', { kind: 'ward', id: WARD })
  expect(known.body.link).toMatch(/\/ward\/#enrol=/)
})

test('an asker who has left the trust keeps no phone to be told by, and the ward is told all the same', async () => {
  const own = await bed.enrol({ person: bed.holder('anaes-reg') })
  await ask({}, own.token)
  await raise.run()
  await bed.desk.revoke({ kind: 'operator', access: 'switchboard', operator: 'op' }, asId(own.id))
  const [{ alert }] = await inbox()
  await call(doctor.token, 'POST', `/alerts/${alert.id}/answers`, {
    answer: 'accepted',
    version: alert.version,
  })
  await clock.elapse(6 * SECOND)
  expect((await call(own.token, 'GET', '/asks')).status).toBe(401)
  expect(await asked(KEYS.switchboard)).toMatchObject([{ state: 'coming', told: [{ way: 'switchboard' }] }])
})

test('identifiers in what is asked reach the doctor, and are masked on every glass of the ward', async () => {
  await ask({ what: 'review 943 476 5919, NEWS 7', about: { place: 'Bed 4', identifier: '943 476 5919' } })
  await raise.run()
  expect((await inbox())[0].alert.words).toContain('943 476 5919')
  const [one] = await asked()
  expect(one.words).toContain('NEWS 7')
  expect(JSON.stringify(one)).not.toContain('5919')
})
