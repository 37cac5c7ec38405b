import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Bed, KEYS, openBed } from '../../support/desk-bed.ts'

let bed: Bed
beforeEach(async () => {
  bed = await openBed()
})
afterEach(() => bed.close())

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
const CALL = { text: 'ARREST WARD 7B', kind: 'adult-arrest', class: 'emergency', roles: ['med-reg'] } as const
const get = (key: string, url: string) => bed.http.app.inject({ url, headers: bearer(key) })

const onRecord = async () => {
  await bed.trail.flush()
  const rows = await bed.store.transact((tx) => tx.audit.since(0, 200))
  return rows.map(({ actor, action, subject, outcome, detail }) =>
    [actor, action, subject, outcome === 'refused' ? 'refused' : '', detail ? JSON.stringify(detail) : '']
      .filter((part) => part !== '')
      .join(' '),
  )
}

test('who saw an alert’s words is on the record: on the board, in full, on a phone', async () => {
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  const { id } = await bed.call(CALL)
  const before = (await onRecord()).length
  for (let i = 0; i < 3; i++) {
    await get(KEYS.switchboard, '/api/v1/alerts')
    await get(KEYS.switchboard, `/api/v1/alerts/${id}`)
    await get(KEYS.governance, `/api/v1/alerts/${id}`)
    await get(phone.token, '/api/v1/inbox')
    await get(phone.token, `/api/v1/alerts/${id}`)
  }
  expect((await onRecord()).slice(before)).toEqual([
    'switchboard-op board.read',
    `switchboard-op alert.read ${id}`,
    `governance-op alert.read ${id}`,
    `device:${phone.id} inbox.read ${id}`,
    `device:${phone.id} alert.read ${id}`,
  ])
})

test('who opens an alert sees the words of the bleeps shown with it, and that is on the record', async () => {
  const first = await bed.call(CALL)
  const again = await bed.call(CALL)
  await bed.store.transact(async (tx) => {
    const bleep = await tx.bleeps.get(again.bleep)
    await tx.bleeps.save({ ...bleep!, related: { bleep: first.bleep, reason: 'echo-bleep' } })
  })
  const before = (await onRecord()).length
  await get(KEYS.switchboard, `/api/v1/alerts/${again.id}`)
  expect((await onRecord()).slice(before)).toEqual([
    `switchboard-op alert.read ${again.id}`,
    `switchboard-op alert.read ${first.bleep}`,
  ])
})

test('who reads no words, and who was not asked, has seen nothing', async () => {
  const stranger = await bed.enrol({ person: bed.holder('surg-reg') })
  const { id } = await bed.call(CALL)
  const before = (await onRecord()).length
  await get(KEYS.estates, '/api/v1/alerts')
  await get(KEYS.admin, `/api/v1/alerts/${id}`)
  await get(stranger.token, `/api/v1/alerts/${id}`)
  await get(stranger.token, '/api/v1/inbox')
  expect((await onRecord()).slice(before)).toEqual([])
})

test('what people do is on the record, and what they may not', async () => {
  const person = bed.holder('med-reg')
  const phone = await bed.enrol({ person })
  const { id, version } = await bed.call(CALL)
  const before = (await onRecord()).length
  const post = (key: string, url: string, payload: object) =>
    bed.http.app.inject({ method: 'POST', url, headers: bearer(key), payload })
  await post(phone.token, `/api/v1/alerts/${id}/answers`, { answer: 'accepted', version })
  await post(phone.token, `/api/v1/alerts/${id}/thread`, { kind: 'note', text: 'MR JONES IN BED 3' })
  await post(KEYS.estates, `/api/v1/alerts/${id}/answers`, { answer: 'accepted', version, person })
  await post(KEYS.switchboard, '/api/v1/session', { operator: 'switchboard-op', key: 'wrong' })
  await post(KEYS.switchboard, '/api/v1/session', { operator: 'switchboard-op', key: KEYS.switchboard })
  await bed.http.app.inject({ method: 'DELETE', url: '/api/v1/session', headers: bearer(KEYS.switchboard) })
  await get(KEYS.governance, '/api/v1/reports/shift?from=2026-11-21T20:00:00Z&to=2026-11-22T08:00:00Z')
  await get(KEYS.estates, '/api/v1/reports/shift?from=2026-11-21T20:00:00Z&to=2026-11-22T08:00:00Z')
  const acts = (await onRecord()).slice(before)
  expect(new Set(acts)).toEqual(
    new Set([
      'estates-op alert.answer refused',
      `device:${phone.id} alert.answer ${id} {"answer":"accepted"}`,
      `device:${phone.id} alert.say ${id} {"kind":"note"}`,
      'switchboard-op session.open refused',
      'switchboard-op session.open',
      'switchboard-op session.end',
      'governance-op report.read shift {"format":"json"}',
      'estates-op reports.read refused',
    ]),
  )
  expect(acts.join()).not.toContain('JONES')
})
