import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, expect, test } from 'vitest'
import { asId } from '../../src/core/ids.ts'
import { SECOND } from '../../src/core/instant.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import { removeFolder } from '../support/folders.ts'
import { settle, VirtualClock } from '../support/virtual-clock.ts'
import { aHolding, countingRandom, EVERYBODY, enrol, type Sent, startWard } from '../support/ward.ts'

const folder = mkdtempSync(join(tmpdir(), 'bleep-locked-'))
afterAll(() => removeFolder(folder))

/**
 * The same as the night's score, with a real lock in place of its stand-in. The first who meets the lock waits for the
 * whole of the store's patience, five real seconds; the ward's time moves on its own clock.
 */
test('a step that falls due while another program holds the database fires once, as soon as the lock is gone', async () => {
  const path = join(folder, 'store.sqlite')
  const clock = new VirtualClock()
  const store = await openSqlite(path)
  await enrol(store, EVERYBODY)
  const sent: Sent[] = []
  const ward = startWard({
    ...{ store, clock, random: countingRandom(), holding: aHolding() },
    onSent: (one) => sent.push(one),
  })
  await settle()
  const start = clock.now()
  expect(await ward.page('2222', 'CARDIAC ARREST WARD 7B')).toBeDefined()
  await clock.elapse(13 * SECOND)
  const substitutes = () =>
    sent.filter((s) => ['icu', 'out'].includes(s.person) && s.channel === 'webpush').map((s) => s.person)
  expect(substitutes()).toEqual([])

  const thief = new DatabaseSync(path)
  thief.exec('begin immediate')
  await clock.elapse(5 * SECOND)
  expect(clock.now() - start).toBe(18 * SECOND)
  expect(substitutes()).toEqual([])
  expect(await ward.page('2222', 'CARDIAC ARREST WARD 7B')).toBeUndefined()
  thief.exec('rollback')
  thief.close()

  await clock.elapse(SECOND)
  expect(substitutes().sort()).toEqual(['icu', 'out'])
  const [alert, ...others] = await store.transact((tx) => tx.alerts.list({ limit: 10 }))
  expect(others).toEqual([])
  const events = await store.transact((tx) => tx.alerts.events(asId(String(alert?.id))))
  const steps = events.flatMap((e) => (e.kind === 'due' ? [`${e.name} ${(e.at - start) / SECOND}`] : []))
  expect(steps).toEqual(['receipt 5', 'receipt 10', 'receipt 18.1', 'step-1 18.1'])
  await ward.stop()
  await store.close()
})
