import { afterEach, beforeEach, expect, test } from 'vitest'
import type { DirectoryView, RotaView } from '../../../src/core/desk/people-views.ts'
import { type Bed, KEYS, openBed } from '../../support/desk-bed.ts'

let bed: Bed
beforeEach(async () => {
  bed = await openBed()
})
afterEach(() => bed.close())

const get = (path: string) =>
  bed.http.app.inject({ url: `/api/v1${path}`, headers: { authorization: `Bearer ${KEYS.switchboard}` } })

/** Follows a list from part to part by the path in each body, which its link must repeat. */
async function followed<T extends { next?: string }>(path: string): Promise<T[]> {
  const all: T[] = []
  for (let next: string | undefined = path; next !== undefined; ) {
    const said = await get(next)
    expect(said.statusCode).toBe(200)
    const part: T = said.json()
    expect(said.headers.link).toBe(part.next && `<${part.next}>; rel="next"`)
    all.push(part)
    next = part.next?.replace('/api/v1', '')
  }
  return all
}

test('people come in parts, each once, in the order of the whole list', async () => {
  const whole: DirectoryView = (await get('/directory')).json()
  const parts = await followed<DirectoryView & { next?: string }>('/directory?limit=3')
  expect(parts.length).toBe(Math.ceil(whole.people.length / 3))
  expect(parts.flatMap(({ people }) => people)).toEqual(whole.people)
  expect(parts[0]?.people).toHaveLength(3)
})

test('the rota comes in parts with all that was asked, and only its own roles in each', async () => {
  const span = 'from=2026-11-30T08:00:00Z&to=2026-12-01T08:00:00Z'
  const whole: RotaView = (await get(`/rota?${span}`)).json()
  const parts = await followed<RotaView & { next?: string }>(`/rota?${span}&limit=1`)
  expect(parts).toHaveLength(whole.roles.length)
  expect(parts.flatMap(({ roles }) => roles)).toEqual(whole.roles)
  expect(parts.flatMap(({ flaws }) => flaws)).toEqual(whole.flaws)
  expect(parts.flatMap(({ unclaimed }) => unclaimed)).toEqual(whole.unclaimed)
  for (const part of parts) expect(part.to).toBe(whole.to)
})

test('the board comes in parts, the newest first, each call once, however many are raised meanwhile', async () => {
  const made: string[] = []
  for (let n = 0; n < 7; n += 1)
    made.push(
      (await bed.call({ kind: 'adult-arrest', class: 'emergency', roles: ['med-reg'], text: `ARREST ${n}` }))
        .id,
    )
  const first = (await get('/alerts?limit=3')).json()
  expect(first.alerts).toHaveLength(3)
  await bed.call({ kind: 'trauma', class: 'emergency', roles: ['med-reg'], text: 'TRAUMA' })
  const rest = await followed<{ alerts: { id: string }[]; next?: string }>(first.next.replace('/api/v1', ''))
  const all = [first, ...rest].flatMap(({ alerts }) => alerts.map(({ id }: { id: string }) => id))
  // What was raised meanwhile may be among them.
  expect(new Set(all).size).toBe(all.length)
  expect(all).toEqual(expect.arrayContaining(made))
  expect((await get('/alerts')).json().next).toBeUndefined()
})

test('feeds come in parts, told apart by node and name', async () => {
  const whole = (await get('/feeds')).json()
  const parts = await followed<{ feeds: object[]; next?: string }>('/feeds?limit=1')
  expect(parts.length).toBe(whole.feeds.length)
  expect(parts.flatMap(({ feeds }) => feeds)).toEqual(whole.feeds)
  // A cursor whose place is not true any more goes by the row that it names.
  expect((await get('/feeds?cursor=7.north/switchboard')).json().feeds).toEqual(whole.feeds.slice(1))
})

test('the audit comes in parts, entry by entry', async () => {
  for (let n = 0; n < 3; n += 1)
    await bed.call({ kind: 'trauma', class: 'emergency', roles: ['med-reg'], text: `TRAUMA ${n}` })
  await bed.store.transact(async (tx) => {
    for (let n = 0; n < 5; n += 1)
      await tx.audit.append({ at: n, actor: 'op', action: 'board.read', subject: `${n}`, outcome: 'done' })
  })
  const headers = { authorization: `Bearer ${KEYS.governance}` }
  const seqs: number[] = []
  for (let next: string | undefined = '/api/v1/audit?limit=2'; next !== undefined; ) {
    const part: { entries: { seq: number }[]; next?: string } = (
      await bed.http.app.inject({ url: next, headers })
    ).json()
    expect(part.entries.length).toBeLessThanOrEqual(2)
    seqs.push(...part.entries.map(({ seq }: { seq: number }) => seq))
    // Each look is on the record as well.
    next = seqs.length < 5 ? part.next : undefined
  }
  expect(seqs.slice(0, 5)).toEqual([0, 1, 2, 3, 4].map((at) => (seqs[0] ?? 0) + at))
  const last = await bed.http.app.inject({ url: '/api/v1/audit?limit=1000', headers })
  expect([last.json().next, last.headers.link]).toEqual([undefined, undefined])
  const first = await bed.http.app.inject({ url: '/api/v1/audit?limit=2', headers })
  expect(first.json().next).toBe(`/api/v1/audit?limit=2&since=${seqs[1]}`)
  expect(first.headers.link).toBe(`<${first.json().next}>; rel="next"`)
})

test('a part is bounded, whatever is asked', async () => {
  for (const limit of ['0', '-1', '100000', 'all'])
    expect((await get(`/devices?limit=${limit}`)).statusCode).toBe(400)
  expect((await get('/devices?cursor=9999.gone')).json()).toMatchObject({ devices: [] })
})

test.each([
  ...[
    '/alerts',
    '/asks',
    '/devices',
    '/directory',
    '/enrolments',
    '/feeds',
    '/handovers',
    '/review',
    '/review/strangers',
  ],
  ...['/rota', '/rota/changes', '/subjects/erasures', '/subjects/holds', '/subjects/requests'],
])('the description of the interface says that %s comes in parts', async (path) => {
  const described = (await bed.http.app.inject({ url: '/openapi.json' })).json()
  const route = described.paths[`/api/v1${path}`].get
  expect(route.parameters.map(({ name }: { name: string }) => name)).toEqual(
    expect.arrayContaining(['cursor', 'limit']),
  )
  expect(JSON.stringify(route.responses['200'])).toContain('"next"')
})
