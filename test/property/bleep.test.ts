import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Bleep, Page, Sighting } from '../../src/core/bleep/bleep.ts'
import { classify } from '../../src/core/bleep/classify.ts'
import type { Recent } from '../../src/core/bleep/merge.ts'
import { absorb } from '../../src/core/bleep/merge.ts'
import { rulesSchema } from '../../src/core/bleep/rule-schema.ts'
import { compileRules } from '../../src/core/bleep/rules.ts'
import { words } from '../../src/core/bleep/words.ts'
import { buildDirectory } from '../../src/core/directory/build.ts'
import type { BleepId, FeedId, NodeId, SightingId } from '../../src/core/ids.ts'
import { asId } from '../../src/core/ids.ts'
import { classRank } from '../../src/core/vocabulary.ts'
import { merge } from '../support/merging.ts'
import { aPage } from '../support/pages.ts'
import { NUMBERS, smallSite } from '../support/small-site.ts'

const SEED = { seed: 20_261_122 }
const directory = buildDirectory(smallSite())
const compiled = compileRules(rulesSchema.parse({}))
if (!compiled.ok) throw new Error('the starter set does not compile')
const { rules } = compiled

/** Words that matter to rules, mixed with others and with anything at all. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc
    .array(
      fc.constantFrom(
        ...'CARDIAC ARREST TEST CALL STAND DOWN NOT A FALSE ALARM WARD 7B BED 3 FIRE DOOR PAED RESUS 4421 EXT ETA 10 MIN BLOOD TRAUMA TEAM TO ED CANCELLED CARIDAC \uFFFD\uFFFD'.split(
          ' ',
        ),
      ),
      { maxLength: 9 },
    )
    .map((parts) => parts.join(' ')),
)
const number = fc.constantFrom(...NUMBERS.map((n) => n.number), 'ric:7/0')
const quality = fc.constantFrom('clean', 'corrected', 'damaged', 'unterminated' as const)

describe('classifying', () => {
  test('any page gets a kind and class, and every field is the sender’s own words', () => {
    fc.assert(
      fc.property(text, number, quality, (said, to, how) => {
        const meaning = classify(aPage(said, { quality: how }), to, directory, rules)
        expect(meaning.kind).not.toBe('')
        for (const field of [meaning.place, meaning.callBack, meaning.eta]) {
          if (field !== undefined) expect(said).toContain(field)
        }
      }),
      { ...SEED, numRuns: 3000 },
    )
  })

  test('words never lower what the number says, except an explicit test that was read well', () => {
    fc.assert(
      fc.property(text, number, quality, (said, to, how) => {
        const floor = directory.numbers.get(to)?.class ?? 'test'
        const meaning = classify(aPage(said, { quality: how }), to, directory, rules)
        if (classRank(meaning.class) >= classRank(floor)) return
        expect(meaning.reason).toBe('class-test')
        expect(words(said)).toContain('TEST')
        expect(['clean', 'corrected']).toContain(how)
      }),
      { ...SEED, numRuns: 3000 },
    )
  })

  test('more words of an emergency never make it less urgent', () => {
    fc.assert(
      fc.property(text, number, (said, to) => {
        const page = aPage(`CARDIAC ARREST WARD 4. ${said}`)
        const meaning = classify(page, to, directory, rules)
        if (meaning.reason !== 'class-test') expect(meaning.class).toBe('emergency')
      }),
      { ...SEED, numRuns: 2000 },
    )
  })
})

interface Transmission {
  readonly at: number
  readonly words: string
  /** Which taps heard it, how late, and whether they lost a character. */
  readonly taps: readonly { readonly late: number; readonly heard: boolean; readonly lost: boolean }[]
}
const NODE = asId<NodeId>('n')
const SKEW = 2000
const TAPS = ['a', 'b']

/** Plays transmissions into `merge` in the order in which they are heard. */
function play(transmissions: readonly Transmission[]) {
  const readings = transmissions
    .flatMap((t, i) =>
      t.taps.flatMap((tap, j) =>
        tap.heard ? [{ i, tap: TAPS[j] ?? '', at: t.at + tap.late, words: t.words, lost: tap.lost }] : [],
      ),
    )
    .sort((x, y) => x.at - y.at || x.i - y.i)
  const bleeps: Recent[] = []
  for (const [n, reading] of readings.entries()) {
    const shown = reading.lost ? `\uFFFD${reading.words.slice(1)}` : reading.words
    const page: Page = aPage(shown, { lastByte: reading.at, quality: reading.lost ? 'damaged' : 'clean' })
    const heard = { page, number: '2201', tap: reading.tap, node: NODE, arrived: reading.at }
    const merged = merge(heard, bleeps, { repeatTime: 0, clockSkew: SKEW }, [])
    const id = merged.kind === 'new' ? asId<BleepId>(`b${n}`) : merged.bleep
    const sighting: Sighting = {
      id: asId<SightingId>(`s${n}`),
      bleep: id,
      feed: asId<FeedId>(reading.tap),
      tap: reading.tap,
      node: NODE,
      page,
      begun: reading.at,
      reason: merged.reason,
    }
    if (merged.kind === 'new') {
      const bleep: Bleep = {
        id,
        number: '2201',
        page,
        stage: 'received',
        received: reading.at,
        sightings: 1,
        repeats: 0,
      }
      bleeps.unshift({ bleep, sightings: [sighting] })
    } else {
      const index = bleeps.findIndex((r) => r.bleep.id === id)
      const known = bleeps[index]!
      bleeps[index] = {
        bleep: absorb(known.bleep, page, merged),
        sightings: [...known.sightings, sighting],
      }
    }
  }
  return { bleeps, readings }
}

const transmissions = (heard: fc.Arbitrary<boolean>, lost: fc.Arbitrary<boolean>) =>
  fc
    .array(
      fc.record({
        gap: fc.integer({ min: 500, max: 20_000 }),
        words: fc.constantFrom('ARREST WARD 7', 'ARREST WARD 8', '70123'),
        taps: fc.tuple(
          fc.record({ late: fc.constant(0), heard, lost }),
          fc.record({ late: fc.integer({ min: 0, max: 400 }), heard, lost }),
        ),
      }),
      { maxLength: 12 },
    )
    .map((list) => {
      let at = 0
      return list.map(({ gap, words: said, taps }): Transmission => {
        at += gap
        return { at, words: said, taps }
      })
    })

describe('merging', () => {
  test('two taps that hear everything make one bleep of each call, however close calls come', () => {
    fc.assert(
      fc.property(transmissions(fc.constant(true), fc.constant(false)), (calls) => {
        const { bleeps } = play(calls)
        expect(bleeps).toHaveLength(calls.length)
        for (const { bleep } of bleeps) expect(bleep).toMatchObject({ sightings: 2, repeats: 0 })
      }),
      { ...SEED, numRuns: 1000 },
    )
  })

  test('no call that a tap heard is ever lost, and every reading is kept', () => {
    fc.assert(
      fc.property(transmissions(fc.boolean(), fc.boolean()), (calls) => {
        const { bleeps, readings } = play(calls)
        for (const tap of TAPS) {
          expect(bleeps.length).toBeGreaterThanOrEqual(readings.filter((r) => r.tap === tap).length)
        }
        expect(bleeps.reduce((n, r) => n + r.sightings.length, 0)).toBe(readings.length)
        for (const { sightings } of bleeps) {
          expect(new Set(sightings.map((s) => s.tap)).size).toBe(sightings.length)
        }
      }),
      { ...SEED, numRuns: 1000 },
    )
  })
})
