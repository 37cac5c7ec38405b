import { HOUR, type Instant, MINUTE, type Millis, printInstant, SECOND } from '../../core/instant.ts'
import {
  GONE,
  longestUnseen,
  lookAtParts,
  type NodeBounds,
  type NodeIlls,
  type NodePart,
} from '../../core/measure/node-parts.ts'
import type { NodeFigures } from '../../core/measure/telemetry.ts'
import type { Machine } from '../../ports/machine.ts'
import { type Store, StoreFault } from '../../ports/store.ts'
import type { Telemetry } from '../../ports/telemetry.ts'
import { type Loop, type LoopTools, startLoop } from '../loop.ts'
import type { LagWatch } from './lag-watch.ts'
import type { Supervision } from './supervision.ts'

/** The node that runs here, and what it is held to. */
export interface NodeWatched {
  readonly id: string
  /** Whether the database is one that several nodes share. */
  readonly shares: boolean
  readonly bounds: NodeBounds
  readonly machine: Machine
  readonly lag: Pick<LagWatch, 'take'>
}

export interface NodeWatchParts extends LoopTools {
  readonly store: Store
  readonly node: NodeWatched
  readonly sign: Supervision['sign']
  readonly telemetry?: Telemetry
}

export interface NodeWatch extends Loop {
  /** The system clock jumped so far. */
  stepped(by: Millis): void
}

const EVERY: Millis = 10 * SECOND
const TELL_EVERY: Millis = MINUTE
/** How long a step of the clock is told: long enough for somebody who looks once an hour. */
const STEP_TOLD: Millis = HOUR
/** Each node's row among the notes: written each turn, it is both a write to time and a sign of life for the others. */
const NODE_NOTE = 'node/'

/** The parts of a node that can be watched here. */
export function nodeParts({ machine, shares }: Pick<NodeWatched, 'machine' | 'shares'>): readonly NodePart[] {
  return [
    ...(['loop', 'memory'] as const),
    ...(machine.free === undefined ? [] : (['disk'] as const)),
    ...(['commit', 'clock'] as const),
    ...(shares ? (['peers'] as const) : []),
  ]
}

/** Signs for this node itself: whether it gets to its work, has room, writes fast enough, and knows the time. */
export function startNodeWatch(parts: NodeWatchParts): NodeWatch {
  const { store, clock, metrics, node, sign, telemetry } = parts
  let ills: NodeIlls = {}
  let step: { readonly by: Millis; readonly at: Instant } | undefined
  let toldAt = Number.NEGATIVE_INFINITY

  /** Nothing where the database does not answer: that is told of the database and not of us. */
  const write = async (): Promise<{ took: Millis; unseen: Millis | undefined } | undefined> => {
    const began = clock.now()
    try {
      await store.transact((tx) => tx.notes.set(`${NODE_NOTE}${node.id}`, {}, began))
      const took = clock.now() - began
      return { took, unseen: node.shares ? await unseen(began) : undefined }
    } catch (error) {
      if (error instanceof StoreFault) return undefined
      throw error
    }
  }
  const unseen = (now: Instant): Promise<Millis | undefined> =>
    store.transact(async (tx) => {
      const notes = await tx.notes.list(NODE_NOTE)
      for (const { key, at } of notes) if (now - at >= GONE) await tx.notes.forget(key)
      const nodes = notes.map(({ key, at }) => ({ node: key.slice(NODE_NOTE.length), at }))
      return longestUnseen(nodes, node.id, now)
    })
  const size = async (): Promise<{ bytes: number; offset: Millis | undefined } | undefined> => {
    const began = clock.now()
    try {
      const { bytes, clock: theirs } = await store.measure()
      if (theirs !== undefined) clock.agree?.(theirs + (clock.now() - began) / 2)
      return { bytes, offset: theirs === undefined ? undefined : theirs - (began + clock.now()) / 2 }
    } catch (error) {
      if (error instanceof StoreFault) return undefined
      throw error
    }
  }

  const look = async (): Promise<void> => {
    const lag = node.lag.take()
    const memory = node.machine.memory()
    const written = await write()
    const sized = written === undefined ? undefined : await size()
    // A disk that says nothing of its space fails with the database on it.
    const free = await node.machine.free?.().catch(() => undefined)
    const at = clock.now()
    if (step !== undefined && at - step.at >= STEP_TOLD) step = undefined
    const off = Math.max(
      Math.abs(sized?.offset ?? 0),
      Math.abs(step?.by ?? 0),
      Math.abs(clock.stray?.() ?? 0),
    )
    // A clock that nobody is known to keep is not shown to be well, only to be off.
    const kept = node.machine.keepsTime === undefined || node.machine.keepsTime() === true
    const readings = {
      ...{ loop: lag, memory },
      ...(kept || off > node.bounds.clock || ills.clock !== undefined ? { clock: off } : {}),
      ...(free === undefined ? {} : { disk: free }),
      ...(written === undefined ? {} : { commit: written.took }),
      ...(written?.unseen === undefined ? {} : { peers: written.unseen }),
    }
    const [next, signs] = lookAtParts(ills, readings, node.bounds, at)
    ills = next
    for (const { part, ...said } of signs) sign('node', part, { kind: 'said', at, ...said })
    if (node.shares && written !== undefined && written.unseen === undefined)
      sign('node', 'peers', { kind: 'idle', at })

    metrics.gauge('bleepbridge_memory_bytes', memory)
    if (free !== undefined) metrics.gauge('bleepbridge_store_free_bytes', free)
    if (sized !== undefined) metrics.gauge('bleepbridge_store_bytes', sized.bytes)
    if (sized?.offset !== undefined) metrics.gauge('bleepbridge_clock_offset_seconds', sized.offset / SECOND)
    if (node.shares) metrics.gauge('bleepbridge_node_unseen_seconds', (written?.unseen ?? 0) / SECOND)
    if (at - toldAt < TELL_EVERY) return
    toldAt = at
    const figures: NodeFigures = {
      at: printInstant(at),
      delaySeconds: lag / SECOND,
      memoryBytes: memory,
      ...(free === undefined ? {} : { freeBytes: Math.round(free) }),
      ...(sized === undefined ? {} : { databaseBytes: sized.bytes }),
      ...(written === undefined ? {} : { writeSeconds: written.took / SECOND }),
      ...(sized?.offset === undefined ? {} : { clockOffsetSeconds: sized.offset / SECOND }),
      ...(written?.unseen === undefined ? {} : { unseenSeconds: written.unseen / SECOND }),
    }
    telemetry?.node(figures)
  }

  const loop = startLoop('node-watch', [], EVERY, look, parts)
  return {
    stop: loop.stop,
    stepped(by) {
      step = { by, at: clock.now() }
    },
  }
}
