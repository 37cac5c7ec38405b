import { afterEach, beforeEach, expect, test } from 'vitest'
import { asId, type RoleId } from '../../../src/core/ids.ts'
import { HOUR, printInstant } from '../../../src/core/instant.ts'
import { type Bed, KEYS, openBed } from '../../support/desk-bed.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

/** Monday 23 November 2026, ten in the morning. */
const TEN = Date.UTC(2026, 10, 23, 10)
const at = (hours: number) => printInstant(TEN + hours * HOUR)

let bed: Bed
let rung: { owner: unknown; ring: string }[]
beforeEach(async () => {
  rung = []
  bed = await openBed({
    clock: new VirtualClock(TEN),
    desk: {
      handOver: async ({ owner }, ring) => {
        rung.push({ owner, ring })
        return true
      },
    },
  })
})
afterEach(() => bed.close())

async function ask(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  payload?: object,
  key: string = KEYS.switchboard,
) {
  const said = await bed.http.app.inject({
    ...{ method, url: `/api/v1${path}`, headers: { authorization: `Bearer ${key}` } },
    ...(payload === undefined ? {} : { payload }),
  })
  return said
}
const warned = async (change: object) => {
  const said = await ask('POST', '/rota/changes/check', change)
  expect(said.statusCode).toBe(200)
  return (said.json().warnings as { code: string; sentence: string }[]).map((w) => w.code)
}
const nurse = () => bed.holder('ccu-nurse')
const put = (role: string, person: string, from = at(1), to = at(3)) => ({
  ...{ kind: 'override', role, person, from, to },
})

test('whoever fits is entered without a word', async () => {
  const free = [...bed.roster.current().people.values()].find(
    ({ id, staffGroup }) =>
      staffGroup === 'doctor' &&
      ![...bed.roster.current().roles.keys()].some((role) =>
        bed.roster
          .current()
          .duties(role, TEN, TEN + 4 * HOUR)
          .some((d) => d.person === id),
      ),
  )
  expect(await warned(put('med-reg', free?.id ?? ''))).toEqual([])
})

test('another staff group, leave and a second crash role are each told, and may be entered all the same', async () => {
  expect(await warned(put('med-reg', nurse()))).toEqual(['wrong-group', 'second-crash'])
  const other = bed.holder('icu-reg')
  const said = await ask('POST', '/rota/changes/check', put('med-reg', other))
  const name = bed.roster.current().people.get(other)?.name
  expect(said.json().warnings).toEqual([
    {
      code: 'second-crash',
      sentence: `${name} already holds Intensive care registrar in this time: one person cannot go to two calls.`,
    },
  ])
  const leave = await ask('POST', '/rota/changes', { kind: 'leave', person: other, from: at(2), to: at(4) })
  expect(leave.statusCode).toBe(201)
  expect(await warned(put('med-reg', other))).toEqual(['on-leave', 'second-crash'])
  // Half-open: back at the hour at which the duty begins.
  expect(await warned(put('outreach', other, at(4), at(6)))).toEqual(['wrong-group'])
  await ask('DELETE', `/rota/changes/${leave.json().changes[0].id}`)
  expect(await warned(put('med-reg', other))).toEqual(['second-crash'])
  expect((await ask('POST', '/rota/changes', put('med-reg', other))).statusCode).toBe(201)
})

test('leave of whoever holds a crash role alone is told; with somebody else down for all of it, it is not', async () => {
  const person = bed.holder('icu-reg')
  const leave = { kind: 'leave', person, from: at(1), to: at(3) }
  expect(await warned(leave)).toEqual(['leaves-nobody'])
  const half = { ...put('icu-reg', bed.holder('surg-f1'), at(0), at(2)), mode: 'also' }
  await ask('POST', '/rota/changes', half)
  expect(await warned(leave)).toEqual(['leaves-nobody'])
  await ask('POST', '/rota/changes', { ...half, from: at(2), to: at(4) })
  expect(await warned(leave)).toEqual([])
})

test('a swap of two crash roles is no second crash role', async () => {
  const [one, two] = [bed.holder('icu-reg'), bed.holder('med-reg')]
  const leg = (role: string, gives: string, takes: string) => ({ role, from: at(1), to: at(3), gives, takes })
  expect(await warned({ kind: 'swap', legs: [leg('icu-reg', one, two), leg('med-reg', two, one)] })).toEqual(
    [],
  )
  expect(await warned({ kind: 'swap', legs: [leg('icu-reg', one, two)] })).toEqual(['second-crash'])
})

test('nothing is entered by asking, and only whoever may edit may ask', async () => {
  await warned(put('med-reg', nurse()))
  expect((await ask('GET', '/rota/changes')).json().changes).toEqual([])
  for (const key of [KEYS.estates, KEYS.governance, KEYS.wall])
    expect((await ask('POST', '/rota/changes/check', put('med-reg', nurse()), key)).statusCode).toBe(403)
  expect((await ask('POST', '/rota/changes/check', put('med-reg', 'nobody'))).statusCode).toBe(404)
})

test('whoever is offered or given a role is rung by each phone of theirs, and the desk is told whether any was', async () => {
  const taker = bed.holder('surg-f1')
  const silent = await ask('POST', '/handovers/med-reg', { to: taker })
  expect(silent.json()).toMatchObject({ state: 'offered', rung: false })
  await bed.enrol({ person: taker })
  const given = await ask('POST', '/handovers/med-reg', { to: taker, force: true })
  expect(given.json()).toMatchObject({ state: 'forced', rung: true })
  expect(rung).toEqual([{ owner: { kind: 'person', person: taker }, ring: expect.stringMatching(/^hand-/) }])
})

test('the phone of every holder is beside the name, not only of crash roles', async () => {
  await bed.enrol({ person: bed.holder('surg-f1') })
  const { roles } = (await ask('GET', '/rota')).json()
  const held = roles.flatMap((r: { holders: unknown[] }) => r.holders)
  expect(held.length).toBeGreaterThan(3)
  for (const one of held) expect(one).toHaveProperty('rings.state')
  const about = bed.roster.current().roles.get(asId<RoleId>('site-matron'))
  expect(about?.crash).toBe(false)
})
