import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../src/io/clock.ts'
import { type Bed, KEYS, openBed } from '../support/desk-bed.ts'
import { OPERATORS, ROWS, type Row } from './rows.ts'

/*
 * Every route with values that a good client never sends, in its path, its query and each place of its body: names that
 * every object has, paths, numbers beyond all, nothing, very much. Whatever is answered, it is no defect of ours.
 */

const TEXTS = [
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', ' ', '\0', '\u202e', '../../etc/passwd'],
  ...["' or 1=1 --", '=1+1', '<b>x</b>', 'a\r\nset-cookie: x=1', '1e400', 'x'.repeat(5000)],
] as const
const VALUES = [...TEXTS, null, -1, 1e300, 0.1, true, [], {}, [[]], { constructor: 'x' }] as const

let bed: Bed
let holder: string
beforeAll(async () => {
  bed = await openBed({ clock: systemClock(() => {}) })
  holder = (await bed.enrol({ person: bed.holder('med-reg') })).token
})
afterAll(() => bed.close())

/** The first who may ask it of those who lose nothing by it. */
function keyOf({ may }: Row): string | undefined {
  const who = (['G', 'S', 'A', 'E'] as const).find((one) => may.includes(one))
  if (who !== undefined) return KEYS[OPERATORS[who]]
  return may.includes('H') ? holder : undefined
}

async function asked(route: string, row: Row, url: string, body?: object): Promise<void> {
  const [method] = route.split(' ')
  const key = keyOf(row)
  const said = await bed.http.app.inject({
    ...{ method: method as 'GET', url, ...(body === undefined ? {} : { payload: body }) },
    headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
  })
  expect([route, url.slice(0, 200), body, said.statusCode < 500 || said.statusCode === 503]).toEqual([
    ...[route, url.slice(0, 200), body, true],
  ])
  expect(said.headers['set-cookie'] ?? '').not.toContain('x=1')
}

const pathOf = (route: string, id: string) =>
  (route.split(' ')[1] ?? '').replaceAll(/\{\w+\}/g, encodeURIComponent(id))
const ROUTES = Object.entries(ROWS).filter(
  ([route, { stream }]) => !stream && route !== 'DELETE /api/v1/devices/me',
)

test.each(ROUTES)('%s, in its path', async (route, row) => {
  if (!route.includes('{')) return
  for (const text of TEXTS) if (text !== '') await asked(route, row, pathOf(route, text), row.body)
})

test.each(ROUTES)('%s, in its query', async (route, row) => {
  if (!route.startsWith('GET')) return
  for (const text of TEXTS)
    for (const name of [
      'from',
      'to',
      'since',
      'cursor',
      'format',
      'shift',
      'hospital',
      'phase',
      'text',
      '__proto__',
    ]) {
      const query = new URLSearchParams(row.query)
      query.set(name, text)
      await asked(route, row, `${pathOf(route, 'x')}?${query}`)
    }
})

test.each(ROUTES)('%s, in each place of its body', async (route, row) => {
  for (const [place] of Object.entries(row.body ?? {}))
    for (const value of VALUES)
      await asked(route, row, pathOf(route, row.id ?? 'x'), { ...row.body, [place]: value })
})
