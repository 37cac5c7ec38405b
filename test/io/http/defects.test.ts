import { afterEach, beforeEach, expect, test } from 'vitest'
import { titleOf } from '../../../src/core/bleep/title.ts'
import { MINUTE } from '../../../src/core/instant.ts'
import { board, type Listener } from '../../../src/io/http/looks.ts'
import { makeReport } from '../../../src/run/keep/report.ts'
import { watchDefects } from '../../../src/run/watch/defect-watch.ts'
import { type Bed, type Call, KEYS, openBed } from '../../support/desk-bed.ts'
import { quietLog } from '../../support/quiet.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

// One call of which a card cannot be made; every screen shows it bare, and all others whole.

const POISON = 'planted'
const planted = (): never => {
  throw new TypeError('planted')
}
const clock = new VirtualClock()
const defects = watchDefects(quietLog, clock)
let bed: Bed

beforeEach(async () => {
  bed = await openBed({
    clock,
    desk: { log: defects.log, title: (kind) => (kind === POISON ? planted() : titleOf(kind)) },
    parts: { log: defects.log },
  })
})
afterEach(() => bed.close())

const call = (kind: string, text: string): Call => ({ kind, text, class: 'emergency', roles: ['med-reg'] })
const get = async (path: string, token: string = KEYS.switchboard) => {
  const said = await bed.http.app.inject({
    url: `/api/v1${path}`,
    headers: { authorization: `Bearer ${token}` },
  })
  expect(said.statusCode).toBe(200)
  return said.json()
}
const shown = (alerts: { words?: string; responders: unknown[] }[]) =>
  alerts.map((a) => [a.words, a.responders.length]).toSorted()

test('the board shows the call that cannot be shown whole in its raw words, and the others whole', async () => {
  await bed.call(call('adult-arrest', 'BED 1'))
  await bed.call(call(POISON, 'BED 3'))
  const view = await get('/alerts')
  expect(shown(view.alerts)).toEqual([
    ['BED 1', 1],
    ['BED 3', 0],
  ])
  expect(defects.standing().map((d) => d.code)).toEqual(['view-failed'])
})

test('the page of such an alert can still be opened, and so can the inbox that holds it', async () => {
  const { token } = await bed.enrol({ person: bed.holder('med-reg') })
  const alert = await bed.call(call(POISON, 'BED 3'))
  await bed.call(call('adult-arrest', 'BED 1'))
  expect(await get(`/alerts/${alert.id}`)).toMatchObject({ words: 'BED 3', must: { level: 'act' } })
  const inbox = await get('/inbox?since=0', token)
  expect(inbox.items).toHaveLength(2)
  expect(inbox.items.map((i: { ring: boolean }) => i.ring)).toEqual([true, true])
  // Nothing is masked for the switchboard; for a phone the mask may be what failed.
  expect(inbox.items[0].alert).not.toHaveProperty('words')
})

test('a defect in one part of the stream of a board leaves the other parts, is told once, and its end too', async () => {
  let broken = true
  const told: string[] = []
  const to: Listener = { send: (event) => void told.push(event), write: () => undefined }
  const desk: Bed['desk'] = {
    ...bed.desk,
    board: async (caller, filter) => (broken ? planted() : bed.desk.board(caller, filter)),
  }
  const operator = { kind: 'operator', access: 'switchboard', operator: 'one' } as const
  const parts = { desk, clock, log: defects.log }
  const look = board(parts, operator)
  expect(await look(to)).toBe(true)
  expect(told).toEqual(['review', 'site'])
  expect(defects.standing()).toContainEqual({ code: 'view-failed', subject: 'board' })
  broken = false
  expect(await look(to)).toBe(true)
  expect(told).toContain('board')
  expect(defects.standing()).not.toContainEqual({ code: 'view-failed', subject: 'board' })
})

test('a report leaves out the bleep of which it can make nothing, and says which', async () => {
  await bed.call(call('adult-arrest', 'BED 1'))
  const alert = await bed.call(call('adult-arrest', 'BED 3'))
  const store: Bed['store'] = {
    ...bed.store,
    transact: (work) =>
      bed.store.transact((tx) =>
        work({
          ...tx,
          alerts: {
            ...tx.alerts,
            events: async (id) => (id === alert.id ? planted() : tx.alerts.events(id)),
          },
        }),
      ),
  }
  const left: string[] = []
  const now = clock.now()
  const report = await makeReport(
    { store, directory: bed.roster.current(), clock, leftOut: (bleep) => void left.push(bleep) },
    { site: 'demo', shifts: [], from: now - MINUTE, to: now + MINUTE },
  )
  expect(left).toEqual([alert.bleep])
  expect(report.counts.bleeps).toBe(1)
})
