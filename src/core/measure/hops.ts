import type { Bleep } from '../bleep/bleep.ts'
import { say } from '../catalogue/say.ts'
import { DAY, type Instant, type Millis } from '../instant.ts'
import type { Class } from '../vocabulary.ts'

/** Whose seconds end at a hop. `network` is everything between us and a device, and the paging line itself. */
export type Owner = 'ours' | 'network' | 'provider' | 'person'

interface HopRow {
  /** Owner of the leg that ends here. */
  readonly owner: Owner
  /** One per bleep, or one per recipient. */
  readonly per: 'bleep' | 'recipient'
  /** Budget of the leg by class, milliseconds; the only ones that are promises are ours. */
  readonly budget: Readonly<Record<Class, Millis>>
  /** What a reader of the board calls it. */
  readonly says: string
}

const leg = (
  owner: Owner,
  per: HopRow['per'],
  says: string,
  emergency: Millis,
  urgent: Millis = emergency,
  routine: Millis = urgent,
): HopRow => ({ owner, per, says, budget: { emergency, urgent, routine, test: routine } })

/**
 * The named points on the path, in the order a bleep passes them. A leg runs from the hop before it that was
 * stamped (for the same recipient, else for the bleep) to the hop itself. Ours end to end, last byte to handed,
 * must stay under 250 ms.
 */
export const HOPS = {
  'first-byte': leg('network', 'bleep', say('hops.firstByteOnTheLine'), 0),
  'last-byte': leg('network', 'bleep', say('hops.lastByteOnTheLine'), 2_000, 4_000, 10_000),
  decoded: leg('ours', 'bleep', say('hops.pageDecoded'), 20),
  stored: leg('ours', 'bleep', say('hops.safeInTheStore'), 30),
  routed: leg('ours', 'bleep', say('hops.peopleChosen'), 100),
  handed: leg('ours', 'recipient', say('hops.handedToTheChannel'), 100),
  taken: leg('provider', 'recipient', say('hops.takenByTheProvider'), 1_000, 2_000, 5_000),
  'on-device': leg('network', 'recipient', say('hops.onTheDevice'), 3_000, 8_000, 30_000),
  presented: leg('network', 'recipient', say('hops.shownOnTheScreen'), 1_000, 1_000, 2_000),
  opened: leg('person', 'recipient', say('hops.opened'), 10_000, 60_000, 300_000),
  accepted: leg('person', 'recipient', say('hops.accepted'), 15_000, 120_000, 600_000),
  covered: leg('person', 'bleep', say('hops.allRolesNeededAreComing'), 60_000, 300_000, 900_000),
  attending: leg('person', 'recipient', say('hops.onTheWay'), 60_000, 300_000, 900_000),
  arrived: leg('person', 'recipient', say('hops.arrived'), 180_000, 900_000, 900_000),
} as const satisfies Record<string, HopRow>

export type HopName = keyof typeof HOPS

export const HOP_NAMES: readonly HopName[] = Object.keys(HOPS).filter((name) => isHop(name))

const ORDER: ReadonlyMap<string, number> = new Map(Object.keys(HOPS).map((name, i) => [name, i]))

/** Whether a stored name is a hop of this version. */
export function isHop(name: string): name is HopName {
  return Object.hasOwn(HOPS, name)
}

/** A hop as a reader of the time line needs it: where, when, for whom, by whose clock. */
export interface Stamp {
  readonly hop: HopName
  readonly at: Instant
  /** Recipient key (attempt, else device, else person); absent for hops of the bleep itself. */
  readonly of?: string
  readonly clock: 'ours' | 'device'
  /** Half-width of what `at` may be off by, milliseconds; 0 for our own clock. */
  readonly uncertainty: Millis
}

/** A hop as it is stored. */
export interface StampedHop {
  readonly hop: string
  readonly at: Instant
  readonly person?: string
  readonly device?: string
  readonly clock: 'ours' | 'device'
  /** Of a device's clock, where it was ever compared with ours. */
  readonly offset?: Millis
  readonly uncertainty?: Millis
}

/**
 * Stored hops as stamps; a recipient is a person with all their devices, because one answer serves for all. What a
 * device claims by a clock that was never compared is shown as its claim and is no figure: our own stamp of its report
 * stands beside it.
 */
export function stampsOf(hops: readonly StampedHop[]): Stamp[] {
  return hops.flatMap(
    ({ hop, at, person, device, clock, uncertainty = clock === 'ours' ? 0 : undefined }) => {
      if (!isHop(hop) || uncertainty === undefined) return []
      const of = HOPS[hop].per === 'recipient' ? (person ?? device) : undefined
      return [{ hop, at, clock, uncertainty, ...(of === undefined ? {} : { of }) }]
    },
  )
}

/** Hops of the bleep itself that become metrics as soon as it is routed. The others hardly vary, and are counted later, from the settled fact. */
export const LIVE_HOPS = ['stored', 'routed'] as const

/** A hop of the bleep itself: nobody's in particular. */
export interface OwnHop extends StampedHop {
  readonly person?: never
  readonly device?: never
  readonly offset?: never
  readonly uncertainty?: never
}

/** The hops of a bleep itself, from its own row. */
export function ownHops({ page, passed }: Bleep): OwnHop[] {
  const at = {
    'first-byte': page.firstByte,
    'last-byte': page.lastByte,
    decoded: passed?.decoded,
    stored: passed?.stored,
    routed: passed?.routed,
  }
  return Object.entries(at).flatMap(([hop, at]) => (at === undefined ? [] : [{ hop, at, clock: 'ours' }]))
}

/** What a device claims of a bleep lies within the time that any bleep is kept open. */
const CLAIM_WITHIN: Millis = 31 * DAY

/**
 * Every hop of a bleep in order of time: its own, and those that have rows because there is one for each recipient.
 * Bleeps stored by an older schema have rows for their own hops as well, and those stand.
 */
export function hopsOf<H extends StampedHop>(bleep: Bleep, rows: readonly H[]): (H | OwnHop)[] {
  const known = new Set(rows.map((row) => row.hop))
  const sane = rows.filter(
    ({ at, clock }) => clock === 'ours' || Math.abs(at - bleep.received) < CLAIM_WITHIN,
  )
  return [...ownHops(bleep).filter(({ hop }) => !known.has(hop)), ...sane].sort((a, b) => a.at - b.at)
}

export interface Leg {
  readonly hop: HopName
  readonly of?: string
  readonly from: Instant
  readonly to: Instant
  /** Never negative: a device clock that runs ahead cannot give time back. See `doubtful`. */
  readonly took: Millis
  readonly uncertainty: Millis
  readonly owner: Owner
  readonly over: boolean
  /** The stamps are the wrong way round by more than their uncertainty explains: one clock is wrong. */
  readonly doubtful: boolean
}

/**
 * The legs of one bleep, per recipient, in path order. Each leg starts at the nearest earlier hop on the same
 * recipient's path (its own stamps and the bleep's); the first stamp has no leg. Of several stamps of one hop for one
 * recipient the earliest counts, because a late duplicate receipt says nothing new.
 */
export function legs(stamps: readonly Stamp[], of: Class): Leg[] {
  const recipients = [...new Set(stamps.map((s) => s.of).filter((key) => key !== undefined))]
  const shared = earliest(stamps.filter((s) => s.of === undefined))
  const out = chain(shared, of)
  for (const recipient of recipients) {
    const own = earliest(stamps.filter((s) => s.of === recipient))
    const before = shared.filter((s) => HOPS[s.hop].owner !== 'person')
    out.push(...chain([...before, ...own].sort(byOrder), of).filter((l) => l.of === recipient))
  }
  return out.sort((a, b) => a.to - b.to || order(a.hop) - order(b.hop))
}

/** Sums of legs by owner for one recipient's path up to and including `until`: where the seconds went. */
export function byOwner(all: readonly Leg[]): Readonly<Record<Owner, Millis>> {
  const sums: Record<Owner, Millis> = { ours: 0, network: 0, provider: 0, person: 0 }
  for (const l of all) sums[l.owner] += l.took
  return sums
}

/** Where the seconds to the first acceptance went: the legs of whoever accepted first; `undefined` before anybody has. */
export function toAcceptance(all: readonly Leg[]): Readonly<Record<Owner, Millis>> | undefined {
  const first = all.filter((l) => l.hop === 'accepted').sort((a, b) => a.to - b.to)[0]
  if (first === undefined) return undefined
  return byOwner(
    all.filter(
      (l) => l.to <= first.to && (l.of === first.of || (l.of === undefined && l.owner !== 'person')),
    ),
  )
}

function chain(stamps: readonly Stamp[], of: Class): Leg[] {
  const out: Leg[] = []
  for (let i = 1; i < stamps.length; i++) {
    const [from, to] = [stamps[i - 1]!, stamps[i]!]
    const row = HOPS[to.hop]
    const took = to.at - from.at
    const uncertainty = from.clock === to.clock ? 0 : from.uncertainty + to.uncertainty
    out.push({
      hop: to.hop,
      ...(to.of === undefined ? {} : { of: to.of }),
      from: from.at,
      to: to.at,
      took: Math.max(0, took),
      uncertainty,
      owner: row.owner,
      over: took > row.budget[of],
      doubtful: took < -uncertainty,
    })
  }
  return out
}

function earliest(stamps: readonly Stamp[]): Stamp[] {
  const first = new Map<HopName, Stamp>()
  for (const stamp of stamps) {
    const known = first.get(stamp.hop)
    if (known === undefined || stamp.at < known.at) first.set(stamp.hop, stamp)
  }
  return [...first.values()].sort(byOrder)
}

const order = (hop: HopName): number => ORDER.get(hop) ?? 0
const byOrder = (a: Stamp, b: Stamp): number => order(a.hop) - order(b.hop)
