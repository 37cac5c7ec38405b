import { addressed } from '../../core/bleep/address.ts'
import { cleaner } from '../../core/bleep/alike.ts'
import type { Bleep, Page, Sighting } from '../../core/bleep/bleep.ts'
import {
  absorb,
  isSamePage,
  type Merged,
  mendedBy,
  merge,
  needsSightings,
  type Recent,
  type RePage,
  type Tried,
  triedAs,
} from '../../core/bleep/merge.ts'
import { relate } from '../../core/bleep/relate.ts'
import { delayKey, delaysWith, echoWithin, rePageKey, rePagesSchema } from '../../core/deliver/re-page.ts'
import { type FaultValue, ok, type Result } from '../../core/faults.ts'
import { given } from '../../core/given.ts'
import { type AlertId, asId, type BleepId, type FeedId, type SightingId, uuid7 } from '../../core/ids.ts'
import { type Instant, MINUTE, type Millis, SECOND } from '../../core/instant.ts'
import type { CallRecord } from '../../core/line/kit/call-record.ts'
import type { Metrics } from '../../ports/metrics.ts'
import { StoreFault, type Tx } from '../../ports/store.ts'
import { defect } from '../defect.ts'
import type { IngestParts } from './ingest-parts.ts'

/** Which feed a page came by. */
export interface Source {
  readonly feed: FeedId
  readonly tap: string
  /** The transmitter says everything again within this time by itself. */
  readonly repeatMs: Millis
  /** Whose number plan it speaks; absent: there is one. */
  readonly hospital?: string
}

export interface Ingest {
  /**
   * T1: when this resolves well, the page is durable and merged, and the line may reply. Never rejects. A defect on the way
   * leaves the page `stuck` on the switchboard's screen in its raw words: that is durable too, and the line goes on.
   * @param decoded when the protocol gave the page; it may have waited since
   * @param durable called the moment it is, where phones are to be rung next: the wire is answered before them
   */
  store(
    source: Source,
    page: Page,
    improves: BleepId | undefined,
    decoded: Instant,
    durable?: (id: BleepId) => void,
  ): Promise<Result<BleepId>>
  call(source: Source, record: CallRecord): Promise<Result<void>>
}

type Heard = [source: Source, page: Page, improves: BleepId | undefined, decoded: Instant]

type Taken = Merged & {
  readonly id: BleepId
  /** The alert is stored as well: to be done once that is durable. */
  readonly after?: (stored: Instant) => void
}

/** How far back a similar bleep may lie and still matter. */
const LOOK_BACK: Millis = 10 * MINUTE
/** How many of them are looked at. A number that is bleeped more often than this in that time is broken, not busy. */
const LOOK_AT = 50
/** The same for a late page: more bleeps will have come since. */
const LOOK_AT_LATE = 500
/** A page that is stored this long after it was on the air had to wait: whoever is asked is told when it was heard. */
const LATE: Millis = 30 * SECOND
/** T1 is given up after this, and its sender hears so while it still waits. */
const WITHIN: Millis = 1500
/** Where the alert is in the same transaction it is given up sooner: there is time left for T1 alone. */
const WITHIN_BOTH: Millis = 700
const WITHIN_AGAIN: Millis = 1100
/** Sightings, repeats and resends of one transmission lie no further apart than this, or than the feed's own bounds. */
const MERGE_BACK: Millis = 2 * MINUTE

export function createIngest(parts: IngestParts): Ingest {
  const { store, clock, random, metrics, node } = parts
  const newId = <Id extends BleepId | SightingId>(at: Instant): Id => asId<Id>(uuid7(at, random.bytes(10)))
  // However often we try to store a page, it keeps its ids: a commit whose answer was lost may have been made.
  const idsOf = new WeakMap<Page, Tried>()

  async function take(
    tx: Tx,
    source: Source,
    page: Page,
    improves: BleepId | undefined,
    decoded: Instant,
    raise?: (bleep: Bleep) => Promise<Taken['after']>,
  ): Promise<Taken> {
    const received = clock.now()
    const { number } = addressed(page.to, parts.directory(), source.hospital)
    // Two nodes hear the same page at the same moment: whoever is second must see what the first has made of it.
    await tx.alone(`bleep/${number}`)
    const tried = idsOf.get(page)
    const ids = tried ?? { bleep: newId(received), sighting: newId(received) }
    const own = (await freeOf(tx, tried ? tried.of : parts.alike?.(source, number, page))) ?? ids.bleep
    const again = improves !== undefined && (await mend(tx, source, page, improves))
    // By the time of the air: a page that was held while the store was away belongs among those of its own minute.
    const heardAt = Math.min(received, page.lastByte)
    const since = Math.min(heardAt, parts.since?.(page.lastByte) ?? heardAt)
    const isLate = received - heardAt > LATE
    const around = await tx.bleeps.recent(number, since - LOOK_BACK, isLate ? LOOK_AT_LATE : LOOK_AT)
    // A page that met a defect rings nobody: another reading of it must ring, and is not merged into it.
    const near = around.filter((b) => b.review?.reason !== 'page-defect')
    const apart = Math.max(MERGE_BACK, source.repeatMs, parts.skewMs + parts.lag(source.tap))
    // What seems to come yet was heard before the clock was set back: it is as far away as what is long past.
    const isClose = ({ received: at }: Bleep) => at >= since - apart && at <= received + apart
    // A better reading of a page that we have is no new call, however long the line stood still in the middle of it.
    const like = near.filter((b) => isClose(b) || (!again && b.id === improves))
    const ours = await rePages(tx, number, source.tap)
    // Of an older call only how its re-pages were heard matters: each tap hears each once.
    const older = new Set(ours.map((own) => own.bleep).filter((id) => !like.some((b) => b.id === id)))
    const asked = await Promise.all([...older].map((id) => tx.bleeps.get(id)))
    const all = [...like, ...asked.flatMap((bleep) => bleep ?? [])]
    const heard = {
      page,
      number,
      tap: source.tap,
      node,
      arrived: page.lastByte,
      since,
      ...(improves && !again ? { improves } : {}),
    }
    const close = tried ? all : all.filter((bleep) => needsSightings(bleep, heard, ours))
    const sightings = Map.groupBy(await tx.bleeps.sightingsOf(close.map((b) => b.id)), (s) => s.bleep)
    const stored = tried && [...sightings.values()].flat().find(({ id }) => id === ids.sighting)
    if (stored) return storedBefore(stored, own)
    const recent = all.map((bleep): Recent => {
      // A reading that somebody took apart belongs to another call now, and tells nothing of this one.
      const seen = (sightings.get(bleep.id) ?? []).filter((s) => s.reason !== 'joined-undone')
      return { bleep, sightings: older.has(bleep.id) ? seen.filter((s) => s.reason === 'own-re-page') : seen }
    })
    const merged = merge(
      heard,
      recent,
      { repeatTime: source.repeatMs, clockSkew: parts.skewMs, lag: parts.lag },
      ours,
    )
    const id = merged.kind === 'new' ? own : merged.bleep
    idsOf.set(page, triedAs(merged, own, ids))
    let after: Taken['after']
    if (merged.kind === 'new') {
      const fresh = { id, number, page, received, passed: { decoded } }
      const related = relate(fresh, near, parts.directory().extensions)
      const bleep: Bleep = {
        ...fresh,
        ...{ stage: 'received', sightings: 1, repeats: 0 },
        ...(related ? { related } : {}),
      }
      // Whoever raises it writes it, once, as what it has become.
      after = await raise?.(bleep)
      if (after === undefined) await tx.bleeps.add(bleep)
    } else {
      const known = await tx.bleeps.get(id)
      if (known) await tx.bleeps.save(absorb(known, page, merged))
    }
    const sighting: Sighting = {
      id: ids.sighting,
      bleep: id,
      feed: source.feed,
      tap: source.tap,
      node,
      page,
      begun: received,
      ...(since < page.lastByte ? { since } : {}),
      reason: merged.kind === 'new' && isLate ? 'heard-late' : merged.reason,
    }
    await tx.bleeps.sight(sighting)
    if (merged.kind === 'sighting' && merged.delay !== undefined) {
      const key = delayKey(source.tap)
      await tx.notes.set(key, delaysWith(await tx.notes.get(key), merged.delay), received)
    }
    return { ...merged, reason: sighting.reason, id, ...given({ after }) }
  }

  /** T1, with the alert where that can be. Nothing about the alert may cost us the page. */
  async function takeAndRaise(...heard: Heard): Promise<Taken> {
    const { straight } = parts
    if (straight === undefined) return store.transact((tx) => take(tx, ...heard), WITHIN)
    let raising = false
    try {
      const both = (tx: Tx) =>
        take(tx, ...heard, (bleep) => {
          raising = true
          return straight(tx, bleep)
        })
      return await store.transact(both, WITHIN_BOTH)
    } catch (error) {
      if (!raising) throw error
      // The commit may have been made although its answer was lost. The raise loop meets a defect again, and tells
      // it.
      return store.transact((tx) => take(tx, ...heard), WITHIN_AGAIN)
    }
  }

  /** What we put on the air ourselves to this number, that this tap may still hear, for calls that are still open. */
  async function rePages(tx: Tx, number: string, tap: string): Promise<readonly RePage[]> {
    if (!parts.hearsRePages(tap)) return []
    const sent = rePagesSchema.safeParse(await tx.notes.get(rePageKey(number))).data ?? []
    if (sent.length === 0) return []
    const within = echoWithin(await tx.notes.get(delayKey(tap)), parts.lag(tap))
    const open: RePage[] = []
    for (const { bleep, alert, text, at } of sent) {
      const called = await tx.alerts.get(asId<AlertId>(alert))
      if (called !== undefined && called.phase !== 'closed')
        open.push({ bleep: asId<BleepId>(bleep), number, text, from: at, until: at + within })
    }
    return open
  }

  /**
   * A better copy always mends what is shown of the earlier one. True when it is more than that: it came after the
   * transmitter's own repeats end, so somebody bleeped again, and a second arrest must ring again.
   */
  async function mend(tx: Tx, source: Source, page: Page, earlier: BleepId): Promise<boolean> {
    const bleep = await tx.bleeps.get(earlier)
    const apart = bleep ? Math.abs(page.firstByte - bleep.page.firstByte) : 0
    if (!bleep || apart <= source.repeatMs) return false
    const heard = (await tx.bleeps.sightings(earlier)).filter((s) => s.tap === source.tap && s.node === node)
    // The bleep may be older than its first sighting here: the switchboard's link asks before the air carries it.
    if (heard.some((s) => isSamePage(s.page, page))) return false
    if (cleaner(page, bleep.page)) await tx.bleeps.save({ ...bleep, ...mendedBy(bleep, page) })
    return true
  }

  /** Puts a page that met a defect in front of the switchboard, by the least there is: its words, and where it was for. */
  async function park(page: Page, decoded: Instant, why: unknown): Promise<Result<BleepId>> {
    const received = clock.now()
    const id = newId<BleepId>(received)
    defect(parts, 'page-failed', id, why)
    const number = page.to.scheme === 'number' ? page.to.number : `ric:${page.to.ric}/${page.to.fn}`
    const review = { reason: 'page-defect', waits: true } as const
    const bleep: Bleep = {
      ...{ id, number, page, received, passed: { decoded }, stage: 'stuck', review },
      ...{ sightings: 1, repeats: 0 },
    }
    try {
      await store.transact((tx) => tx.bleeps.add(bleep))
      metrics.count('bleepbridge_reasons_total', { reason: 'page-defect' })
      store.wake.ring('alerts')
      return ok(id)
    } catch (error) {
      return refused(error, metrics)
    }
  }

  return {
    async store(source, page, improves, decoded, durable) {
      metrics.count('bleepbridge_feed_pages_total', { feed: source.feed, quality: page.quality })
      try {
        const merged = await takeAndRaise(source, page, improves, decoded)
        metrics.count('bleepbridge_reasons_total', { reason: merged.reason })
        if (merged.after) {
          const stored = clock.now()
          durable?.(merged.id)
          merged.after(stored)
          return ok(merged.id)
        }
        if (merged.kind === 'new') parts.onStored(merged.id, clock.now())
        const unread = merged.kind === 'new' || merged.better
        store.wake.ring(unread ? 'bleeps' : 'alerts')
        return ok(merged.id)
      } catch (error) {
        return error instanceof StoreFault ? refused(error, metrics) : park(page, decoded, error)
      }
    },

    async call(source, record) {
      const arrived = clock.now()
      const id = uuid7(arrived, random.bytes(10))
      try {
        await store.transact((tx) => tx.calls.add([{ id, feed: source.feed, node, arrived, record }]))
        return ok(undefined)
      } catch (error) {
        return refused(error, metrics)
      }
    },
  }
}

/** A node that heard one page more or less than we did may have given this id to another call. */
const freeOf = async (tx: Tx, id: BleepId | undefined): Promise<BleepId | undefined> =>
  id !== undefined && (await tx.bleeps.get(id)) === undefined ? id : undefined

/** What an earlier try has stored although its answer was lost: the loop that reads it may not have been woken. */
const storedBefore = ({ bleep, reason }: Sighting, own: BleepId): Taken => ({
  ...{ id: bleep, reason },
  ...(bleep === own ? { kind: 'new' } : { kind: 'sighting', bleep, better: true }),
})

/** A store that cannot work now is an answer; anything else is a bug, which must not stop the line either. */
function refused(error: unknown, metrics: Metrics): { readonly ok: false; readonly fault: FaultValue } {
  const code = error instanceof StoreFault ? error.code : 'page-failed'
  metrics.count('bleepbridge_faults_total', { fault: code })
  return { ok: false, fault: { code } }
}
