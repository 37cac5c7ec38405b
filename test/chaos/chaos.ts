import { type Seeded, seeded } from '../../src/core/measure/facts/seeded.ts'
import { serverPrograms } from './database.ts'
import { CHAOS, type Fault } from './faults.ts'
import { type CutResult, judge, missingOf, type SentPage } from './record.ts'
import { makeWorld, SIZES, type Size, type World } from './world.ts'

const pause = (ms: number) => new Promise<void>((next) => setTimeout(next, ms))

/** Traffic before, during and behind a fault, milliseconds, at most. */
const BEFORE = 300
const DURING = 1500
const BEHIND = 300
/** Between two pages of one sender: what a machine that does other things as well can take. */
const APART = 150
/** A node that takes longer to be fit again has not come back. */
const READY_WITHIN = 60_000
/** What was acknowledged must be on the phone by then; how long the last of it took stands in the table. */
const SHOWN_WITHIN = 60_000

export interface ChaosOptions {
  readonly cuts: number
  readonly seed: number
  /** Only these kinds. */
  readonly kinds?: readonly string[]
  /** Only these; without PostgreSQL there are never two nodes. */
  readonly sizes?: readonly Size[]
  readonly onCut: (cut: CutResult, size: Size) => void
}

/**
 * Seeded faults against the real daemon: on one node with its own file, on one with a second path, and on two with
 * PostgreSQL where that is installed. Gives what became of each.
 */
export async function runChaos({
  cuts,
  seed,
  kinds,
  sizes = SIZES,
  onCut,
}: ChaosOptions): Promise<readonly CutResult[]> {
  const random = seeded(seed)
  const results: CutResult[] = []
  const able = sizes.filter((size) => size !== 'two nodes' || serverPrograms() !== undefined)
  let number = 0
  const text = (): string => {
    number += 1
    return `CHAOS ${seed} ${number}`
  }
  for (const [at, size] of able.entries()) {
    const share = Math.floor(cuts / able.length) + (at < cuts % able.length ? 1 : 0)
    if (share === 0) continue
    const world = await makeWorld(size)
    try {
      const can = CHAOS.filter((fault) => fault.can(world) && (kinds?.includes(fault.kind) ?? true))
      for (let done = 0; done < share && can.length > 0; done += 1) {
        // Each kind in turn, so that a short run has them all; the seed says to whom, when and for how long.
        const fault = can[done % can.length]
        if (fault === undefined) break
        const cut = await cutOnce(world, fault, random, text)
        results.push(cut)
        onCut(cut, size)
      }
    } finally {
      await world.close()
    }
  }
  return results
}

async function cutOnce(world: World, fault: Fault, random: Seeded, text: () => string): Promise<CutResult> {
  const { nodes, senders, phone } = world
  const before = new Set(phone.pushed.keys())
  const pages: SentPage[] = []
  let sending = true
  const traffic = senders.map(async (sender) => {
    while (sending) {
      const words = text()
      pages.push({ text: words, answer: await sender.send(words) })
      await pause(APART)
    }
  })
  const node = nodes[Math.floor(random() * nodes.length)]
  if (node === undefined) throw new Error('there is a node')
  await pause(random() * BEFORE)
  const heal = await fault.strike(world, node, random)
  await pause(100 + random() * DURING)
  await heal()
  const healed = performance.now()
  await pause(random() * BEHIND)
  sending = false
  await Promise.all(traffic)
  const fit = await Promise.all(nodes.map((one) => one.ready(READY_WITHIN)))
  const ready = fit.every((is) => is) ? performance.now() - healed : undefined
  for (const until = performance.now() + SHOWN_WITHIN; performance.now() < until; ) {
    if (missingOf(pages, world).length === 0) break
    await pause(100)
  }
  return judge(fault.kind, pages, world, before, { ready, shown: performance.now() - healed })
}
