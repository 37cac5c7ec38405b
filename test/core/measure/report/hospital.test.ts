import { expect, test } from 'vitest'
import type { Report } from '../../../../src/core/measure/report/report.ts'
import { type Hospital, hospital, hospitalReport as report, truth } from '../../../support/hospital.ts'

/** Both phases end when whoever asked knows: an answered call at the extension, or told with a receipt. */
const [BEFORE, AFTER] = [truth(false), truth(true)]
const LOOKING = truth(true, 1)

/** A figure of one report, with what is true of the same hospital. */
interface Figure {
  readonly value: number
  readonly interval: readonly [number, number]
  readonly true: number
}

const doctors = ({ saved, calls }: Report) => {
  const of = <R extends { staffGroup: string; role?: string }>(rows: readonly R[]) =>
    rows.find((r) => r.staffGroup === 'doctor' && r.role === undefined)!
  return { saved: of(saved), calls: of(calls) }
}

/** Every figure of the report that has an interval, of the day shift. */
const FIGURES: Readonly<Record<string, (r: Report) => Figure>> = {
  'waiting of those who bleep doctors': (r) => {
    const { minutesPerShift, interval, requests, shifts } = doctors(r).saved
    return {
      ...{ value: minutesPerShift!, interval: interval! },
      true: ((BEFORE.knows - AFTER.knows) * requests) / shifts / 60,
    }
  },
  'waiting on the wards, for one nurse': (r) => {
    const row = r.wards.find(({ ward }) => ward === undefined)!
    return {
      ...row.perNurse!,
      true: ((BEFORE.knows - AFTER.knows) * row.requests) / row.shifts / row.nurses! / 60,
    }
  },
  'waiting on a ward that looks at its screen': (r) => {
    const { minutesPerShift, interval, requests, shifts } = r.wards.find(({ ward }) => ward === 'Ward 1')!
    return {
      ...{ value: minutesPerShift!, interval: interval! },
      true: ((BEFORE.knows - LOOKING.knows) * requests) / shifts / 60,
    }
  },
  'calls spared': (r) => {
    const { spared, requests, shifts } = doctors(r).calls
    return { ...spared!, true: ((BEFORE.calls - AFTER.calls) * requests) / shifts }
  },
  'calls in vain spared': (r) => {
    const { vainSpared, requests, shifts } = doctors(r).calls
    return { ...vainSpared!, true: ((BEFORE.vain - AFTER.vain) * requests) / shifts }
  },
  'engaged calls spared': (r) => {
    const { engagedSpared, requests, shifts } = doctors(r).calls
    return { ...engagedSpared!, true: ((BEFORE.engaged - AFTER.engaged) * requests) / shifts }
  },
  'calls to a ward that looks at its screen': (r) => {
    const { spared, requests, shifts } = r.calls.find(({ ward }) => ward === 'Ward 1')!
    return { ...spared!, true: ((BEFORE.calls - LOOKING.calls) * requests) / shifts }
  },
  'answered without a call': (r) => {
    const { answeredOnTheSpot, answered, shifts } = doctors(r).calls
    return { ...answeredOnTheSpot!, true: (AFTER.noCall * answered) / shifts }
  },
}
const HOURS = [
  { name: 'day', from: '08:00', to: '20:00', nurses: 5 },
  { name: 'night', from: '20:00', to: '08:00', nurses: 3 },
]

const day = (h: Hospital) => report(h, { shift: 'day', shifts: HOURS })
const at = (seed: number) => hospital({ seed, extensions: 16, bleeps: 0.25 })

/**
 * Both bounds were written down before any of these hospitals was looked at, and their seeds had been used for nothing.
 * By chance one of eight figures is off by more than three standard errors once in forty-five such tests. (Seeds from 40001
 * were the first so chosen: one interval held 89 of 100. Four hundred others, from 70001, showed 92 to 95 in a hundred
 * for each, and the intervals were widened; these here had no part in it.)
 */
const FRESH = { from: 90_001, hospitals: 100, heldAtLeast: 90, standardErrors: 3 }

interface Held {
  readonly held: number
  /** Mean of the figures less their truths, and the standard error of that mean. */
  readonly off: number
  readonly error: number
}

/** In how many hospitals each interval holds the truth, and by how much each figure is off in the mean. */
function held(reports: readonly Report[]): Record<string, Held> {
  const out: Record<string, Held> = {}
  for (const [name, of] of Object.entries(FIGURES)) {
    const figures = reports.map(of)
    const n = figures.length
    const off = figures.reduce((sum, f) => sum + f.value - f.true, 0) / n
    const square = figures.reduce((sum, f) => sum + (f.value - f.true - off) ** 2, 0)
    out[name] = {
      ...{ off, error: Math.sqrt(square / n / n) },
      held: figures.filter((f) => f.interval[0] <= f.true && f.true <= f.interval[1]).length,
    }
  }
  return out
}

test('in at least 90 of 100 hospitals each interval holds the truth, and no figure leans', () => {
  const reports = Array.from({ length: FRESH.hospitals }, (_, i) => day(at(FRESH.from + i)))
  const all = held(reports)
  for (const [name, { held, off, error }] of Object.entries(all)) {
    expect(held, name).toBeGreaterThanOrEqual(FRESH.heldAtLeast)
    // Each hospital has luck of its own: what a mean of a hundred is off by says something only beside its error.
    expect(Math.abs(off / error), `${name}: ${off} ± ${error}`).toBeLessThan(FRESH.standardErrors)
  }
  // A hundred hospitals of eight weeks are half a minute's work on a small machine.
}, 240_000)

test('an estimator that ends at a button on the phone is caught by the same hospitals', () => {
  const reports = Array.from({ length: 10 }, (_, i) => {
    const h = at(i + 1)
    const after = h.after.map(({ told: _, ...fact }) =>
      fact.accepted === undefined ? fact : { ...fact, told: fact.accepted },
    )
    return day({ ...h, after })
  })
  const all = held(reports)
  expect(all['waiting of those who bleep doctors']?.held).toBeLessThanOrEqual(5)
  expect(all['waiting on the wards, for one nurse']?.held).toBeLessThanOrEqual(5)
})

test('calls counted without taking out chance are caught as well', () => {
  const far = Array.from({ length: 10 }, (_, i) => {
    const h = hospital({ seed: i + 1, extensions: 16, bleeps: 0.25, busy: 4 })
    // Requests moved away from their own calls: nothing is left but chance.
    const moved = <F extends { at: number }>(facts: readonly F[]) =>
      facts.map((f) => ({ ...f, at: f.at - 20 * 60_000 }))
    return doctors(day({ ...h, before: moved(h.before), after: moved(h.after) })).calls
  })
  const none = far.filter(({ spared }) => spared!.interval[0] <= 0 && 0 <= spared!.interval[1])
  expect(none.length).toBeGreaterThanOrEqual(8)
})

test('where the exchange never says that a line was engaged, engaged calls are no figure of their own', () => {
  const silent = hospital({ seed: 1, extensions: 16, bleeps: 0.25, tellsEngaged: false })
  const [told, untold] = [doctors(day(at(1))).calls, doctors(day(silent)).calls]
  expect(told.engagedSpared).not.toBeNull()
  expect(untold).toEqual({ ...told, engagedSpared: null })
})
