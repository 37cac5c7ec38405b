import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Alert } from '../../../src/core/alert/alert.ts'
import { asId, type BleepId, type NodeId } from '../../../src/core/ids.ts'
import { ARREST } from '../../support/console-bed.ts'
import { type Bed, KEYS, openBed } from '../../support/desk-bed.ts'

let bed: Bed
let alert: Alert
beforeEach(async () => {
  bed = await openBed()
  alert = await bed.call(ARREST)
  await bed.store.transact(async (tx) => {
    const bleep = (await tx.bleeps.get(alert.bleep))!
    const heard = { bleep: bleep.id, feed: asId<never>('air'), node: asId<NodeId>('n'), page: bleep.page }
    const later = { ...heard, tap: 'b', begun: bleep.received + 900 }
    await tx.bleeps.sight({
      ...heard,
      id: asId('a'),
      tap: 'a',
      begun: bleep.received,
      reason: 'first-sighting',
    })
    await tx.bleeps.sight({ ...later, id: asId('ours'), reason: 'own-re-page' })
    await tx.bleeps.save({ ...bleep, sightings: 2 })
  })
})
afterEach(() => bed.close())

const ask = (key: string, method: 'GET' | 'POST' = 'GET', path = '') =>
  bed.http.app.inject({ method, url: `/api/v1/alerts${path}`, headers: { authorization: `Bearer ${key}` } })
const cards = async (key: string) => (await ask(key)).json().alerts

test('what was taken for our own page stands on the card, for who can undo it; one press, one call', async () => {
  expect((await cards(KEYS.switchboard))[0].mayBeAnother).toMatchObject([
    { id: 'ours', words: ARREST.text, sentence: 'Our own radio re-page heard by a tap' },
  ])
  const made = await ask(KEYS.switchboard, 'POST', `/${alert.id}/joined/ours`)
  expect(made.statusCode).toBe(201)
  const again = await ask(KEYS.switchboard, 'POST', `/${alert.id}/joined/ours`)
  expect(again.json()).toEqual(made.json())
  expect(await cards(KEYS.switchboard)).toHaveLength(2)
  expect((await bed.store.transact((tx) => tx.alerts.byBleep(asId<BleepId>('ours'))))?.id).toBe(
    made.json().alert,
  )
  const trail = await bed.store.transact((tx) => tx.audit.since(0, 50))
  expect(trail.filter((e) => e.action === 'alert.separated').map((e) => e.outcome)).toEqual(['done', 'done'])
})

test('neither phones nor who reads no words take a call apart, and what is not joined is refused', async () => {
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  for (const key of [KEYS.estates, KEYS.governance, KEYS.admin, phone.token])
    expect((await ask(key, 'POST', `/${alert.id}/joined/ours`)).statusCode).toBe(403)
  expect((await cards(phone.token))[0]).not.toHaveProperty('mayBeAnother')
  expect((await cards(KEYS.estates))[0]).not.toHaveProperty('mayBeAnother')
  const wrong = await ask(KEYS.switchboard, 'POST', `/${alert.id}/joined/a`)
  expect([wrong.statusCode, wrong.json().code]).toEqual([404, 'joined-unknown'])
})
