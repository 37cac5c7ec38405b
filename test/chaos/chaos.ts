import { monitorEventLoopDelay } from 'node:perf_hooks'
import { given } from '../../src/core/given.ts'
import { seeded } from '../../src/core/seeded.ts'
import { serverPrograms } from './database.ts'
import { CHAOS, type Fault } from './faults.ts'
import { type CutResult, holds, judge, missingOf, type SentPage } from './record.ts'
import { makeWorld, SIZES, type Size, type World } from './world.ts'

const pause = (ms: number) => new Promise<void>((next) => setTimeout(next, ms))

/** Traffic before and behind a fault, milliseconds, at most. */
const AROUND = 300
/** How long a fault lasts, milliseconds: short ones are oftener than long ones. */
const [AT_LEAST, AT_MOST] = [100, 1600]
/** Between two pages of one sender, and how much longer behind each: dense where something begins, and no pile behind it. */
const [APART, GROWS] = [150, 1.25]
/** A node that takes longer to be fit again has not come back. */
const READY_WITHIN = 180_000
/** What was acknowledged must be on the phone by then; how long the last of it took stands in the table. */
const SHOWN_WITHIN = 120_000
/** A world is made anew after so many cuts, so that none is only about a full one. */
const LIFE = 100

export interface ChaosOptions {
  readonly cuts: number
  /** Of the first cut; each has a seed of its own, one more than the cut before, and the sizes share them. */
  readonly seed: number
  /** How many worlds of one size at a time: a cut mostly waits. */
  readonly worlds?: number
  /** Only these kinds. */
  readonly kinds?: readonly string[]
  /** Only these; without PostgreSQL there are never two nodes. */
  readonly sizes?: readonly Size[]
  /** The daemon's entry; absent: the source tree's. */
  readonly bleepd?: string
  /** Whether a cut was done before. */
  readonly known?: (cut: Pick<CutResult, 'size' | 'seed' | 'kind'>) => boolean
  /** Whether folders of worlds in which a bound was broken stay. */
  readonly keep?: boolean
  readonly onCut: (cut: CutResult, folder: string) => void
}

/**
 * Seeded faults against the real daemon: on one node with its own file, on one with a second path, and on two with
 * PostgreSQL where that is installed. Gives what became of each.
 */
export async function runChaos(options: ChaosOptions): Promise<readonly CutResult[]> {
  const { cuts, seed, sizes = SIZES, worlds = 1 } = options
  const results: CutResult[] = []
  const able = sizes.filter((size) => size !== 'two nodes' || serverPrograms() !== undefined)
  for (const [at, size] of able.entries()) {
    const share = Math.floor(cuts / able.length) + (at < cuts % able.length ? 1 : 0)
    // Whoever is free takes the next.
    const seeds = Array.from({ length: share }, (_, n) => seed + n).values()
    const lives = Array.from({ length: Math.min(worlds, share) }, () => live(size, seeds, options, results))
    await Promise.all(lives)
  }
  return results
}

/** Cuts in one world after another, until no seed is left. */
async function live(
  size: Size,
  seeds: Iterable<number>,
  { bleepd, kinds, known, keep = false, onCut }: ChaosOptions,
  results: CutResult[],
): Promise<void> {
  let world: World | undefined
  let age = 0
  try {
    for (const seed of seeds) {
      world ??= await makeWorld(size, given({ bleepd }))
      const here = world
      const can = CHAOS.filter((fault) => fault.can(here) && (kinds?.includes(fault.kind) ?? true))
      // Each kind in turn, so that a short run has them all; the seed says to whom, when and for how long.
      const fault = can[seed % can.length]
      if (fault === undefined) break
      if (known?.({ size, seed, kind: fault.kind })) continue
      const cut = await cutOnce(here, fault, { size, seed })
      results.push(cut)
      onCut(cut, here.folder)
      age += 1
      if (holds(cut) && age % LIFE > 0) continue
      world = undefined
      await here.close({ keep: keep && !holds(cut) })
    }
  } finally {
    await world?.close()
  }
}

async function cutOnce(
  world: World,
  fault: Fault,
  which: Pick<CutResult, 'size' | 'seed'>,
): Promise<CutResult> {
  const { nodes, senders, phone } = world
  const random = seeded(which.seed)
  const before = new Map(phone.pushed)
  const spent = () => nodes.reduce((sum, node) => sum + node.cpu(), 0)
  const began = spent()
  const lag = monitorEventLoopDelay()
  lag.enable()
  const pages: SentPage[] = []
  let count = 0
  let apart = APART
  let sending = true
  const traffic = senders.map(async (sender) => {
    while (sending) {
      count += 1
      const text = `CHAOS ${which.seed} ${count}`
      const at = performance.now()
      pages.push({ text, at, to: sender.to, answer: await sender.send(text) })
      await pause(apart)
      apart *= GROWS
    }
  })
  const node = nodes[Math.floor(random() * nodes.length)]
  if (node === undefined) throw new Error('there is a node')
  await pause(random() * AROUND)
  const heal = await fault.strike(world, node, random)
  await pause(AT_LEAST + random() ** 2 * (AT_MOST - AT_LEAST))
  await heal()
  apart = APART
  const healed = performance.now()
  const [fit] = await Promise.all([
    Promise.all(nodes.map((one) => one.ready(READY_WITHIN))),
    pause(random() * AROUND),
  ])
  const ready = fit.every((is) => is) ? performance.now() - healed : undefined
  sending = false
  await Promise.all(traffic)
  for (const until = performance.now() + SHOWN_WITHIN; performance.now() < until; ) {
    if (missingOf(pages, world).length === 0) break
    await pause(50)
  }
  const shown = performance.now() - healed
  lag.disable()
  const late = lag.max / 1e6
  return judge(
    { ...which, kind: fault.kind, late, ready, shown, cpu: spent() - began },
    { pages, world, before, struck: fault.both ? undefined : node.name },
  )
}
