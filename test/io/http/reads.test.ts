import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Bed, openBed } from '../../support/desk-bed.ts'

let bed: Bed
beforeEach(async () => {
  bed = await openBed()
})
afterEach(() => bed.close())

test('a word of a responder takes two transactions: whose phone it is, and who speaks and what becomes of it', async () => {
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  const alert = await bed.call({
    ...{ text: 'ADULT CARDIAC ARREST WARD 7B', kind: 'adult-arrest', class: 'emergency', roles: ['med-reg'] },
  })
  await bed.http.app.inject({ url: '/api/v1/inbox', headers: { authorization: `Bearer ${phone.token}` } })
  let begun = 0
  const { transact } = bed.store
  Object.assign(bed.store, {
    transact: (...given: Parameters<typeof transact>) => {
      begun += 1
      return transact(...given)
    },
  })
  const said = await bed.http.app.inject({
    method: 'POST',
    url: `/api/v1/alerts/${alert.id}/thread`,
    headers: { authorization: `Bearer ${phone.token}` },
    payload: { kind: 'note', text: 'two minutes' },
  })
  Object.assign(bed.store, { transact })
  expect([said.statusCode, begun]).toEqual([200, 2])
})
