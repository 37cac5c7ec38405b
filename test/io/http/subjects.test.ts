import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ErasureView, HoldView, SubjectCopy, TraceView } from '../../../src/core/desk/govern-views.ts'
import { CHAIN_START, followChain } from '../../../src/core/govern/audit.ts'
import { type AlertId, asId, type BleepId, type PersonId } from '../../../src/core/ids.ts'
import { DAY, HOUR, MINUTE, printInstant } from '../../../src/core/instant.ts'
import { sha256 } from '../../../src/io/store/audit.ts'
import { settleFacts } from '../../../src/run/keep/settle-facts.ts'
import { type Bed, type Call, KEYS, openBed } from '../../support/desk-bed.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

/** Turns of no length come by themselves. */
class TurningClock extends VirtualClock {
  override after(ms: number, run: () => void) {
    if (ms > 0) return super.after(ms, run)
    setImmediate(run)
    return { cancel: () => undefined }
  }
}

let bed: Bed
let clock: TurningClock
let start: number
beforeEach(async () => {
  clock = new TurningClock()
  start = clock.now()
  bed = await openBed({ clock, desk: { entered: ['nudge'] } })
})
afterEach(() => bed.close())

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
const post = (url: string, payload: object, key: string = KEYS.governance) =>
  bed.http.app.inject({ method: 'POST', url: `/api/v1/subjects/${url}`, headers: bearer(key), payload })
const get = (url: string, key: string = KEYS.governance) =>
  bed.http.app.inject({ url: `/api/v1/${url}`, headers: bearer(key) })
const span = () => ({
  from: printInstant(start - DAY),
  to: printInstant(clock.now() + DAY),
  reason: 'case 7',
})
const sought = (more: object) => ({ ...span(), ...more })

const JONES: Call = {
  ...{ text: 'MR JONES 943 476 5919 WARD 7B', kind: 'met', class: 'urgent', place: 'WARD 7B' },
  ...{ callBack: '4421', roles: ['med-reg'] },
}
const SMITH: Call = { ...JONES, text: 'MRS SMITH WARD 9' }

/** A call about a patient, answered and closed by the switchboard, and settled. */
async function over(call = JONES, note = 'MR JONES IS WORSE') {
  const alert = await bed.call(call)
  const person = bed.holder('med-reg')
  const act = (event: Parameters<typeof bed.alerts.apply>[1]) => bed.alerts.apply(alert.id, event)
  const by = { kind: 'person', person } as const
  const at = clock.now()
  await act({ kind: 'answered', at, by, person, answer: 'accepted', version: alert.version, note: 'COMING' })
  await act({ kind: 'said', at, by, said: { kind: 'note', text: note } })
  const now = await bed.store.transact((tx) => tx.alerts.get(alert.id))
  await act({ kind: 'closed', at, by: { kind: 'switchboard', operator: 'op' }, version: now?.version ?? 0 })
  await clock.elapse(MINUTE)
  return { alert: alert.id, bleep: alert.bleep, person }
}
const settle = async () => {
  await clock.elapse(2 * HOUR)
  while ((await settleFacts(bed.store, bed.roster.current(), clock.now())) > 0);
}
const audit = () => bed.store.transact((tx) => tx.audit.since(0, 2000))
const acts = async () =>
  (await audit()).map((e) => `${e.actor} ${e.action}${e.outcome === 'refused' ? ' refused' : ''}`)
const everything = async () =>
  JSON.stringify(
    await bed.store.transact(async (tx) => {
      const bleeps = await tx.bleeps.page({ at: 0, id: '' }, Number.MAX_SAFE_INTEGER, 99)
      const alerts = await tx.alerts.page({ at: 0, id: '' }, 99)
      return [
        bleeps,
        await tx.bleeps.sightingsOf(bleeps.map(({ id }) => id)),
        alerts,
        await Promise.all(alerts.map(({ id }) => tx.alerts.events(id))),
        await Promise.all(alerts.map(({ id }) => tx.attempts.ofAlert(id))),
        await Promise.all(bleeps.map(({ id }) => tx.hops.of(id))),
        await tx.devices.list(),
        await tx.directory.list(),
      ]
    }),
  )

test('only governance finds, copies, traces, holds or erases, and who else tries is on the record', async () => {
  const { bleep } = await over()
  const asks: readonly (readonly [string, object])[] = [
    ['find', sought({ text: 'jones' })],
    ['copy', sought({ text: 'jones' })],
    [`trace/${bleep}`, { reason: 'case 7' }],
    ['erasures', { bleeps: [bleep], reason: 'case 7' }],
    ['erasures/x/do', {}],
    ['holds', { bleeps: [bleep], reason: 'case 7' }],
    ['holds/x/release', { reason: 'case 7' }],
  ]
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  const before = (await acts()).length
  for (const key of [KEYS.switchboard, KEYS.admin, KEYS.estates, phone.token])
    for (const [url, body] of asks) expect((await post(url, body, key)).statusCode).toBe(403)
  for (const url of ['subjects/erasures', 'subjects/erasures/x', 'subjects/holds'])
    expect((await get(url, KEYS.admin)).statusCode).toBe(403)
  await bed.trail.flush()
  const refused = (await acts()).slice(before)
  // Each of them once a minute for each act, however often they try.
  const who = ['switchboard-op', 'admin-op', 'estates-op', `device:${phone.id}`]
  expect(refused).toEqual(
    who.flatMap((one) => [`${one} subject.read refused`, `${one} subject.erase refused`]),
  )
})

test('without a reason, or without anything sought, nothing is told', async () => {
  expect((await post('find', sought({ text: 'jones', reason: ' ' }))).statusCode).toBe(400)
  expect((await post('find', sought({}))).statusCode).toBe(400)
  expect((await post('find', sought({ text: 'jones', to: printInstant(start - 2 * DAY) }))).statusCode).toBe(
    400,
  )
  expect((await post('find', sought({ text: 'jones', from: '2018-01-01T00:00:00Z' }))).statusCode).toBe(200)
})

describe('find and copy', () => {
  test('a patient is found by NHS number or name, identifiers masked, and how is on the record but not whom', async () => {
    const one = await over()
    await over(SMITH, 'NOTHING NEW')
    for (const text of ['9434765919', 'jones']) {
      const { bleeps } = (await post('find', sought({ text }))).json()
      expect(bleeps).toMatchObject([
        { bleep: one.bleep, alert: one.alert, where: text === 'jones' ? ['page', 'thread'] : ['page'] },
      ])
      expect(bleeps[0]).toMatchObject({ words: 'MR JONES [NHS number] WARD 7B', open: false, held: false })
    }
    const rows = (await audit()).filter(({ action }) => action === 'subject.find')
    expect(rows[0]?.detail).toMatchObject({ reason: 'case 7', by: 'text', found: 1 })
    expect(rows[1]?.subject).toBe(one.alert)
    expect(JSON.stringify(rows)).not.toMatch(/jones|943 ?476/i)
  })

  test('the copy holds every word that is theirs, who acted, and who saw it', async () => {
    const { alert, person } = await over()
    await over(SMITH, 'NOTHING NEW')
    await get(`alerts/${alert}`, KEYS.switchboard)
    await bed.trail.flush()
    const answer = await post('copy', sought({ text: 'jones' }))
    const copy: SubjectCopy = answer.json()
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(copy).toMatchObject({
      document: 'bleep-bridge/subject-copy',
      by: 'governance-op',
      reason: 'case 7',
    })
    expect(copy.bleeps).toHaveLength(1)
    const [one] = copy.bleeps
    const name = bed.roster.current().people.get(person)?.name
    expect(one).toMatchObject({
      words: JONES.text,
      class: 'urgent',
      alert: {
        phase: 'closed',
        written: [
          { by: person, name, kind: 'answered', text: 'COMING' },
          { by: person, name, kind: 'note', text: 'MR JONES IS WORSE' },
        ],
      },
    })
    expect(one?.alert?.timeline.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['first-byte', 'raised', 'answered', 'said', 'closed']),
    )
    expect(one?.seen).toContainEqual(
      expect.objectContaining({ who: 'switchboard-op', what: 'Opened it', how: 'console' }),
    )
    expect(JSON.stringify(copy)).not.toContain('SMITH')
    const said = (await audit()).filter(({ action }) => action === 'subject.copy')
    expect(said.map(({ subject }) => subject)).toEqual(['', alert])
  })

  test('its time line comes as a table too, without words', async () => {
    await over()
    const answer = await post('copy?format=csv', sought({ text: 'jones' }))
    expect(answer.headers['content-type']).toContain('text/csv')
    const [heading, ...lines] = answer.body.trimEnd().split('\r\n')
    expect(heading).toBe('at,bleep,number,alert,what,sentence,person,name,channel,device')
    expect(lines.length).toBeGreaterThan(5)
    expect(lines.every((line) => line.split(',')[0]?.endsWith('Z'))).toBe(true)
    expect(answer.body).not.toMatch(/JONES|COMING/)
  })

  test('a member of staff gets their own part: phones, rota, answers, notes; no patient’s words, nobody else’s answers', async () => {
    const { person } = await over()
    const phone = await bed.enrol({ person })
    const other = bed.holder('surg-reg')
    await bed.roster.edit('op', {
      ...{ kind: 'leave', person, from: start + 30 * DAY, to: start + 31 * DAY, note: 'funeral' },
    })
    const copy: SubjectCopy = (await post('copy', sought({ person }))).json()
    expect(copy.person).toMatchObject({
      ...{ person, active: true, name: bed.roster.current().people.get(person)?.name },
      devices: [{ device: phone.id, state: 'active' }],
      rota: [{ change: { kind: 'leave', note: 'funeral' } }],
    })
    expect(copy.person?.acts).toContainEqual(
      expect.objectContaining({ action: 'device.code', subject: person }),
    )
    expect(copy.bleeps[0]?.words).toBeUndefined()
    expect(copy.bleeps[0]?.alert?.written.map(({ text }) => text)).toEqual(['COMING', 'MR JONES IS WORSE'])
    expect(copy.bleeps[0]?.seen).toEqual([])
    expect(JSON.stringify(copy)).not.toMatch(/WARD 7B|943 ?476/)
    const none: SubjectCopy = (await post('copy', sought({ person: other }))).json()
    expect(none.bleeps).toEqual([])
  })
})

test('a trace tells who was sent it, whose phone had it, who opened it, who had the board open', async () => {
  const person = bed.holder('med-reg')
  const phone = await bed.enrol({ person })
  await get('alerts', KEYS.switchboard)
  const alert = await bed.call(JONES)
  const inbox = (await get('inbox', phone.token)).json()
  const attempt = inbox.items[0]?.attempt
  await bed.http.app.inject({
    ...{ method: 'POST', url: '/api/v1/receipts', headers: bearer(phone.token) },
    payload: { attempt, stage: 'on-device' },
  })
  await get(`alerts/${alert.id}`, KEYS.governance)
  await bed.trail.flush()
  const name = bed.roster.current().people.get(person)?.name
  for (const id of [alert.id, alert.bleep]) {
    const trace: TraceView = (await post(`trace/${id}`, { reason: 'leak?' })).json()
    expect(trace).toMatchObject({ alert: alert.id, bleep: alert.bleep })
    expect(trace.sent).toMatchObject([
      { person, name, device: phone.id, channel: 'socket', state: 'on-device' },
    ])
    expect(trace.seen.map(({ who, what }) => `${who}: ${what}`)).toEqual(
      expect.arrayContaining([
        'switchboard-op: Had the board on the screen while it was open',
        `${person}: Their phone fetched it`,
        `${person}: Their phone has it`,
        'governance-op: Opened it',
        'governance-op: Traced it for governance',
      ]),
    )
    expect(trace.says.join()).toContain('by radio')
  }
  expect((await post('trace/nothing', { reason: 'leak?' })).json()).toMatchObject({ code: 'bleep-unknown' })
})

describe('erasing words', () => {
  const plan = async (bleeps: readonly string[]) => post('erasures', { bleeps, reason: 'case 7' })

  test('is planned, then done: words go, who and when stay, the chain holds, the rest is untouched', async () => {
    const { bleep, alert } = await over()
    const other = await over(SMITH, 'NOTHING NEW')
    await settle()
    const planned = await plan([bleep])
    expect(planned.statusCode).toBe(201)
    const { id, bleeps }: ErasureView = planned.json()
    expect(bleeps).toMatchObject([{ bleep, goes: true, why: 'erase-goes' }])
    expect(await everything()).toContain('JONES')
    const done: ErasureView = (await post(`erasures/${id}/do`, {})).json()
    expect(done).toMatchObject({ state: 'done', erased: 1, left: {} })
    expect(await everything()).not.toMatch(/JONES|943 476/)
    expect(await everything()).toContain('SMITH')
    const left = (await get(`alerts/${alert}`, KEYS.switchboard)).json()
    expect(left).toMatchObject({ words: '', phase: 'closed', erased: expect.stringMatching(/Z$/) })
    expect(left.timeline.map((t: { what: string }) => t.what)).toContain('answered')
    expect((await post('find', sought({ text: 'jones' }))).json()).toEqual({ bleeps: [] })
    // Asked again it happens once, and says what became of it.
    expect((await post(`erasures/${id}/do`, {})).json()).toMatchObject({ state: 'done', erased: 1 })
    const record = (await acts()).filter((act) => act.includes('erase.'))
    expect(record).toEqual([
      'governance-op erase.plan',
      'governance-op erase.start',
      'governance-op erase.do',
    ])
    expect((await get('audit/verify')).json()).toMatchObject({ sound: true, erased: 0 })
    expect((await plan([bleep])).json()).toMatchObject({ code: 'erase-nothing' })
    expect((await get('subjects/erasures')).json().erasures).toMatchObject([{ id, state: 'done' }])
    expect(other.bleep).toBeDefined()
  })

  test('is refused with the reason: open, held, not settled, nothing there', async () => {
    const open = await bed.call(JONES)
    expect((await plan([open.bleep])).json()).toMatchObject({ code: 'erase-open', status: 409 })
    const closed = await over()
    expect((await plan([closed.bleep])).json()).toMatchObject({ code: 'erase-early' })
    await settle()
    const held: HoldView = (await post('holds', { bleeps: [closed.bleep], reason: 'inquest' })).json()
    expect((await plan([closed.bleep])).json()).toMatchObject({ code: 'erase-held' })
    expect((await plan(['nothing'])).json()).toMatchObject({ code: 'erase-nothing' })
    expect((await post('erasures/nothing/do', {})).json()).toMatchObject({ code: 'erasure-unknown' })
    expect(await everything()).toContain('IS WORSE')
    expect((await acts()).filter((act) => act === 'governance-op erase.plan refused')).toHaveLength(4)
    const released = await post(`holds/${held.id}/release`, { reason: 'inquest over' })
    expect(released.json()).toMatchObject({ id: held.id, released: expect.any(String) })
    expect((await plan([closed.bleep])).statusCode).toBe(201)
    expect((await post(`holds/${held.id}/release`, { reason: 'again' })).json()).toMatchObject({
      code: 'hold-unknown',
    })
  })

  test('looks at everything again when it is done: what was held meanwhile stays, and is counted', async () => {
    const one = await over()
    const two = await over(SMITH, 'NOTHING NEW')
    await settle()
    const { id }: ErasureView = (await plan([one.bleep, two.bleep])).json()
    const from = printInstant(start - HOUR)
    await post('holds', { from, to: printInstant(start + 30_000), reason: 'inquest' })
    const done: ErasureView = (await post(`erasures/${id}/do`, {})).json()
    expect(done).toMatchObject({ erased: 1, left: { 'kept-held': 1 } })
    expect(await everything()).toMatch(/JONES/)
    expect(await everything()).not.toMatch(/SMITH/)
  })

  test('a plan too old to be trusted must be made anew', async () => {
    const { bleep } = await over()
    await settle()
    const { id }: ErasureView = (await plan([bleep])).json()
    await clock.elapse(8 * DAY)
    expect((await post(`erasures/${id}/do`, {})).json()).toMatchObject({ code: 'erasure-over' })
    expect(await everything()).toContain('JONES')
  })
})

describe('erasing a person', () => {
  const plan = (person: string) => post('erasures', { person, reason: 'left in 2026' })
  const leave = (person: PersonId) =>
    bed.roster.edit('op', { kind: 'person', person, name: 'Dr Gone', staffGroup: 'doctor', active: false })

  test('is refused while they may be asked, are on an open alert, or are held', async () => {
    const { person } = await over()
    expect((await plan(person)).json()).toMatchObject({ code: 'person-active' })
    const { id } = await bed.call(JONES)
    await leave(person)
    expect((await plan(person)).json()).toMatchObject({ code: 'erase-open' })
    const now = await bed.store.transact((tx) => tx.alerts.get(id))
    const version = now?.version ?? 0
    await bed.alerts.apply(id, {
      ...{ kind: 'closed', at: clock.now(), by: { kind: 'switchboard', operator: 'op' }, version },
    })
    await post('holds', { person, reason: 'tribunal' })
    expect((await plan(person)).json()).toMatchObject({ code: 'erase-held' })
  })

  test('puts one pseudonym in their place everywhere, takes their words and phones, and leaves the rest', async () => {
    const { person, alert } = await over()
    const phone = await bed.enrol({ person })
    await bed.desk.enterWay(
      { kind: 'operator', access: 'switchboard', operator: 'op' },
      { owner: { kind: 'person', person }, channel: 'nudge', number: '07700 900123', label: 'Own mobile' },
    )
    const other = await over(SMITH, 'NOTHING NEW')
    await leave(person)
    const roll = { rolls: [{ lines: [{ role: 'med-reg', people: [{ person, answered: true }] }] }] }
    await bed.store.transact(async (tx) => {
      await tx.notes.set('daily-test/crash', roll, 5)
      await tx.notes.set(`off-duty/${person}`, { edit: 'e', until: 1 }, 5)
    })
    const planned: ErasureView = (await plan(person)).json()
    expect(planned).toMatchObject({ what: 'person', person: { alerts: 2, held: 0, devices: 2, rota: 1 } })
    const before = (await audit()).length
    const done: ErasureView = (await post(`erasures/${planned.id}/do`, {})).json()
    expect(done).toMatchObject({ state: 'done', erased: 2, left: {} })
    const all = await everything()
    expect(all).not.toContain(`"${person}"`)
    expect(all).not.toMatch(/Dr Gone|IS WORSE|COMING|NOTHING NEW|7700|Own mobile/)
    expect(all).toContain('MR JONES 943 476 5919')
    const [pseudonym, ...others] = [...new Set(all.match(/gone-[0-9a-f]{12}/g))]
    expect([typeof pseudonym, others]).toEqual(['string', []])
    const events = await bed.store.transact((tx) => tx.alerts.events(asId<AlertId>(alert)))
    expect(events.find((e) => e.kind === 'answered')).toMatchObject({ person: pseudonym, answer: 'accepted' })
    expect((await get('inbox', phone.token)).statusCode).toBe(401)
    expect(other.alert).not.toBe(alert)

    // What the audit said of them is gone, the chain holds and accounts for it, and nobody is named in it.
    const rows = await audit()
    expect(rows.slice(0, before).filter(({ salt }) => salt === undefined).length).toBeGreaterThan(0)
    expect(JSON.stringify(rows)).not.toContain(`"${person}"`)
    const end = rows.reduce((state, row) => followChain(state, row, sha256), CHAIN_START)
    expect(end).toMatchObject({ unaccounted: [] })
    expect(end.broken).toBeUndefined()
    const notes = await bed.store.transact((tx) => tx.notes.list())
    expect(JSON.stringify(notes)).toContain(`"person":"${pseudonym}"`)
    expect(JSON.stringify(notes)).not.toMatch(new RegExp(`[/"]${person}"`))
    const stored = await bed.store.transact((tx) => tx.erasures.get(planned.id))
    expect(JSON.stringify(stored)).not.toContain(`"${person}"`)
  })

  test('leaves what is held as it is, and says how many', async () => {
    const { person, bleep } = await over()
    await over(SMITH, 'NOTHING NEW')
    await leave(person)
    await post('holds', { bleeps: [bleep], reason: 'inquest' })
    const planned: ErasureView = (await plan(person)).json()
    expect(planned.person).toMatchObject({ alerts: 2, held: 1 })
    const done: ErasureView = (await post(`erasures/${planned.id}/do`, {})).json()
    expect(done).toMatchObject({ erased: 1, left: { 'kept-held': 1 } })
    const kept = await bed.store.transact((tx) => tx.alerts.byBleep(asId<BleepId>(bleep)))
    expect(Object.keys(kept?.responders ?? {})).toContain(person)
  })

  test('is gone on with by another process when the first one died in the middle', async () => {
    const { person } = await over()
    await leave(person)
    const { id }: ErasureView = (await plan(person)).json()
    const stored = await bed.store.transact((tx) => tx.erasures.get(id))
    await bed.store.transact((tx) => tx.erasures.put({ ...stored!, state: 'started', touched: clock.now() }))
    await bed.erasures.resume()
    expect(await everything()).toContain(`"${person}"`)
    await clock.elapse(11 * MINUTE)
    await bed.erasures.resume()
    expect(await everything()).not.toContain(`"${person}"`)
    expect((await get(`subjects/erasures/${id}`)).json()).toMatchObject({ state: 'done', erased: 1 })
  })
})

test('a hold on a person keeps every bleep they were asked on until then', async () => {
  const { person, bleep } = await over()
  const held: HoldView = (await post('holds', { person, reason: 'tribunal' })).json()
  await settle()
  expect((await post('erasures', { bleeps: [bleep], reason: 'case 7' })).json()).toMatchObject({
    code: 'erase-held',
  })
  expect((await get('subjects/holds')).json().holds).toMatchObject([{ id: held.id, kind: 'person', person }])
  expect((await post('holds', { bleeps: ['nothing'], reason: 'x y z' })).json()).toMatchObject({
    code: 'bleep-unknown',
  })
})

test('the chain is verified on request, against a place that was written down', async () => {
  await over()
  await get('board', KEYS.switchboard)
  await post('find', sought({ text: 'jones' }))
  const first = (await get('audit/verify')).json()
  expect(first).toMatchObject({ sound: true, unaccounted: [] })
  await over(SMITH, 'NOTHING NEW')
  const place = `seq=${first.entries}&digest=${first.head}`
  expect((await get(`audit/verify?${place}`)).json()).toMatchObject({ sound: true })
  await bed.store.transact((tx) => tx.audit.forget([1]))
  expect((await get('audit/verify')).json()).toMatchObject({ sound: false, unaccounted: [[1, 1]] })
  expect((await get(`audit/verify?seq=${first.entries}&digest=${'0'.repeat(64)}`)).json()).toMatchObject({
    broken: { entry: first.entries, why: 'other-chain' },
  })
  expect((await get('audit/verify', KEYS.switchboard)).statusCode).toBe(403)
})

test('every route is in OpenAPI with its refusals', async () => {
  const { paths } = (await bed.http.app.inject({ url: '/openapi.json' })).json()
  const own = Object.keys(paths).filter((path) => path.includes('/subjects/'))
  expect(own.length).toBe(20)
  for (const path of own)
    for (const method of Object.values<{ responses: object }>(paths[path]))
      expect(Object.keys(method.responses)).toEqual(expect.arrayContaining(['401', '403']))
})
