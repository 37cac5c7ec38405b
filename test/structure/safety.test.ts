import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { hazardLog, hazardPage, LIKELIHOODS, riskOf, SEVERITIES } from '../../src/config/hazards.ts'
import { FAULTS, type FaultCode, isStanding } from '../../src/core/faults.ts'
import { METRICS } from '../../src/core/measure/metrics.ts'

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const log = hazardLog.parse(parse(readFileSync(at('config/safety/hazards.yaml'), 'utf8')))
const controls = log.hazards.flatMap(({ id, controls }) => controls.map((control) => ({ id, ...control })))

test('every test that a control rests on exists and holds tests', () => {
  const lost = controls.flatMap(({ id, tests }) =>
    tests
      .filter(
        (file) => !existsSync(at(file)) || !/\b(test|score)(\.each)?\(/.test(readFileSync(at(file), 'utf8')),
      )
      .map((file) => `${id} ${file}`),
  )
  expect(lost).toEqual([])
})

test('every figure and fault code that watches a control exists', () => {
  const lost = controls.flatMap(({ id, metrics, faults }) => [
    ...metrics.filter((name) => !Object.hasOwn(METRICS, name)).map((name) => `${id} ${name}`),
    ...faults.filter((name) => !Object.hasOwn(FAULTS, name)).map((name) => `${id} ${name}`),
  ])
  expect(lost).toEqual([])
})

test('every state that a watcher can find belongs to a hazard', () => {
  const named = new Set(controls.flatMap(({ faults }) => faults))
  const without = Object.keys(FAULTS).filter((code) => isStanding(code as FaultCode) && !named.has(code))
  expect(without).toEqual([])
})

test('no hazard is judged worse with its controls than without, and each has a number of its own', () => {
  for (const { id, before, after } of log.hazards)
    expect(riskOf(after), id).toBeLessThanOrEqual(riskOf(before))
  expect(new Set(log.hazards.map(({ id }) => id)).size).toBe(log.hazards.length)
})

test('a risk that stays at 4 or more is none that we propose to go live with', () => {
  expect(log.hazards.filter(({ after }) => riskOf(after) > 3).map(({ id }) => id)).toEqual([])
})

test('the matrix rises with severity and with likelihood', () => {
  for (const [i, likelihood] of LIKELIHOODS.entries())
    for (const [j, severity] of SEVERITIES.entries()) {
      const here = riskOf({ severity, likelihood })
      if (i > 0) expect(here).toBeGreaterThanOrEqual(riskOf({ severity, likelihood: LIKELIHOODS[i - 1]! }))
      if (j > 0) expect(here).toBeGreaterThanOrEqual(riskOf({ severity: SEVERITIES[j - 1]!, likelihood }))
    }
})

test('the page is printed from the data as they are now (node src/config/print-hazards.ts)', () => {
  expect(readFileSync(at('config/safety/hazard-log.md'), 'utf8')).toBe(hazardPage(log))
})
