import { afterEach, beforeEach, expect, test } from 'vitest'
import { asId, type BleepId } from '../../../src/core/ids.ts'
import { aBleep } from '../../contract/store.ts'
import { type Bed, KEYS, openBed } from '../../support/desk-bed.ts'

let bed: Bed
beforeEach(async () => {
  bed = await openBed()
  const now = bed.clock.now()
  await bed.store.transact(async (tx) => {
    await tx.bleeps.add(aBleep('quiet', { stage: 'routed', received: now }))
    await tx.bleeps.add(
      aBleep('lost', {
        number: 'ric:1999992/3',
        stage: 'stuck',
        received: now,
        page: { ...aBleep('x').page, type: 'alpha', text: 'CARDIAC ARREST WARD 9' },
        meaning: { kind: 'adult-arrest', class: 'emergency', rule: 'arrest', reason: 'class-text' },
        review: { reason: 'address-unknown', waits: true },
      }),
    )
  })
})
afterEach(() => bed.close())

const ask = (key: string, method: 'GET' | 'POST' = 'GET', path = '') =>
  bed.http.app.inject({ method, url: `/api/v1/review${path}`, headers: { authorization: `Bearer ${key}` } })

test('a bleep that rang nobody is shown with its words and the reason, until somebody has acted on it', async () => {
  const shown = (await ask(KEYS.switchboard)).json()
  expect(shown.bleeps).toMatchObject([
    {
      id: 'lost',
      number: 'ric:1999992/3',
      class: 'emergency',
      words: 'CARDIAC ARREST WARD 9',
      reason: 'address-unknown',
      sentence: 'No directory holds this radio address: kept for review, sent to no phone',
    },
  ])
  expect((await ask(KEYS.switchboard, 'POST', '/lost/seen')).json().bleeps).toEqual([])
  expect((await ask(KEYS.switchboard)).json().bleeps).toEqual([])
  expect(await bed.store.transact((tx) => tx.bleeps.get(asId<BleepId>('lost')))).toMatchObject({
    stage: 'routed',
    review: { reason: 'address-unknown', waits: false },
  })
  const trail = await bed.store.transact((tx) => tx.audit.since(0, 50))
  expect(trail).toMatchObject([{ action: 'bleep.reviewed', subject: 'lost', outcome: 'done' }])
  const again = await ask(KEYS.switchboard, 'POST', '/lost/seen')
  expect([again.statusCode, again.json().code]).toEqual([404, 'review-unknown'])
})

test('who may not read pages sees that one waits without its words, and cannot put it away', async () => {
  const [seen] = (await ask(KEYS.estates)).json().bleeps
  expect(seen).toMatchObject({ id: 'lost', number: 'ric:1999992/3' })
  expect(seen).not.toHaveProperty('words')
  for (const key of [KEYS.estates, KEYS.governance, KEYS.admin])
    expect((await ask(key, 'POST', '/lost/seen')).statusCode).toBe(403)
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  expect((await ask(phone.token)).statusCode).toBe(403)
})
