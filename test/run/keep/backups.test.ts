import { beforeEach, describe, expect, test } from 'vitest'
import { failed, ok } from '../../../src/core/faults.ts'
import { copiesOver, isTooOld } from '../../../src/core/govern/copies.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/core/instant.ts'
import type { Backups, Copy } from '../../../src/ports/backups.ts'
import { startBackups } from '../../../src/run/keep/backups.ts'
import { listeningMetrics, quietLog } from '../../support/quiet.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const START = Date.UTC(2026, 10, 20, 9)
const RULE = { every: 6 * HOUR, copies: 3, days: 14 }
const copy = (made: number): Copy => ({
  ...{ path: `c${made}`, made, bytes: 1, sha256: '', schema: 's', audit: { seq: 0, digest: '' } },
})

describe('copies that have had their time', () => {
  const made = (...days: readonly number[]) => days.map((day) => copy(day * DAY))
  const over = (all: readonly Copy[], now: number) =>
    copiesOver(all, RULE, now * DAY).map((c) => c.made / DAY)
  test('are those beyond the count, and those beyond the age', () => {
    expect(over(made(1, 4, 2, 3), 4)).toEqual([1])
    expect(over(made(1, 14, 15), 16)).toEqual([1])
  })
  test('but never the newest, however old: it is better than none', () => {
    expect(over(made(1), 400)).toEqual([])
    expect(over(made(1, 2), 400)).toEqual([1])
  })
  test('the last good one is too old when two have been missed', () => {
    expect([isTooOld(18 * HOUR, RULE), isTooOld(18 * HOUR + 1, RULE)]).toEqual([false, true])
  })
})

describe('the loop', () => {
  let clock: VirtualClock
  let all: Copy[]
  let fails: boolean
  let hangs: boolean
  let metrics: ReturnType<typeof listeningMetrics>
  beforeEach(() => {
    clock = new VirtualClock(START)
    all = []
    fails = false
    hangs = false
    metrics = listeningMetrics()
  })
  const backups: Backups = {
    async make(at) {
      if (fails) return failed('backup-failed', 'no space')
      const made = copy(at)
      all.push(made)
      return ok(made)
    },
    list: () => (hangs ? new Promise<never>(() => undefined) : Promise.resolve([...all])),
    renote: async () => undefined,
    async remove({ path }) {
      all = all.filter((c) => c.path !== path)
    },
  }
  const start = () => {
    const wake = { on: () => () => undefined, ring: () => undefined }
    return startBackups(backups, RULE, { clock, wake, log: quietLog, metrics })
  }
  test('a folder that hangs leaves no copy young: that it is too old is told by the clock of whoever asks', async () => {
    const loop = start()
    await clock.elapse(SECOND)
    hangs = true
    await clock.elapse(17 * HOUR)
    expect(loop.troubles()).toEqual([])
    await clock.elapse(2 * HOUR)
    expect(loop.troubles()).toMatchObject([{ code: 'backup-old', subject: 'backup' }])
  })

  const age = () => metrics.gauges.findLast(([name]) => name === 'bleepbridge_backup_age_seconds')?.[1]

  test('makes the first copy at once, then one each interval, and keeps as many as it should', async () => {
    const loop = start()
    await clock.elapse(MINUTE)
    expect(all).toHaveLength(1)
    await clock.elapse(5 * HOUR)
    expect(all).toHaveLength(1)
    await clock.elapse(2 * DAY)
    expect(all.map((c) => (c.made - START) / HOUR)).toEqual([36, 42, 48].map((h) => expect.closeTo(h, 0)))
    expect(loop.troubles()).toEqual([])
    await loop.stop()
    expect(clock.pending).toBe(0)
  })

  test('a restart makes no copy before it is due', async () => {
    all = [copy(START - 2 * HOUR)]
    const loop = start()
    await clock.elapse(3 * HOUR)
    expect(all).toHaveLength(1)
    expect(age()).toBeCloseTo((5 * HOUR) / SECOND, -2)
    await clock.elapse(2 * HOUR)
    expect(all).toHaveLength(2)
    await loop.stop()
  })

  test('one that fails is told at once and tried again, not each minute; the last good one becomes too old', async () => {
    all = [copy(START - 5 * HOUR)]
    fails = true
    const loop = start()
    await clock.elapse(HOUR + 2 * MINUTE)
    expect(loop.troubles().map((t) => t.code)).toEqual(['backup-failed'])
    const failures = () => metrics.counted.filter(([, labels]) => labels?.outcome === 'failed').length
    expect(failures()).toBe(1)
    await clock.elapse(HOUR)
    expect(failures()).toBeLessThanOrEqual(5)
    await clock.elapse(12 * HOUR)
    expect(loop.troubles().map((t) => t.code)).toEqual(['backup-failed', 'backup-old'])
    expect(all).toHaveLength(1)
    fails = false
    await clock.elapse(16 * MINUTE)
    expect(loop.troubles()).toEqual([])
    expect(age()).toBeLessThan(HOUR / SECOND)
    await loop.stop()
  })

  test('where none was ever made, hours of failing are an alarm too', async () => {
    fails = true
    const loop = start()
    await clock.elapse(19 * HOUR)
    expect(loop.troubles().map((t) => t.code)).toContain('backup-old')
    await loop.stop()
  })

  test('a clock set back by days does not keep copies from being made', async () => {
    all = [copy(START + 3 * DAY)]
    const loop = start()
    await clock.elapse(2 * MINUTE)
    expect(all).toHaveLength(2)
    await loop.stop()
  })
})
