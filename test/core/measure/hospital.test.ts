import { expect, test } from 'vitest'
import type { Report, ReportAsk } from '../../../src/core/measure/report.ts'
import { ReportMaker } from '../../../src/core/measure/report-maker.ts'
import { HOSPITAL_ROLES, type Hospital, hospital, PAGER, PHONE, trueMean } from '../../support/hospital.ts'

const SHIFTS = [
  { name: 'day', from: '08:00', to: '20:00' },
  { name: 'night', from: '20:00', to: '08:00' },
]

function report(h: Hospital, more: Partial<ReportAsk> = {}): Report {
  const maker = new ReportMaker({
    site: 'demo',
    zone: 'Europe/London',
    from: h.live.from,
    to: h.live.to,
    made: h.live.to,
    shifts: SHIFTS,
    baseline: h.baseline,
    roleNames: new Map(HOSPITAL_ROLES.map(({ role }) => [role, role])),
    availability: [],
    air: [],
    ...more,
  })
  for (const fact of h.before) maker.addBaseline(fact)
  for (const fact of h.after) maker.add(fact)
  for (const call of h.calls) maker.addCall(call)
  const steps = maker.finish()
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

const TRUTH = trueMean(PAGER) - trueMean(PHONE)

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
  expect(Math.abs(sum / 100 - 1)).toBeLessThan(0.02)
  expect(held).toBeGreaterThanOrEqual(90)
})
