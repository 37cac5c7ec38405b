import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MINUTE } from '../../../src/core/instant.ts'
import { shiftLogKeeper } from '../../../src/io/report/shift-log.ts'
import { OURSELVES, startShiftLog } from '../../../src/run/desk/shift-log.ts'
import { watchDefects } from '../../../src/run/watch/defect-watch.ts'
import { ARREST } from '../../support/console-bed.ts'
import { KEYS, openBed } from '../../support/desk-bed.ts'
import { removeFolder } from '../../support/folders.ts'
import { quietMetrics } from '../../support/quiet.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

test('each minute the sheet is in the folder and in the second place; one place that fails is told once, and when it is back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shift-log-'))
  const own = join(folder, 'own')
  const second = join(folder, 'second')
  const at = (place: string) => readFileSync(join(place, 'switchboard-shift-log.html'), 'utf8')
  const clock = new VirtualClock(Date.UTC(2026, 10, 30, 3))
  const bed = await openBed({ clock })
  const told: string[] = []
  const say = (event: string, fields?: object) =>
    void told.push(`${event} ${fields !== undefined && 'subject' in fields ? String(fields.subject) : ''}`)
  const defects = watchDefects({ info: say, debug: () => {}, warn: say, error: say }, clock)
  // What is a file cannot be a folder: the second place is not there yet.
  writeFileSync(second, '')
  let wrote = 0
  const keep = shiftLogKeeper([own, second])
  const sheet = startShiftLog(
    bed.desk,
    async (page) => {
      const failed = await keep(page)
      wrote += 1
      return failed
    },
    { clock, log: defects.log, metrics: quietMetrics, wake: bed.store.wake },
  )
  const minute = async () => {
    const before = wrote
    await clock.elapse(MINUTE)
    await expect.poll(() => wrote).toBeGreaterThan(before)
  }
  await bed.call({ ...ARREST, place: 'Ward 7B' })
  await minute()
  expect(at(own)).toContain('Ward 7B')
  await bed.call({ ...ARREST, place: 'Theatre 3' })
  await minute()
  expect(at(own)).toContain('Theatre 3')
  expect(told.filter((line) => line.endsWith('place 2'))).toHaveLength(1)
  expect(defects.standing()).toMatchObject([{ code: 'shift-log-unwritten', subject: 'place 2' }])
  rmSync(second)
  await minute()
  expect(at(second)).toBe(at(own))
  expect(told.filter((line) => line.endsWith('place 2'))).toHaveLength(2)
  expect(defects.standing()).toEqual([])
  await sheet.stop()
  await bed.close()
  removeFolder(folder)
})

test('in the night that the clocks go back, each time says which of the two hours it is', async () => {
  const clock = new VirtualClock(Date.UTC(2026, 9, 25, 0, 30))
  const bed = await openBed({ clock })
  await bed.call({ ...ARREST, place: 'Ward 7B' })
  clock.advance(60 * MINUTE)
  await bed.call({ ...ARREST, place: 'Theatre 3' })
  const { app } = bed.http
  const headers = { authorization: `Bearer ${KEYS.switchboard}` }
  const sheet = async () => (await app.inject({ url: '/api/v1/shift-log', headers })).body
  expect(await sheet()).toMatch(/25 Oct, 01:30:00 GMT.*Theatre 3[\s\S]*25 Oct, 01:30:00 BST.*Ward 7B/)
  clock.advance(25 * 60 * MINUTE)
  expect(await sheet()).not.toMatch(/GMT|BST/)
  await bed.close()
})

test('of a long day it is made in as many turns, and each turn has few calls in it', async () => {
  const clock = new VirtualClock(Date.UTC(2026, 10, 30, 3))
  const bed = await openBed({ clock })
  const more = async (count: number) => {
    for (let i = 0; i < count; i++) {
      clock.advance(1)
      await bed.call({ ...ARREST, place: `Bay ${i}` })
    }
  }
  const turns = async () => {
    let count = 0
    let made = false
    const next = () => {
      if (made) return
      count += 1
      setImmediate(next)
    }
    setImmediate(next)
    const sheet = await bed.desk.shiftLog(OURSELVES)
    made = true
    expect(sheet).toMatchObject({ ok: true, value: expect.stringContaining('Bay 0') })
    return count
  }
  await more(10)
  const ofFew = await turns()
  await more(200)
  // Twenty calls at most between two turns, both where they are read and where they are written down.
  expect((await turns()) - ofFew).toBeGreaterThanOrEqual(20)
  await bed.close()
})

test('what is open from before the day stands on it however much of it there is', async () => {
  const clock = new VirtualClock(Date.UTC(2026, 10, 28, 3))
  const bed = await openBed({ clock })
  for (let i = 0; i < 45; i++) await bed.call({ ...ARREST, place: `Old bay ${i}.` })
  clock.advance(25 * 60 * MINUTE)
  await bed.call({ ...ARREST, place: 'New bay' })
  const sheet = await bed.desk.shiftLog(OURSELVES)
  if (!sheet.ok) throw new Error(sheet.fault.code)
  expect(sheet.value.match(/<tr/g)).toHaveLength(1 + 45 + 1)
  for (let i = 0; i < 45; i++) expect(sheet.value).toContain(`Old bay ${i}.`)
  await bed.close()
})
