import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqlite } from '../../../src/io/store/open.ts'
import type { Store } from '../../../src/ports/store.ts'
import { type Bed, openBed } from '../../support/desk-bed.ts'

// Nodes that are apart count cursors each for itself, and each knows its own calls only: a push says which one rang.

let bed: Bed
let apart = false
let phone: { token: string; id: string }

beforeEach(async () => {
  const own = await openSqlite(':memory:')
  const store: Store = {
    ...own,
    transact: (work, within) =>
      own.transact((tx) => work(apart ? Object.create(tx, { isPart: { value: true } }) : tx), within),
  }
  apart = false
  bed = await openBed({ store })
  phone = await bed.enrol({ person: bed.holder('med-reg') })
})
afterEach(() => bed.close())

const ask = async (method: 'GET' | 'POST', path: string, body?: object) => {
  const said = await bed.http.app.inject({
    ...{ method, url: `/api/v1${path}`, headers: { authorization: `Bearer ${phone.token}` } },
    ...(body === undefined ? {} : { payload: body }),
  })
  return { status: said.statusCode, body: said.json() }
}

async function called() {
  const alert = await bed.call({
    text: 'CARDIAC ARREST WARD 7B',
    kind: 'adult-arrest',
    class: 'emergency',
    roles: ['med-reg'],
  })
  const mine = await bed.store.transact((tx) => tx.attempts.ofAlert(alert.id))
  return { alert, attempt: mine.find(({ device }) => device === phone.id)?.id ?? '' }
}

test('what rang is given though another node has given a cursor beyond it, and that cursor stays', async () => {
  const { alert, attempt } = await called()
  const beyond = 9_000_000_000_000_000
  expect((await ask('GET', `/inbox?since=${beyond}`)).body.items).toEqual([])
  const { status, body } = await ask('GET', `/inbox?since=${beyond}&rang=${attempt}`)
  expect([status, body.cursor, body.more]).toEqual([200, beyond, false])
  expect(body.items).toMatchObject([{ attempt, ring: true, alert: { id: alert.id } }])
})

test('a node that is apart and cannot know what rang says so, and so it does to a receipt', async () => {
  apart = true
  expect((await ask('GET', '/inbox?since=0&rang=elsewhere')).status).toBe(503)
  expect((await ask('GET', '/inbox?since=0')).status).toBe(200)
  expect((await ask('POST', '/receipts', { attempt: 'elsewhere', stage: 'presented' })).status).toBe(503)
  const { attempt } = await called()
  expect((await ask('POST', '/receipts', { attempt, stage: 'presented' })).status).toBe(200)
})

test('together, what nobody knows is no reason to turn a phone away', async () => {
  expect((await ask('GET', '/inbox?since=0&rang=gone')).status).toBe(200)
  expect((await ask('POST', '/receipts', { attempt: 'gone', stage: 'presented' })).status).toBe(404)
})
