import { z } from 'zod'
import { say } from '../catalogue/say.ts'
import type { StandingCode } from '../faults.ts'
import { DAY, type Instant, MINUTE, type Millis } from '../instant.ts'

/** What is watched of a node itself. */
export type NodePart = 'loop' | 'memory' | 'disk' | 'commit' | 'clock' | 'peers'

/** What was measured last, and the bound it is held to: the least it may be where `least` is true, else the most. */
export const readingSchema = z.strictObject({
  value: z.number(),
  bound: z.number(),
  unit: z.enum(['ms', 'bytes']),
  least: z.literal(true).optional(),
})
export type Reading = Readonly<z.infer<typeof readingSchema>>

interface PartRow {
  readonly label: string
  /** The fault beyond its bound. */
  readonly fault: StandingCode
  readonly unit: Reading['unit']
  readonly least?: true
}

export const NODE_PARTS: Readonly<Record<NodePart, PartRow>> = {
  loop: { label: say('watch.systemResponse'), fault: 'loop-late', unit: 'ms' },
  memory: { label: 'Memory', fault: 'memory-high', unit: 'bytes' },
  disk: { label: say('watch.freeDiskAtTheDatabase'), fault: 'disk-low', unit: 'bytes', least: true },
  commit: { label: say('watch.writingToTheDatabase'), fault: 'commit-slow', unit: 'ms' },
  clock: { label: 'Clock', fault: 'clock-off', unit: 'ms' },
  peers: { label: say('watch.otherNodes'), fault: 'node-unseen', unit: 'ms' },
}

export type NodeBounds = Readonly<Record<NodePart, number>>

/** Beyond this many times its bound a part has failed: what depends on it does not work any more. */
const FAR = 5
/**
 * Once beyond its bound, a part counts as well only after it has been within it for this long. A state that changes
 * every few seconds is of no use to anybody.
 */
const CALM: Millis = MINUTE
/** A node that has not been heard of for this long has been taken out of service. */
export const GONE: Millis = 7 * DAY

/** When each part was last beyond its bound. */
export type NodeIlls = Readonly<Partial<Record<NodePart, Instant>>>

export interface NodeSign {
  readonly part: NodePart
  readonly reading: Reading
  readonly fault?: StandingCode
  readonly works?: boolean
}

/** What the readings of one look mean. A part without a reading is left as it was. */
export function lookAtParts(
  before: NodeIlls,
  readings: Readonly<Partial<Record<NodePart, number>>>,
  bounds: NodeBounds,
  at: Instant,
): readonly [NodeIlls, readonly NodeSign[]] {
  const after: Partial<Record<NodePart, Instant>> = { ...before }
  const signs: NodeSign[] = []
  for (const part of PARTS) {
    const value = readings[part]
    if (value === undefined) continue
    const { fault, unit, least } = NODE_PARTS[part]
    const bound = bounds[part]
    const strain = least ? bound / value : value / bound
    if (strain > 1) after[part] = at
    const ill = after[part]
    const reading: Reading = { value, bound, unit, ...(least ? { least } : {}) }
    if (ill !== undefined && at - ill < CALM) signs.push({ part, reading, fault, works: strain <= FAR })
    else signs.push({ part, reading })
  }
  return [after, signs]
}

const PARTS = Object.keys(NODE_PARTS) as readonly NodePart[]

/** Of the other nodes, how long ago the most silent one was heard of. Undefined where there is no other. */
export function longestUnseen(
  nodes: readonly { readonly node: string; readonly at: Instant }[],
  own: string,
  now: Instant,
): Millis | undefined {
  const ages = nodes.filter(({ node }) => node !== own).map(({ at }) => Math.max(0, now - at))
  const known = ages.filter((age) => age < GONE)
  return known.length === 0 ? undefined : Math.max(...known)
}
