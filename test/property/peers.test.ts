import fc from 'fast-check'
import { expect, test } from 'vitest'
import { converse } from '../support/peers.ts'

const SEED = 1984

/** Both ends of each link. ESPA as a 7-bit line, because its one check byte alone does not catch every flipped bit. */
const LINKS: readonly (readonly [
  string,
  Readonly<Record<string, unknown>>,
  Readonly<Record<string, unknown>>,
])[] = [
  ['espa444', { role: 'control', poll: [], parity: 'even' }, { parity: 'even' }],
  ['espa444', { role: 'control', poll: ['2'], parity: 'even' }, { parity: 'even', status: 'automatic' }],
  ['tap', { role: 'client', logon: 'required' }, {}],
  ['tap', { role: 'client', logon: 'optional' }, {}],
]

const texts = fc.uniqueArray(fc.stringMatching(/^[A-Z0-9 ]{1,30}$/), { minLength: 1, maxLength: 4 })

test.each(LINKS)('%s %j: on a good wire every page is taken, stored once, in order', (id, sender, taker) => {
  fc.assert(
    fc.property(texts, fc.integer({ min: 0, max: 900 }), (sent, after) => {
      const account = converse(
        [id, sender],
        [id, taker],
        sent,
        (b) => b,
        () => ({ after, good: true }),
        120_000,
      )
      expect(account.stored).toEqual(sent)
      expect(sent.map((text) => account.outcomes.get(text))).toEqual(sent.map(() => 'taken'))
    }),
    { seed: SEED, numRuns: 100 },
  )
})

/** What happens to each write in turn: nothing, a byte flipped, lost or doubled, the write lost. */
const noFault = fc.constant({ how: 'none' as const, where: 0 })
const fault = fc.oneof(
  { weight: 4, arbitrary: noFault },
  {
    weight: 3,
    arbitrary: fc.record({
      how: fc.constantFrom('flipped' as const, 'lost' as const, 'doubled' as const, 'write-lost' as const),
      where: fc.nat(1000),
    }),
  },
)

/** A store that settles while the sender still waits, and one that may take much longer. */
const soon = fc.record({ after: fc.integer({ min: 0, max: 1500 }), good: fc.boolean() })
const late = fc.record({ after: fc.integer({ min: 0, max: 15_000 }), good: fc.boolean() })

/**
 * Bad luck of each link. ESPA replies carry no reference to what they answer: with a lost EOT and a store slower than
 * the sender's patience at once, no station can tell a late ACK from a new one, so each is tried alone.
 */
const LUCK = LINKS.flatMap(([id, sender, taker]) =>
  id === 'tap'
    ? [{ id, sender, taker, wire: fault, store: late, luck: 'bad wire, slow and failing store' }]
    : [
        { id, sender, taker, wire: fault, store: soon, luck: 'bad wire, failing store' },
        { id, sender, taker, wire: noFault, store: late, luck: 'slow and failing store' },
      ],
)

test.each(LUCK)(
  '$id $sender, $luck: no page is taken that was not stored, and none is wrong',
  ({ id, sender, taker, wire: faultsOf, store }) => {
    fc.assert(
      fc.property(
        texts,
        fc.array(faultsOf, { minLength: 1, maxLength: 40 }),
        fc.array(store, { minLength: 1, maxLength: 8 }),
        (sent, faults, fates) => {
          let write = 0
          let page = 0
          const wire = (bytes: Uint8Array) => damage(bytes, faults[write++ % faults.length]!)
          const fate = () => fates[page++ % fates.length]!
          const account = converse([id, sender], [id, taker], sent, wire, fate, 240_000)
          for (const text of account.stored) expect(sent).toContain(text)
          for (const [text, outcome] of account.outcomes)
            if (outcome === 'taken') expect(account.stored).toContain(text)
          expect([...account.outcomes.keys()].sort(), 'every page has an outcome').toEqual([...sent].sort())
        },
      ),
      { seed: SEED, numRuns: 300 },
    )
  },
)

function damage(bytes: Uint8Array, { how, where }: { how: string; where: number }): Uint8Array | undefined {
  const i = where % bytes.length
  if (how === 'write-lost') return undefined
  if (how === 'lost') return Uint8Array.from([...bytes.subarray(0, i), ...bytes.subarray(i + 1)])
  if (how === 'doubled') return Uint8Array.from([...bytes.subarray(0, i + 1), ...bytes.subarray(i)])
  return how === 'flipped' ? bytes.map((b, n) => (n === i ? b ^ (1 << (where % 7)) : b)) : bytes
}
