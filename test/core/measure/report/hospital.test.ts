import { expect, test } from 'vitest'
import {
  hospital,
  PAGER,
  hospitalReport as report,
  trueKnowing,
  trueMean,
} from '../../../support/hospital.ts'

/** Both phases end when whoever asked knows: an answered call at the extension, or told with a receipt. */
const TRUTH = trueMean(PAGER) - trueKnowing()

test('in at least 90 of 100 hospitals the interval holds the true time saved', () => {
  let held = 0
  let sum = 0
  for (let seed = 1; seed <= 100; seed++) {
    const { saved } = report(hospital({ seed, extensions: 16, bleeps: 0.25 }), { shift: 'day' })
    const row = saved.find((r) => r.staffGroup === 'doctor' && r.shift === 'day' && r.role === undefined)
    if (row?.interval == null || row.minutesPerShift == null) throw new Error('nothing measured')
    const truth = (TRUTH * row.acknowledged) / row.shifts / 60
    if (row.interval[0] <= truth && truth <= row.interval[1]) held += 1
    sum += row.minutesPerShift / truth
  }
  expect(Math.abs(sum / 100 - 1)).toBeLessThan(0.04)
  expect(held).toBeGreaterThanOrEqual(90)
  // A hundred hospitals of eight weeks are half a minute's work on a small machine.
}, 180_000)

test('an estimator that ends at a button on the phone is caught by the same hospitals', () => {
  let held = 0
  for (let seed = 1; seed <= 10; seed++) {
    const h = hospital({ seed, extensions: 16, bleeps: 0.25 })
    const after = h.after.map(({ told: _, ...fact }) =>
      fact.accepted === undefined ? fact : { ...fact, told: fact.accepted },
    )
    const { saved } = report({ ...h, after }, { shift: 'day' })
    const row = saved.find((r) => r.staffGroup === 'doctor' && r.shift === 'day' && r.role === undefined)
    if (row?.interval == null) throw new Error('nothing measured')
    const truth = (TRUTH * row.acknowledged) / row.shifts / 60
    if (row.interval[0] <= truth && truth <= row.interval[1]) held += 1
  }
  expect(held).toBeLessThanOrEqual(5)
}, 60_000)
