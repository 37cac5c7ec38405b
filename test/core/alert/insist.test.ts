import { expect, test } from 'vitest'
import { SECOND } from '../../../src/core/instant.ts'
import { Call } from '../../support/call.ts'

const call = () => new Call('role:med-reg', 'routine', { insist: 10 * SECOND, repeatLast: 600 * SECOND })
const rings = (lines: readonly string[]) => lines.filter((line) => /(ask|again) reg/.test(line))

test('a phone back from a dead spot has rung now: it is rung again one pause after that, not at once', () => {
  const back = call().until(64)
  back.look()
  back.receipt('reg', 'presented')
  expect(rings(back.until(73).look())).toEqual([])
  expect(rings(back.until(75).look())).toEqual(['74 again reg by path 3: insists'])
})

test('a phone that rang in time is rung again one pause after it was called', () => {
  const there = call().until(1).receipt('reg', 'presented')
  there.look()
  expect(rings(there.until(11).look())).toEqual(['10 again reg: insists'])
})
