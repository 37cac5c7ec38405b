import { expect, test } from 'vitest'
import { reportSays } from '../../../src/core/deliver/reports.ts'

test.each(['text-delivered', 'text-undelivered', 'no-key'])(
  '%s is said as the network’s own word',
  (name) => {
    expect(reportSays(name)).toMatch(/\w/)
  },
)

test('they differ, and no other hop is one', () => {
  const said = ['text-delivered', 'text-undelivered', 'no-key'].map((name) => reportSays(name))
  expect(new Set(said).size).toBe(3)
  expect(reportSays('presented')).toBeUndefined()
  expect(reportSays('constructor')).toBeUndefined()
})
