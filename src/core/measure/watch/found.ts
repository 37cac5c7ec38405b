import { z } from 'zod'
import { FAULTS, type FaultCode, isStanding, type StandingCode } from '../../faults.ts'
import { given } from '../../given.ts'
import { type Instant, MINUTE, type Millis, printInstant } from '../../instant.ts'
import { GONE, readingSchema } from '../node-parts.ts'
import { HEALTH_STATES, SORTS } from '../telemetry.ts'
import { type AvailabilityFigures, availabilityFigures, type Watched } from './availability.ts'
import { type FeedView, feedView } from './feed-view.ts'
import type { AirFigures } from './overair.ts'

/** What one node has found of its own lines and of what it leans on. */
export interface Found {
  readonly things: readonly Watched[]
  /** What each of its transmitters was asked for and heard to send. */
  readonly air: readonly AirFigures[]
  readonly feeds: readonly FeedView[]
}

/** The same, written down for other nodes and for reports. */
export interface FoundBy extends Found {
  readonly node: string
  /** When it was written. */
  readonly at: Instant
}

type Of<T> = T & { readonly node: string }

/** What all nodes of a site have found, each thing with the node it belongs to. */
export interface SiteFound {
  readonly things: readonly Of<Watched>[]
  readonly air: readonly Of<AirFigures>[]
  readonly feeds: readonly Of<FeedView>[]
}

/** A node that shares its database writes several times within this. */
const STALE: Millis = MINUTE

/**
 * What this node finds now beside what the others have written. Of a node that writes no more nothing is known, and
 * after a week it is taken to be gone for good.
 */
export function siteFound(own: string, found: Found, others: readonly FoundBy[], now: Instant): SiteFound {
  const there = others
    .filter((one) => one.node !== own && now - one.at < GONE)
    .map((one) => (now - one.at < STALE ? one : unseen(one)))
  const all = [{ ...found, node: own, at: now }, ...there]
  return {
    // Every node counts the same phones in the same table.
    things: all.flatMap((one) => named(one.node === own ? one.things : one.things.filter(ofNode), one)),
    air: all.flatMap((one) => named(one.air, one)),
    feeds: all.flatMap((one) => named(one.feeds, one)),
  }
}

/** The report's tables. Of what every node watches alike the line of the node that watched it longest is taken. */
export function figuresOf(all: readonly FoundBy[]): {
  readonly availability: readonly AvailabilityFigures[]
  readonly air: readonly Of<AirFigures>[]
} {
  const things = all.flatMap((one) => named(one.things, one))
  const longest = new Map<string, Of<Watched>>()
  for (const thing of things) {
    const key = ofNode(thing)
      ? `${thing.sort}/${thing.subject}/${thing.node}`
      : `${thing.sort}/${thing.subject}`
    const other = longest.get(key)
    if (other === undefined || knownOf(thing) > knownOf(other)) longest.set(key, thing)
  }
  return {
    availability: [...longest.values()].map((thing) => availabilityFigures(thing, thing.node)),
    air: all.flatMap((one) => named(one.air, one)),
  }
}

const ofNode = (thing: Watched): boolean => thing.sort !== 'phones'

function knownOf({ month: { month, spent } }: Watched): string {
  const known = spent.good + spent.degraded + spent.failed
  // The later month first, then the longer time in it.
  return `${month} ${String(Math.round(known)).padStart(12, '0')}`
}

function named<T extends object>(all: readonly T[], { node }: { readonly node: string }): Of<T>[] {
  return all.map((one) => ({ ...one, node }))
}

function unseen(one: FoundBy): FoundBy {
  const { sentence, remedy } = FAULTS['node-unseen']
  return {
    ...one,
    things: one.things.map(({ reading: _, ...thing }) => ({
      ...thing,
      state: 'unknown',
      since: one.at,
      why: 'node-unseen',
    })),
    feeds: one.feeds.map((feed) => ({
      ...feed,
      ...{ state: 'failed', since: printInstant(one.at), sentence, remedy },
    })),
  }
}

const spent = z.object({ good: z.number(), degraded: z.number(), failed: z.number(), unknown: z.number() })

const isFault = (code: unknown): code is FaultCode => typeof code === 'string' && Object.hasOwn(FAULTS, code)
const stands = (code: unknown): boolean => isFault(code) && isStanding(code)

const watchedNote = z
  .object({
    sort: z.enum(SORTS),
    subject: z.string(),
    label: z.string(),
    /** A bound without end is written as null. */
    bound: z.number().nullish(),
    state: z.enum(HEALTH_STATES),
    since: z.number(),
    why: z.custom<StandingCode>(stands).optional(),
    reading: readingSchema.optional(),
    heard: z.number().optional(),
    month: z.object({ month: z.string(), spent, until: z.number() }),
  })
  .transform(
    ({ sort, subject, label, bound, state, since, why, reading, heard, month }): Watched => ({
      ...{ sort, subject, label, bound: bound ?? undefined, state, since, month },
      ...given({ why, heard, reading }),
    }),
  )

const airNote = z.object({
  transmitter: z.string(),
  asked: z.number(),
  heard: z.number(),
  garbled: z.number(),
  silent: z.number(),
  meanDelaySeconds: z.number().nullable(),
  longestDelaySeconds: z.number().nullable(),
})

const foundNote = z.object({
  things: z.array(z.unknown()),
  air: z.array(z.unknown()),
  feeds: z.array(z.unknown()),
})

/** What a note says. Nodes of two versions may share a database: what one cannot read of another it leaves out. */
export function readFound(note: unknown): Found {
  const { things = [], air = [], feeds = [] } = foundNote.safeParse(note).data ?? {}
  return {
    things: readable(watchedNote, things),
    air: readable(airNote, air),
    feeds: readable(feedView, feeds),
  }
}

function readable<T>(schema: z.ZodType<T>, all: readonly unknown[]): T[] {
  return all.flatMap((one) => {
    const read = schema.safeParse(one)
    return read.success ? [read.data] : []
  })
}
