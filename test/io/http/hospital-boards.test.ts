import { afterEach, beforeEach, expect, test } from 'vitest'
import type { BoardView } from '../../../src/core/desk/views.ts'
import { type Bed, KEYS, openBed } from '../../support/desk-bed.ts'

/* Two hospitals behind one switchboard: each has its board, and one call of which nobody knows whose it is is on both. */
let bed: Bed
beforeEach(async () => {
  bed = await openBed()
  const call = { kind: 'adult-arrest', class: 'emergency', roles: ['med-reg'] } as const
  await bed.call({ ...call, number: '2201', text: 'AT BRACKENFELL' })
  await bed.call({ ...call, number: '2231', text: 'AT ST OSYN' })
  await bed.call({ ...call, number: '7777', text: 'NOBODY KNOWS WHERE' })
  await bed.call({ ...call, number: '2345@st-osyn', text: 'A NUMBER THAT ONLY BRACKENFELL HAS' })
})
afterEach(() => bed.close())

async function shown(query: string): Promise<string[]> {
  const answer = await bed.http.app.inject({
    url: `/api/v1/alerts${query}`,
    headers: { authorization: `Bearer ${KEYS.switchboard}` },
  })
  expect(answer.statusCode).toBe(200)
  const { alerts }: BoardView = answer.json()
  return alerts.map(({ words = '' }) => words).sort()
}

test('each hospital has its board, all of them one, and a search keeps to the hospital too', async () => {
  const unknown = 'NOBODY KNOWS WHERE'
  expect(await shown('?hospital=brackenfell')).toEqual(['AT BRACKENFELL', unknown])
  expect(await shown('?hospital=st-osyn')).toEqual([
    'A NUMBER THAT ONLY BRACKENFELL HAS',
    'AT ST OSYN',
    unknown,
  ])
  expect(await shown('')).toHaveLength(4)
  expect(await shown('?hospital=st-osyn&q=at')).not.toContain('AT BRACKENFELL')
})
