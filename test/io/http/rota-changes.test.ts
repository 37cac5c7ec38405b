import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { asId, type RoleId } from '../../../src/core/ids.ts'
import { DAY, HOUR, printInstant } from '../../../src/core/instant.ts'
import { type Bed, KEYS, openBed } from '../../support/desk-bed.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

/** Monday 23 November 2026, ten in the morning. */
const TEN = Date.UTC(2026, 10, 23, 10)
const at = (hours: number) => printInstant(TEN + hours * HOUR)

let bed: Bed
let clock: VirtualClock
beforeEach(async () => {
  clock = new VirtualClock(TEN)
  bed = await openBed({ clock })
})
afterEach(() => bed.close())

function ask(method: 'GET' | 'POST' | 'DELETE', path = '', payload?: object, key: string = KEYS.switchboard) {
  return bed.http.app.inject({
    method,
    url: `/api/v1/rota/changes${path}`,
    headers: { authorization: `Bearer ${key}` },
    ...(payload === undefined ? {} : { payload }),
  })
}
const holder = (role: string, when = clock.now()) =>
  bed.roster
    .current()
    .holders(asId<RoleId>(role), when)
    .map((h) => h.person)

test('an override puts somebody on for its span, is shown with who made it, and can be taken back', async () => {
  const before = bed.holder('med-reg')
  const other = bed.holder('surg-f1')
  const made = await ask('POST', '', {
    kind: 'override',
    role: 'med-reg',
    person: other,
    from: at(24),
    to: at(26),
    note: 'Exam',
  })
  expect(made.statusCode).toBe(201)
  expect(holder('med-reg', TEN + 25 * HOUR)).toEqual([other])
  expect(holder('med-reg')).toEqual([before])
  const { changes } = (await ask('GET')).json()
  expect(changes).toMatchObject([
    {
      by: 'switchboard-op',
      kind: 'override',
      mode: 'instead',
      note: 'Exam',
      parts: [
        {
          role: 'med-reg',
          roleName: 'Medical registrar',
          person: other,
          name: bed.roster.current().people.get(other)?.name,
          from: at(24),
          to: at(26),
        },
      ],
    },
  ])
  const back = await ask('DELETE', `/${changes[0].id}`)
  expect(back.json().changes).toMatchObject([{ id: changes[0].id, leftOut: expect.any(String) }])
  expect(holder('med-reg', TEN + 25 * HOUR)).not.toEqual([other])
  expect((await ask('DELETE', `/${changes[0].id}`)).json()).toMatchObject({
    status: 404,
    code: 'rota-change-unknown',
  })
  const trail = await bed.store.transact((tx) => tx.audit.since(0, 50))
  expect(trail.map((t) => [t.action, t.outcome])).toEqual([
    ['rota.override', 'done'],
    ['rota.revoke', 'done'],
  ])
})

test('whoever is put on now has the open alerts of the role, and who was on is stood down', async () => {
  const before = bed.holder('med-reg')
  const other = bed.holder('surg-f1')
  const old = await bed.enrol({ person: before })
  const phone = await bed.enrol({ person: other })
  const alert = await bed.call({ text: 'X', kind: 'met', class: 'urgent', roles: ['med-reg'] })
  await ask('POST', '', { kind: 'override', role: 'med-reg', person: other, from: at(-1), to: at(1) })
  const inbox = async (token: string) => {
    const answer = await bed.http.app.inject({
      url: '/api/v1/inbox',
      headers: { authorization: `Bearer ${token}` },
    })
    return answer.json().items.map((i: { purpose: string }) => i.purpose)
  }
  expect(await inbox(phone.token)).toEqual(['ask'])
  // One thing an alert: what was asked before is over.
  expect(await inbox(old.token)).toEqual(['stand-down'])
  const now = await bed.store.transact((tx) => tx.alerts.get(alert.id))
  expect(now?.responders[other]).toMatchObject({ state: 'asked', asked: TEN })
  expect(now?.raised).toBe(alert.raised)
})

test('somebody beside who is on, leave that leaves a gap to be seen before it comes, and a swap of two duties', async () => {
  const before = bed.holder('med-reg')
  const other = bed.holder('surg-f1')
  const beside = { kind: 'override', role: 'med-reg', person: other, from: at(1), to: at(2), mode: 'also' }
  await ask('POST', '', beside)
  expect(holder('med-reg', TEN + 1.5 * HOUR).toSorted()).toEqual([before, other].toSorted())

  await ask('POST', '', { kind: 'leave', person: before, from: at(3), to: at(4) })
  expect(holder('med-reg', TEN + 3.5 * HOUR)).toEqual([])
  const rota = await bed.http.app.inject({
    url: '/api/v1/rota',
    headers: { authorization: `Bearer ${KEYS.switchboard}` },
  })
  expect(rota.json().flaws).toContainEqual(
    expect.objectContaining({ role: 'med-reg', reason: 'rota-gap', from: at(3), to: at(4) }),
  )

  const mine = holder('surg-f1', TEN + DAY)[0]
  const theirs = holder('med-reg', TEN + DAY)[0]
  const swapped = await ask('POST', '', {
    kind: 'swap',
    legs: [
      { role: 'surg-f1', from: at(24), to: at(25), gives: mine, takes: theirs },
      { role: 'med-reg', from: at(24), to: at(25), gives: theirs, takes: mine },
    ],
  })
  expect(swapped.statusCode).toBe(201)
  expect([holder('surg-f1', TEN + DAY), holder('med-reg', TEN + DAY)]).toEqual([[theirs], [mine]])
  const { changes } = (await ask('GET', `?since=${at(3.5)}`)).json()
  expect(changes.map((c: { kind: string }) => c.kind)).toEqual(['leave', 'swap'])
  expect(changes[1].parts).toMatchObject([
    { role: 'surg-f1', person: theirs, instead: mine },
    { role: 'med-reg', person: mine, instead: theirs },
  ])
})

test('what cannot be is refused with its reason, and changes nothing', async () => {
  const person = bed.holder('med-reg')
  const span = { from: at(1), to: at(2) }
  const leg = { role: 'med-reg', ...span, takes: person }
  const refused: readonly [object, string][] = [
    [{ kind: 'leave', person: 'nobody', ...span }, 'person-unknown'],
    [{ kind: 'override', role: 'nothing', person, ...span }, 'role-unknown'],
    [{ kind: 'leave', person, from: at(2), to: at(1) }, 'request-invalid'],
    [{ kind: 'leave', person, from: at(1), to: at(1) }, 'request-invalid'],
    [{ kind: 'leave', person, from: at(-2), to: at(-1) }, 'request-invalid'],
    [{ kind: 'leave', person, from: at(1), to: at(24 * 400) }, 'request-invalid'],
    [{ kind: 'leave', person, from: 'tomorrow', to: at(1) }, 'request-invalid'],
    [{ kind: 'swap', legs: [] }, 'request-invalid'],
    [{ kind: 'swap', legs: [{ ...leg, gives: bed.holder('surg-f1') }] }, 'rota-change-pointless'],
    [{ kind: 'holiday', person, ...span }, 'request-invalid'],
  ]
  for (const [body, code] of refused) expect((await ask('POST', '', body)).json()).toMatchObject({ code })
  expect((await ask('GET')).json().changes).toEqual([])
  expect(await bed.store.transact((tx) => tx.directory.list())).toEqual([])
})

test('switchboard and administration change the rota, governance reads it, others neither', async () => {
  const body = { kind: 'leave', person: bed.holder('med-reg'), from: at(1), to: at(2) }
  expect((await ask('POST', '', body, KEYS.admin)).statusCode).toBe(201)
  for (const key of [KEYS.governance, KEYS.estates])
    expect((await ask('POST', '', body, key)).json()).toMatchObject({ code: 'not-permitted' })
  const [seen] = (await ask('GET', '', undefined, KEYS.governance)).json().changes
  expect(seen.parts[0]).not.toHaveProperty('name')
  expect((await ask('GET', '', undefined, KEYS.estates)).statusCode).toBe(403)
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  expect((await ask('GET', '', undefined, phone.token)).statusCode).toBe(403)
})

test('a change looks up the holders of no role that it cannot give to anybody', async () => {
  const asked = new Set<string>()
  const current = bed.roster.current
  vi.spyOn(bed.roster, 'current').mockImplementation(() => {
    const directory = current()
    const holders: typeof directory.holders = (role, when) => {
      asked.add(role)
      return directory.holders(role, when)
    }
    return { ...directory, holders }
  })
  const [person, other] = [bed.holder('med-reg'), bed.holder('surg-f1')]
  asked.clear()
  const span = { from: at(24), to: at(26) }
  const away = await ask('POST', '', { kind: 'leave', person, ...span })
  expect([away.statusCode, asked.size]).toEqual([201, 0])
  expect(
    (await ask('POST', '', { kind: 'override', role: 'surg-f1', person: other, ...span })).statusCode,
  ).toBe(201)
  expect([...asked]).toEqual(['surg-f1'])
  // Whoever is back from leave may have any.
  expect((await ask('DELETE', `/${away.json().changes[0].id}`)).statusCode).toBe(200)
  expect(asked.size).toBe(current().roles.size)
})
