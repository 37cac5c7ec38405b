import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { keepFaults } from '../../../src/config/retention.ts'
import { FAULTS } from '../../../src/core/faults.ts'
import { cutoff, KEEP_TIMES, KEPT, type KeepTime, keepTable } from '../../../src/core/govern/retain.ts'
import { DAY } from '../../../src/core/instant.ts'
import { USUAL_KEEPS } from '../../support/keeps.ts'

const SQLITE = { kind: 'sqlite', path: 'x' } as const

test.each(KEPT)('%s: the usual keep time lies within its bounds, with a ground', (what) => {
  const { days, least, most, holds, because }: KeepTime = KEEP_TIMES[what]
  expect(days).toBeGreaterThanOrEqual(least)
  expect(days).toBeLessThanOrEqual(most)
  expect(holds.length).toBeGreaterThan(20)
  expect(because).toMatch(/The site’s decision|the site’s decision|Code of Practice/)
})

test('words go before the skeleton that evidence needs, and figures last', () => {
  expect(USUAL_KEEPS.words).toBeLessThan(USUAL_KEEPS.alerts)
  expect(USUAL_KEEPS.alerts).toBeLessThan(USUAL_KEEPS.measures)
  expect(keepFaults({ retention: USUAL_KEEPS, backup: undefined, store: SQLITE })).toEqual([])
})

test('keep times that contradict each other are told together, with where', () => {
  const retention = { ...USUAL_KEEPS, words: 60, alerts: 30, devices: 30, captures: 61 }
  const faults = keepFaults({ retention, backup: undefined, store: SQLITE })
  expect(faults.map(({ path, detail }) => `${path}: ${detail}`)).toEqual([
    'retention.words: 60 days, longer than retention.alerts with 30',
    'retention.captures: 61 days, longer than retention.words with 60',
  ])
})

test('copies of a PostgreSQL are not ours to make', () => {
  const backup = { folder: 'x', everyMs: 1, drillEveryMs: 1, copies: 1, days: 1 }
  const store = { kind: 'postgres' as const, url: 'x', neighbours: [] }
  expect(keepFaults({ retention: USUAL_KEEPS, backup, store }).map(({ path }) => path)).toEqual(['backup'])
})

test('what is exactly as old as its keep time has not had it', () => {
  expect(cutoff(USUAL_KEEPS, 'words', 100 * DAY)).toBe(10 * DAY)
})

test('the page for governance holds the table as it is, and only commands and codes that exist', () => {
  const page = readFileSync('config/governance.md', 'utf8')
  expect(page).toContain(keepTable())
  for (const [, code] of page.matchAll(/^\| `((?:erase|person)-[a-z]+)` \|/gm))
    expect(FAULTS).toHaveProperty(code!)
})
