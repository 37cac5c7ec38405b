import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { StoredEdit } from '../../src/core/directory/build.ts'
import { buildDirectory } from '../../src/core/directory/build.ts'
import { findRotaFlaws } from '../../src/core/directory/cover-check.ts'
import type { EditInput } from '../../src/core/directory/edits.ts'
import type { HandOverRequest } from '../../src/core/directory/hand-over.ts'
import { decideHandOver } from '../../src/core/directory/hand-over.ts'
import { HOUR, MINUTE, parseInstant } from '../../src/core/instant.ts'
import { aRole, person, role, smallSite } from '../support/small-site.ts'

const SEED = { seed: 20_261_122 }
const REG = role('reg')
/** Two days about the night that is thirteen hours long. */
const START = parseInstant('2026-10-24T08:00:00Z') ?? Number.NaN
const HOURS = 48

const who = fc.constantFrom('ada', 'ben', 'cat', 'dov')
const span = fc
  .tuple(fc.integer({ min: 0, max: HOURS - 1 }), fc.integer({ min: 1, max: 20 }))
  .map(([from, length]) => ({ from: START + from * HOUR, to: START + (from + length) * HOUR }))

const edit: fc.Arbitrary<EditInput> = fc.oneof(
  fc
    .tuple(span, who, fc.constantFrom('instead', 'also' as const))
    .map(([s, p, mode]) => ({ kind: 'override' as const, role: 'reg', person: p, mode, ...s })),
  fc.tuple(span, who).map(([s, p]) => ({ kind: 'leave' as const, person: p, ...s })),
  fc.tuple(span, who, who).map(([s, gives, takes]) => ({
    kind: 'swap' as const,
    legs: [{ role: 'reg', gives, takes, ...s }],
  })),
)

/** The same rules said the slow way: one instant, one set of people, one edit after the other. */
function slowly(edits: readonly EditInput[], at: number): readonly string[] {
  const hour = Number(
    new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', hour: '2-digit', hourCycle: 'h23' }).format(
      at,
    ),
  )
  let on = new Set([hour >= 8 && hour < 20 ? 'ada' : 'ben'])
  for (const e of edits) {
    if (e.kind === 'override' && e.from <= at && at < e.to) {
      on = e.mode === 'also' ? new Set([...on, e.person]) : new Set([e.person])
    }
    if (e.kind === 'leave' && e.from <= at && at < e.to) on.delete(e.person)
    if (e.kind !== 'swap') continue
    for (const leg of e.legs) {
      if (leg.from <= at && at < leg.to && on.delete(leg.gives)) on.add(leg.takes)
    }
  }
  return [...on].sort()
}

const stored = (edits: readonly EditInput[]) =>
  edits.map((e, i): StoredEdit => ({ id: `e${i}`, at: START, by: 'desk', edit: e }))

describe('any pile of edits', () => {
  test('gives the holders that the slow reading gives, at every quarter of an hour', () => {
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 8 }), (edits) => {
        const directory = buildDirectory(smallSite(), stored(edits))
        for (let at = START; at < START + HOURS * HOUR; at += 15 * MINUTE) {
          const holders = directory.holders(REG, at).map((h) => h.person)
          expect([...holders].sort()).toEqual(slowly(edits, at))
        }
      }),
      { ...SEED, numRuns: 150 },
    )
  })

  test('has its gaps where nobody holds the role, and nowhere else', () => {
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 6 }), (edits) => {
        const directory = buildDirectory(smallSite({ roles: [aRole('reg')] }), stored(edits))
        const gaps = findRotaFlaws(directory, START, START + HOURS * HOUR).filter(
          (f) => f.reason === 'rota-gap',
        )
        for (let at = START; at < START + HOURS * HOUR; at += 15 * MINUTE) {
          const inGap = gaps.some((g) => g.from <= at && at < g.to)
          expect(inGap).toBe(directory.holders(REG, at).length === 0)
        }
      }),
      { ...SEED, numRuns: 100 },
    )
  })
})

const move = fc
  .tuple(
    fc.constantFrom('offer', 'take', 'refuse', 'withdraw', 'force' as const),
    who,
    who,
    fc.integer({ min: 1, max: 180 }),
  )
  .map(([kind, by, to, wait]) => ({ kind, by: person(by), to: person(to), wait }))

describe('any run of hand-overs', () => {
  test('folds to what was answered, with one holder while the rota has one', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 14 }), (moves) => {
        const edits: StoredEdit[] = []
        let at = START
        for (const { kind, by, to, wait } of moves) {
          at += wait * MINUTE
          const request: HandOverRequest =
            kind === 'force'
              ? { kind, role: REG, to, operator: 'desk' }
              : kind === 'offer'
                ? { kind, role: REG, by, to }
                : { kind, role: REG, by }
          const before = buildDirectory(smallSite(), edits)
          const decision = decideHandOver(before, request, at)
          expect(decision.edit !== undefined).toBe(decision.applied)
          if (decision.edit !== undefined)
            edits.push({ id: `e${edits.length}`, at, by: 'desk', edit: decision.edit })
          const after = buildDirectory(smallSite(), edits)
          expect(after.leftOut).toEqual([])
          const holders = after.holders(REG, at).map((h) => h.person)
          expect(holders).toHaveLength(1)
          if (decision.handedOver !== undefined) expect(holders).toEqual([decision.handedOver.to])
          else expect(holders).toEqual(before.holders(REG, at).map((h) => h.person))
        }
      }),
      { ...SEED, numRuns: 150 },
    )
  })
})
