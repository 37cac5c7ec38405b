import { expect, test } from 'vitest'
import { HOUR } from '../../../src/core/instant.ts'
import type { Letter } from '../../../src/ports/post.ts'
import { startMorningSheet } from '../../../src/run/desk/morning-sheet.ts'
import { openBed } from '../../support/desk-bed.ts'
import { quietLog, quietMetrics } from '../../support/quiet.ts'
import { settle, VirtualClock } from '../../support/virtual-clock.ts'

test('each morning at seven by the site’s clock, once, with every call and without a word of any', async () => {
  // The night after which clocks go back: seven comes an hour later than the day before, by ours.
  const clock = new VirtualClock(Date.UTC(2026, 9, 24, 20))
  const bed = await openBed({ clock })
  const got: Omit<Letter, 'id' | 'written'>[] = []
  const post = { write: async (_tx: unknown, letter: (typeof got)[number]) => void got.push(letter) }
  const sheet = startMorningSheet({
    ...{ ...bed, log: quietLog, metrics: quietMetrics, directory: bed.roster.current },
    ...{ post, to: ['switchboard@example.org'] },
  })
  await bed.call({
    text: 'FOR MRS ZYXWVUT 943 476 5919',
    kind: 'adult-arrest',
    class: 'emergency',
    roles: ['med-reg'],
  })
  const pass = async (ms: number) => {
    await clock.elapse(ms)
    await settle()
  }
  await pass(10.9 * HOUR)
  expect(got).toEqual([])
  await pass(0.2 * HOUR)
  expect(got).toHaveLength(1)
  const page = Object.values(got[0]?.pages ?? {}).join()
  expect(page).toContain('<table>')
  expect(page).toContain('2201')
  expect(page).not.toMatch(/ZYXWVUT|5919/)
  await pass(20 * HOUR)
  expect(got).toHaveLength(1)
  await pass(5 * HOUR)
  expect(got).toHaveLength(2)
  await sheet.stop()
  await bed.close()
})
