import { type Bleep, type BleepHops, isSure, type Meaning } from '../../core/bleep/bleep.ts'
import { isSamePage } from '../../core/bleep/merge.ts'
import { given } from '../../core/given.ts'
import type { BleepId } from '../../core/ids.ts'
import type { Instant } from '../../core/instant.ts'
import type { ReasonCode } from '../../core/reasons.ts'
import type { Policies } from '../../core/route/policy.ts'
import { type Routing, route } from '../../core/route/route.ts'
import { classRank } from '../../core/vocabulary.ts'
import type { Tx } from '../../ports/store.ts'
import type { Applied } from './alert-rows.ts'
import { noteAsker } from './askers.ts'
import { earlierAlerts } from './earlier.ts'
import type { RaiseParts } from './raise-parts.ts'

export interface Raised {
  readonly bleep: Bleep & { readonly meaning: Meaning }
  readonly outcome: Routing['kind'] | 'replan' | 'mend'
  readonly reason: ReasonCode
  readonly applied?: Applied
  /** The call that a stand-down ends, where this page read as a call of its own until now. */
  readonly ended?: Applied
  readonly at: Instant
}

/** T2 of a bleep that lies in the database; undefined where it is raised already. */
export async function raiseStored(tx: Tx, parts: RaiseParts, id: BleepId): Promise<Raised | undefined> {
  const stored = await tx.bleeps.get(id)
  if (!stored) return undefined
  await tx.alone(`bleep/${stored.number}`)
  const bleep = await tx.bleeps.get(id)
  if (bleep?.stage !== 'received') return undefined
  // Two nodes that bring it back at one moment, one with its alert and one without, must not ring it as two calls.
  const rings = bleep.meaning === undefined && (await tx.alerts.byBleep(id)) !== undefined
  return raiseOne(tx, parts, bleep, 'save', rings)
}

/**
 * T2: what the bleep means, where it goes, the alert with its events, due rows and attempts, and the bleep `routed`.
 * @param put `add` where the bleep is not stored yet
 * @param rings whether its alert is there already
 */
export async function raiseOne(
  tx: Tx,
  parts: RaiseParts,
  bleep: Bleep,
  put: 'add' | 'save',
  rings = false,
): Promise<Raised> {
  const at = parts.clock.now()
  const directory = parts.directory()
  const meaning = parts.classify(bleep, directory)
  const policies = parts.policies()
  const change = bleep.meaning && changeOf(bleep.meaning, meaning, await whole(tx, bleep), policies)
  if (bleep.meaning && change === 'words') {
    const { kind, class: urgency, rule, reason } = bleep.meaning
    return mend(tx, parts, bleep, { ...meaning, kind, class: urgency, rule, reason }, at)
  }
  if (bleep.meaning && change === 'meaning') return mend(tx, parts, bleep, meaning, at)
  const earlier = await earlierAlerts(tx, bleep, meaning, policies, at)
  const routing = route(bleep, meaning, directory, policies, at, earlier)
  const { review: _, ...rest } = bleep
  const known = {
    ...rest,
    passed:
      bleep.passed?.routed === undefined ? passedNow(bleep, at, parts.storedAt?.(bleep.id)) : bleep.passed,
    meaning,
    stage: routing.kind === 'review' && routing.stuck ? 'stuck' : 'routed',
    ...(routing.kind === 'review' ? { review: { reason: routing.reason, waits: routing.stuck } } : {}),
  } satisfies Bleep
  await tx.bleeps[put](known)
  await noteAsker(tx, known, directory)
  const own = bleep.meaning && (await tx.alerts.byBleep(bleep.id))
  const open = own?.phase === 'closed' ? undefined : own
  if (open && routing.kind === 'raise') {
    const reason = change === 'lower' ? 'reading-changed' : 'reading-more-urgent'
    const { plan } = routing
    const applied = await parts.alerts.applyIn(tx, open.id, {
      kind: 'upgraded',
      at,
      plan,
      was: open.plan,
      reason,
    })
    return { bleep: known, outcome: 'replan', reason, at, ...(applied ? { applied } : {}) }
  }
  // A page that read as a call of its own until now turns out to stand another down: its own ring ends with that
  // call.
  const cancels = open !== undefined && routing.kind === 'cancel'
  const ending = { kind: 'cancelled', at, by: 'page', reason: 'reading-cancels' } as const
  const ended = cancels ? await parts.alerts.applyIn(tx, open.id, ending) : undefined
  const applied = rings ? undefined : await act(tx, parts, known, routing, at)
  return { bleep: known, outcome: routing.kind, reason: routing.reason, at, ...given({ applied, ended }) }
}

/**
 * What a new reading changes. More of the same page is believed in all it says, once all of it was read: it may be a
 * test, or a stand-down. Another copy of it may raise what the first led to and never lower it.
 */
function changeOf(
  was: Meaning,
  read: Meaning,
  whole: boolean,
  { cancelKinds }: Policies,
): 'higher' | 'lower' | 'meaning' | 'words' {
  const by = classRank(read.class) - classRank(was.class)
  if (by > 0) return 'higher'
  if (!whole) return 'words'
  const cancels = cancelKinds.includes(read.kind) && !cancelKinds.includes(was.kind)
  return by < 0 || cancels ? 'lower' : 'meaning'
}

/** Whether the reading shown is a later one of the very page that was shown before, and complete. */
async function whole(tx: Tx, bleep: Bleep): Promise<boolean> {
  if (!isSure(bleep.page)) return false
  const last = (await tx.bleeps.sightings(bleep.id)).at(-1)
  return last?.reason === 'later-reading' && isSamePage(last.page, bleep.page)
}

function passedNow(bleep: Bleep, routed: Instant, stored: Instant | undefined): BleepHops {
  return { decoded: bleep.received, ...bleep.passed, routed, ...given({ stored }) }
}

/** A better copy that rings nobody else: what it says is shown, and whoever is on the call is told that it changed. */
async function mend(
  tx: Tx,
  { alerts }: RaiseParts,
  bleep: Bleep,
  meaning: Meaning,
  at: Instant,
): Promise<Raised> {
  const reason = 'reading-mended'
  const known = { ...bleep, meaning, stage: bleep.review?.waits ? 'stuck' : 'routed' } satisfies Bleep
  await tx.bleeps.save(known)
  const own = await tx.alerts.byBleep(bleep.id)
  const applied = own && (await alerts.applyIn(tx, own.id, { kind: 'reread', at, reason }))
  return { bleep: known, outcome: 'mend', reason, at, ...given({ applied }) }
}

async function act(
  tx: Tx,
  { alerts }: RaiseParts,
  bleep: Bleep,
  routing: Routing,
  at: Instant,
): Promise<Applied | undefined> {
  switch (routing.kind) {
    case 'raise':
      return alerts.raiseIn(tx, bleep, routing.plan, at)
    case 'join':
      return alerts.applyIn(tx, routing.alert, {
        kind: 'repeated',
        at,
        bleep: bleep.id,
        reason: routing.reason,
      })
    case 'cancel':
      return alerts.applyIn(tx, routing.alert, { kind: 'cancelled', at, by: 'page', reason: routing.reason })
    case 'review':
      return undefined
  }
}

export async function strand(tx: Tx, id: BleepId): Promise<void> {
  const bleep = await tx.bleeps.get(id)
  if (bleep?.stage !== 'received') return
  await tx.bleeps.save({ ...bleep, stage: 'stuck', review: { reason: 'raise-defect', waits: true } })
}
