import { expect, test } from 'vitest'
import { answersTo } from '../../src/web/console/asked.js'

const REG = ['Medical registrar', 'med-reg', '1113', '2201', 'Adult crash team', 'Viktor Ingleby']
const PAEDS = ['Paediatric SHO', 'paed-sho', '1490', '2203', 'Paediatric arrest team']

test.each([
  ['med reg', true, false],
  ['reg med', true, false],
  ['med-reg', true, false],
  ['Medical r', true, false],
  ['2201', true, false],
  ['1113', true, false],
  ['crash', true, false],
  ['ingleby', true, false],
  ['paeds', false, true],
  ['paed sho', false, true],
  ['surg', false, false],
  ['med sho', false, false],
  ['', false, false],
])('who is on as “%s”?', (asked, reg, paeds) => {
  expect([answersTo(REG, asked), answersTo(PAEDS, asked)]).toEqual([reg, paeds])
})
