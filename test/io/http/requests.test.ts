import { afterEach, beforeEach, expect, test } from 'vitest'
import type { PackReview, RequestView } from '../../../src/core/desk/govern-views.ts'
import { HOUR, MINUTE } from '../../../src/core/instant.ts'
import { createRequests } from '../../../src/run/keep/requests.ts'
import { indexSome } from '../../../src/run/keep/search-index.ts'
import { settleFacts } from '../../../src/run/keep/settle-facts.ts'
import { type Bed, type Call, KEYS, openBed } from '../../support/desk-bed.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

class TurningClock extends VirtualClock {
  override after(ms: number, run: () => void) {
    if (ms > 0) return super.after(ms, run)
    setImmediate(run)
    return { cancel: () => undefined }
  }
}

let bed: Bed
let clock: TurningClock
beforeEach(async () => {
  clock = new TurningClock()
  bed = await openBed({ clock })
})
afterEach(() => bed.close())

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
const post = (url: string, payload: object = {}, key: string = KEYS.governance) =>
  bed.http.app.inject({ method: 'POST', url: `/api/v1/subjects/${url}`, headers: bearer(key), payload })
const get = (url: string, key: string = KEYS.governance) =>
  bed.http.app.inject({ url: `/api/v1/${url}`, headers: bearer(key) })

const JONES: Call = {
  ...{ text: 'MR JONES 943 476 5919 WARD 7B WIFE JANE ON 020 7946 0018', kind: 'met', class: 'urgent' },
  ...{ place: 'WARD 7B', roles: ['med-reg'] },
}

async function over(call: Call = JONES, note = 'SEEN MR JONES AND MRS GREEN') {
  const alert = await bed.call(call)
  const person = bed.holder('med-reg')
  const at = clock.now()
  const by = { kind: 'person', person } as const
  await bed.alerts.apply(alert.id, { kind: 'said', at, by, said: { kind: 'note', text: note } })
  const now = await bed.store.transact((tx) => tx.alerts.get(alert.id))
  await bed.alerts.apply(alert.id, {
    ...{ kind: 'closed', at, by: { kind: 'switchboard', operator: 'op' }, version: now?.version ?? 0 },
  })
  await clock.elapse(MINUTE)
  return { alert: alert.id, bleep: alert.bleep as string }
}
const settle = async () => {
  await clock.elapse(2 * HOUR)
  while ((await settleFacts(bed.store, bed.roster.current(), clock.now())) > 0);
  while ((await indexSome(bed.store, clock.now())) > 0);
}
const begin = async (kind: string, text = 'jones', more: object = {}) => {
  const opened: RequestView = (await post('requests', { kind, text, reason: 'IG-7', ...more })).json()
  await post(`requests/${opened.id}/verify`, { how: 'identity-document' })
  const found: RequestView = (await post(`requests/${opened.id}/find`)).json()
  return { id: opened.id, found }
}
const decide = (id: string, items: object[]) => post(`requests/${id}/decide`, { items })
const board = async () => JSON.stringify((await get('board', KEYS.switchboard)).json())
const findText = async (text: string) =>
  (
    await post('find', { text, from: '2020-01-01T00:00:00Z', to: '2099-01-01T00:00:00Z', reason: 'case 7' })
  ).json().bleeps

test('a copy: nothing leaves before it is proved who asks, and every word about others is decided on', async () => {
  const { bleep } = await over()
  const opened: RequestView = (
    await post('requests', { kind: 'access', text: 'jones', reason: 'SAR-7' })
  ).json()
  expect((await post(`requests/${opened.id}/find`)).json()).toMatchObject({ code: 'request-unverified' })
  const { id, found } = await begin('access')
  expect(found.items).toMatchObject([{ bleep, others: expect.any(Number) }])
  expect(JSON.stringify(found)).not.toMatch(/943 ?476/)
  await decide(id, [{ bleep, what: 'give' }])
  await post(`requests/${id}/approve`)
  const passphrase = 'correct horse battery staple'
  expect((await post(`requests/${id}/pack`, { passphrase })).json()).toMatchObject({
    code: 'redaction-undecided',
  })

  const review: PackReview = (await get(`subjects/requests/${id}/items/${bleep}`)).json()
  expect(review.places.map(({ kind, words }) => `${kind}: ${words}`)).toEqual(
    expect.arrayContaining(['relative: WIFE JANE', 'telephone: 020 7946 0018', 'named: MRS GREEN']),
  )
  await post(`requests/${id}/items/${bleep}`, {
    places: review.places.map(({ place, kind }) => ({
      ...{
        place,
        hide: kind !== 'relative' && kind !== 'identifier',
        because: 'his own number; his wife agrees',
      },
    })),
  })
  expect((await get(`subjects/requests/${id}`)).json()).toMatchObject({ state: 'found' })
  await post(`requests/${id}/approve`)
  const page = await post(`requests/${id}/pack`, { passphrase })
  expect(page.statusCode).toBe(200)
  expect(page.body).toContain('MR JONES')
  expect(page.body).toContain('WIFE JANE ON [telephone number]')
  expect(page.body).toContain('SEEN MR JONES AND [somebody else]')
  expect(page.body).not.toMatch(/GREEN|7946/)
  const data = (await post(`requests/${id}/pack?form=data`, { passphrase })).json()
  expect(JSON.stringify(data)).not.toMatch(/GREEN|7946/)
  expect(data.bleeps[0].words).toContain('943 476 5919')
  const done: RequestView = (await post(`requests/${id}/do`)).json()
  expect(done).toMatchObject({ state: 'done', items: [{ outcome: 'done' }] })
  expect(done.letter).toContain('Of these 1 is in the pack')
})

test('an erasure is carried out, proved, and even its own name is forgotten', async () => {
  const { bleep } = await over()
  const other = await over({ ...JONES, text: 'MRS SMITH WARD 9' }, 'NOTHING')
  await settle()
  const { id } = await begin('erase')
  await decide(id, [{ bleep, what: 'erase' }])
  await post(`requests/${id}/approve`)
  const done: RequestView = (await post(`requests/${id}/do`)).json()
  expect(done).toMatchObject({ state: 'done', proof: { looked: 1, still: 0 }, items: [{ outcome: 'done' }] })
  expect(await findText('jones')).toEqual([])
  expect(await findText('smith')).toMatchObject([{ bleep: other.bleep }])
  const stored = await bed.store.transact((tx) => tx.requests.get(id))
  expect(JSON.stringify(stored)).not.toMatch(/jones/i)
  expect(done.letter).toContain('We erased the words of 1 call')
})

test('a hold, or a call that is still open, keeps an erasure from being promised', async () => {
  const { bleep } = await over()
  await settle()
  await post('holds', { bleeps: [bleep], reason: 'inquest' })
  const { id, found } = await begin('erase')
  expect(found.items).toMatchObject([{ keeps: 'kept-held' }])
  await decide(id, [{ bleep, what: 'erase' }])
  await post(`requests/${id}/approve`)
  expect((await post(`requests/${id}/do`)).json()).toMatchObject({ code: 'erase-held' })
  await decide(id, [{ bleep, what: 'refuse', ground: 'legal-claim' }])
  await post(`requests/${id}/approve`)
  expect((await post(`requests/${id}/do`)).json()).toMatchObject({ state: 'done' })
  expect(await findText('jones')).toHaveLength(1)
})

test('restricted: kept and unseen, found by governance alone, erased later or lifted', async () => {
  const { bleep, alert } = await over()
  await settle()
  const { id } = await begin('restrict')
  await decide(id, [{ bleep, what: 'restrict', ground: 'legal-claim' }])
  await post(`requests/${id}/approve`)
  expect((await post(`requests/${id}/do`)).json()).toMatchObject({ state: 'done' })
  const record = JSON.stringify((await get(`alerts/${alert}`, KEYS.switchboard)).json())
  expect(record + (await board())).not.toMatch(/JONES|GREEN/)
  expect(await findText('jones')).toMatchObject([{ bleep }])
  expect(await findText('green')).toMatchObject([{ bleep }])
  expect((await post(`restricted/${bleep}/lift`, { reason: 'withdrawn' }, KEYS.admin)).statusCode).toBe(403)
  expect((await post(`restricted/${bleep}/lift`, { reason: 'withdrawn' })).json()).toEqual({ lifted: true })
  expect(JSON.stringify((await get(`alerts/${alert}`, KEYS.switchboard)).json())).toContain('MR JONES')
  expect((await post(`restricted/${bleep}/lift`, { reason: 'again' })).json()).toMatchObject({
    code: 'bleep-unknown',
  })

  const again = await begin('restrict')
  await decide(again.id, [{ bleep, what: 'restrict' }])
  await post(`requests/${again.id}/approve`)
  await post(`requests/${again.id}/do`)
  const erase = await begin('erase')
  expect(erase.found.items).toMatchObject([{ bleep }])
  await decide(erase.id, [{ bleep, what: 'erase' }])
  await post(`requests/${erase.id}/approve`)
  expect((await post(`requests/${erase.id}/do`)).json()).toMatchObject({ proof: { still: 0 } })
  expect(await findText('jones')).toEqual([])
  expect((await post(`restricted/${bleep}/lift`, { reason: 'gone' })).json()).toMatchObject({
    code: 'bleep-unknown',
  })
})

test('two people where the site says: who decided cannot approve', async () => {
  await bed.close()
  bed = await openBed({ clock, twoPeople: true })
  const { bleep } = await over()
  await settle()
  const { id } = await begin('erase')
  await decide(id, [{ bleep, what: 'erase' }])
  expect((await post(`requests/${id}/approve`)).json()).toMatchObject({ code: 'request-second' })
})

test('somebody of the same name: refused for that, never in the pack, never erased', async () => {
  const his = await over()
  const hers = await over({ ...JONES, text: 'MRS JONES 401 023 2137 WARD 2' }, 'NOTHING')
  await settle()
  const { id, found } = await begin('access')
  expect(found.count).toBe(2)
  await decide(id, [
    { bleep: his.bleep, what: 'give' },
    { bleep: hers.bleep, what: 'refuse', ground: 'another-person' },
  ])
  const review: PackReview = (await get(`subjects/requests/${id}/items/${his.bleep}`)).json()
  const places = review.places.map(({ place }) => ({ place, hide: true, because: 'not theirs' }))
  await post(`requests/${id}/items/${his.bleep}`, { places })
  await post(`requests/${id}/approve`)
  const page = await post(`requests/${id}/pack`, { passphrase: 'correct horse battery staple' })
  expect(page.body).not.toContain('401 023 2137')
  const { letter }: RequestView = (await get(`subjects/requests/${id}`)).json()
  expect(letter).toContain(
    'We did not do as you asked for 1 call: it is about somebody else of the same name',
  )
})

test('two patients in one alert: the other’s number and name are shown to be decided on before anything goes', async () => {
  const { bleep } = await over(
    { ...JONES, text: 'MR JONES 943 476 5919 AND MR BROWN 401 023 2137 BAY 2' },
    'x',
  )
  await settle()
  const { id, found } = await begin('erase', '9434765919')
  expect(found.items?.[0]).toMatchObject({ bleep, others: expect.any(Number) })
  const review: PackReview = (await get(`subjects/requests/${id}/items/${bleep}`)).json()
  expect(review.places.map(({ words }) => words)).toEqual(
    expect.arrayContaining(['MR BROWN', '401 023 2137']),
  )
})

test('staff who was a patient: asked as a patient, the pages about them; as staff, what they did', async () => {
  const person = bed.holder('med-reg')
  const name = bed.roster.current().people.get(person)?.name ?? ''
  const surname = name.split(' ').at(-1) ?? ''
  const patient = await over({ ...JONES, text: `DR ${surname.toUpperCase()} COLLAPSED IN CANTEEN` }, 'x')
  await over({ ...JONES, text: 'MRS SMITH' }, 'y')
  await settle()
  const asPatient = await begin('access', surname)
  expect(asPatient.found.items).toMatchObject([{ bleep: patient.bleep }])
  const review: PackReview = (await get(`subjects/requests/${asPatient.id}/items/${patient.bleep}`)).json()
  expect(review.places.map(({ words }) => words)).not.toContain(`DR ${surname.toUpperCase()}`)
  const opened: RequestView = (await post('requests', { kind: 'access', person, reason: 'SAR-8' })).json()
  await post(`requests/${opened.id}/verify`, { how: 'known-to-us' })
  const asStaff: RequestView = (await post(`requests/${opened.id}/find`)).json()
  expect(asStaff.count).toBe(2)
})

test('carrying out that was broken off is gone on with, once, by whoever comes next', async () => {
  const one = await over()
  const two = await over({ ...JONES, text: 'MR JONES AGAIN' })
  await settle()
  const { id } = await begin('erase')
  await decide(
    id,
    [one, two].map(({ bleep }) => ({ bleep, what: 'erase' })),
  )
  await post(`requests/${id}/approve`)
  const stored = await bed.store.transact((tx) => tx.requests.get(id))
  await bed.store.transact((tx) => tx.requests.put({ ...stored!, state: 'started', touched: clock.now() }))
  expect((await post(`requests/${id}/do`)).json()).toMatchObject({ code: 'request-over' })
  const requests = createRequests({
    ...{
      store: bed.store,
      clock,
      random: { bytes: (n) => new Uint8Array(n) },
      directory: bed.roster.current,
    },
    ...{ rules: { twoPeople: false }, sealer: { seal: async (plain: Uint8Array) => plain } },
  })
  await requests.resume()
  expect(await findText('jones')).toHaveLength(2)
  await clock.elapse(11 * MINUTE)
  await requests.resume()
  expect(await findText('jones')).toEqual([])
  expect((await get(`subjects/requests/${id}`)).json()).toMatchObject({
    state: 'done',
    proof: { looked: 2, still: 0 },
  })
})

test('only governance, and never without a reason; a request that is due is told', async () => {
  for (const key of [KEYS.switchboard, KEYS.admin, KEYS.estates]) {
    expect((await get('subjects/requests', key)).statusCode).toBe(403)
    expect((await post('requests', { kind: 'access', text: 'jones', reason: 'x y z' }, key)).statusCode).toBe(
      403,
    )
  }
  expect((await post('requests', { kind: 'access', text: 'jones' })).statusCode).toBe(400)
  expect((await post('requests', { kind: 'access', reason: 'IG-7' })).statusCode).toBe(400)
  await begin('access')
  const later = (days: number) =>
    createRequests({
      ...{
        store: bed.store,
        clock: new VirtualClock(clock.now() + days * 24 * HOUR),
        directory: bed.roster.current,
      },
      ...{ rules: { twoPeople: false }, sealer: { seal: async (plain: Uint8Array) => plain } },
      random: { bytes: (n) => new Uint8Array(n) },
    })
  expect(await later(1).pressing()).toEqual([])
  expect(await later(26).pressing()).toMatchObject([{ code: 'request-due', subject: 'IG-7' }])
  expect(await later(33).pressing()).toMatchObject([{ code: 'request-late' }])
  expect(await later(33).list()).toMatchObject([{ late: true }])
})
