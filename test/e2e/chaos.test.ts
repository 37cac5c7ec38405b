import { expect, test } from 'vitest'
import { runChaos } from '../chaos/chaos.ts'
import { holds } from '../chaos/record.ts'

/*
 * The quickest faults of a machine, on one node, on one with a second path, and on two where PostgreSQL is installed: what
 * was acknowledged is on the phone, once. `npm run chaos -- --cuts N --seed S` does as many as one has time for.
 */
const KINDS = ['kill', 'stop', 'disk-full', 'deleted', 'flipped']

test('a short run of seeded faults loses nothing that was acknowledged', async () => {
  const broken: unknown[] = []
  const cuts = await runChaos({
    cuts: 12,
    seed: 20,
    kinds: KINDS,
    onCut: (cut) => {
      if (!holds(cut)) broken.push(cut)
    },
  })
  expect(broken).toEqual([])
  expect(cuts.length).toBeGreaterThan(0)
}, 240_000)
