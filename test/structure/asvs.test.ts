import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** How many requirements of levels 1 and 2 each section of ASVS 5.0 has: those of level 3 come last in each. */
const SECTIONS = {
  ...{ 1.1: 2, 1.2: 9, 1.3: 11, 1.4: 3, 1.5: 2, 2.1: 3, 2.2: 3, 2.3: 4, 2.4: 1, 3.2: 2, 3.3: 4, 3.4: 6 },
  ...{ 3.5: 5, 3.7: 2, 4.1: 3, 4.2: 1, 4.3: 2, 4.4: 4, 5.1: 1, 5.2: 3, 5.3: 2, 5.4: 3, 6.1: 3, 6.2: 12 },
  ...{ 6.3: 4, 6.4: 4, 6.5: 5, 6.6: 3, 6.8: 4, 7.1: 3, 7.2: 4, 7.3: 2, 7.4: 5, 7.5: 2, 7.6: 2, 8.1: 2 },
  ...{ 8.2: 3, 8.3: 1, 8.4: 1, 9.1: 3, 9.2: 4, 10.1: 2, 10.2: 2, 10.3: 4, 10.4: 11, 10.5: 5, 10.6: 2 },
  ...{ 10.7: 3, 11.1: 2, 11.2: 3, 11.3: 3, 11.4: 4, 11.5: 1, 11.6: 1, 12.1: 3, 12.2: 2, 12.3: 4, 13.1: 1 },
  ...{ 13.2: 5, 13.3: 2, 13.4: 5, 14.1: 2, 14.2: 4, 14.3: 3, 15.1: 3, 15.2: 3, 15.3: 7, 16.1: 1, 16.2: 5 },
  ...{ 16.3: 4, 16.4: 3, 16.5: 3, 17.1: 1, 17.2: 4, 17.3: 2 },
}
const ALL = Object.entries(SECTIONS).flatMap(([section, count]) =>
  Array.from({ length: count }, (_, i) => `${section}.${i + 1}`),
)

const rows = readFileSync('config/security.md', 'utf8')
  .split('\n')
  .filter((line) => /^\| \d/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, ids = '', asked = '', how = '', shown = '']) => ({ ids: ids.split(', '), asked, how, shown }))

test('each requirement of level 1 and 2 has its place, once', () => {
  expect(ALL).toHaveLength(253)
  expect(rows.flatMap(({ ids }) => ids).toSorted()).toEqual(ALL.toSorted())
})

test('each row says how, and names a test or command that is there, unless it says that it is not so', () => {
  for (const { ids, asked, how, shown } of rows) {
    expect([ids, asked === '', how === '']).toEqual([ids, false, false])
    const named = [...shown.matchAll(/`([^`]+)`/g)].map(([, one = '']) => one)
    const commands = named.filter((one) => !one.startsWith('test/'))
    for (const one of commands) expect([ids, one.startsWith('npm run ')]).toEqual([ids, true])
    for (const one of named.filter((one) => one.startsWith('test/')))
      expect([ids, one, existsSync(one)]).toEqual([ids, one, true])
    const without = /\*\*(Not met|Does not apply)/.test(how) || how.startsWith('There are none')
    if (!without) expect([ids, named.length > 0]).toEqual([ids, true])
  }
})
