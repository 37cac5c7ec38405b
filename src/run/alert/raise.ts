import type { Alert } from '../../core/alert/alert.ts'
import { type Bleep, type BleepHops, isSure, type Meaning } from '../../core/bleep/bleep.ts'
import { isSamePage } from '../../core/bleep/merge.ts'
import type { Directory } from '../../core/directory/directory.ts'
import { given } from '../../core/given.ts'
import type { BleepId, RoleId } from '../../core/ids.ts'
import { HOUR, type Instant, type Millis, SECOND } from '../../core/instant.ts'
import { LIVE_HOPS } from '../../core/measure/hops.ts'
import type { ReasonCode } from '../../core/reasons.ts'
import { type Policies, planFor } from '../../core/route/policy.ts'
import { type Routing, route } from '../../core/route/route.ts'
import { classRank } from '../../core/vocabulary.ts'
import { StoreFault, type Tx } from '../../ports/store.ts'
import { defect } from '../defect.ts'
import { type Loop, startLoop } from '../loop.ts'
import { observeHop } from '../observe-hop.ts'
import { type AlertParts, type Alerts, type Applied, LostRace } from './alerts.ts'
import { noteAsker } from './askers.ts'
import { earlierAlerts } from './earlier.ts'
import { mostUrgentFirst } from './urgent-first.ts'

export interface RaiseParts extends Omit<AlertParts, 'radio'> {
  readonly alerts: Alerts
  readonly classify: (bleep: Bleep, directory: Directory) => Meaning
  readonly policies: () => Policies
  /** When T1 was durable, where this process saw it. */
  readonly storedAt?: (bleep: BleepId) => Instant | undefined
  /** Whether a bleep rings from another node while we are apart. Absent: never. */
  readonly elsewhere?: (bleep: Bleep) => Promise<boolean>
  readonly begins?: Promise<void>
  /** How often it looks without having been rung; absent: 500 ms. */
  readonly every?: Millis
}

/** Looks for bleeps another node left behind, and for those whose ring was lost. */
const POLL: Millis = 500
const BATCH = 50
/** So many that wait are read and classified, so that an emergency among them is raised before all routine work. */
const LOOK_AHEAD = 500
/** With so many waiting for so long we are past our limit, which is told. */
const MANY = 100
const LONG: Millis = 5 * SECOND
export interface Raise extends Loop {
  /** T2 for every bleep still `received`; the loop does it by itself. */
  run(): Promise<void>
  /** Puts a bleep that rang nobody to a role, as the switchboard read it; undefined when it has rung or is unknown. */
  ask(id: BleepId, role: RoleId): Promise<Alert | undefined>
  /** More has come than can be raised at once: routine bleeps wait. */
  troubles(): readonly { readonly code: 'overloaded'; readonly subject: string; readonly detail: string }[]
}

/** Turns stored bleeps into alerts, the most urgent first and then the oldest, each in a transaction of its own (T2). */
export function startRaise(parts: RaiseParts): Raise {
  const { store, clock, metrics } = parts
  let behind = 0

  async function run(): Promise<void> {
    const all = await store.transact((tx) => tx.bleeps.inStage('received', clock.now() + HOUR, LOOK_AHEAD))
    const oldest = all[0]?.received ?? clock.now()
    behind = all.length >= MANY && clock.now() - oldest > LONG ? all.length : 0
    const waiting = (
      all.length > BATCH ? mostUrgentFirst(all, (bleep) => parts.classify(bleep, parts.directory())) : all
    ).slice(0, BATCH)
    let fault: StoreFault | undefined
    for (const bleep of waiting) {
      const { id } = bleep
      try {
        if (await parts.elsewhere?.(bleep)) continue
        const done = await store.transact((tx) => raiseOne(tx, parts, id))
        if (done) report(parts, done)
        fault = undefined
      } catch (error) {
        if (error instanceof LostRace) continue
        if (error instanceof StoreFault) {
          // One bleep that the database refuses must not hold up those behind it. Two in a row mean that the database
          // is away.
          if (fault || error.code === 'store-busy') throw error
          fault = error
          continue
        }
        // A defect here must not lose the bleep: it waits on the switchboard's screen, and the next one goes on.
        defect(parts, 'raise-failed', id, error)
        await store.transact((tx) => strand(tx, id))
        store.wake.ring('alerts')
      }
    }
    if (all.length >= BATCH) store.wake.ring('bleeps')
    if (fault) throw fault
  }

  const loop = startLoop('raise', ['bleeps'], parts.every ?? POLL, run, {
    ...parts,
    wake: store.wake,
  })
  return {
    run,
    stop: loop.stop,
    troubles: () =>
      behind > 0 ? [{ code: 'overloaded', subject: 'raise', detail: `${behind} bleeps wait` }] : [],
    async ask(id, role) {
      const applied = await store.transact((tx) => askRole(tx, parts, id, role))
      if (applied === undefined) return undefined
      metrics.count('bleepbridge_reasons_total', { reason: 'review-asked' })
      parts.alerts.announce(applied)
      return applied.alert
    },
  }
}

/** The class is the sender's; what to do with an address that no directory holds is a person's decision. */
async function askRole(
  tx: Tx,
  { alerts, classify, directory, policies, clock }: RaiseParts,
  id: BleepId,
  role: RoleId,
): Promise<Applied | undefined> {
  const first = await tx.bleeps.get(id)
  if (first === undefined) return undefined
  await tx.alone(`bleep/${first.number}`)
  const bleep = await tx.bleeps.get(id)
  if (bleep?.review === undefined || (await tx.alerts.byBleep(id))) return undefined
  const at = clock.now()
  const meaning = bleep.meaning ?? classify(bleep, directory())
  const known: Bleep = {
    ...bleep,
    meaning,
    stage: 'routed',
    review: { reason: bleep.review.reason, waits: false },
  }
  await tx.bleeps.save(known)
  const call = { class: meaning.class, kind: meaning.kind, number: bleep.number }
  const plan = planFor(policies(), call, { kind: 'role', role }, directory(), at)
  return alerts.raiseIn(tx, known, plan, at)
}

interface Raised {
  readonly bleep: Bleep
  readonly outcome: Routing['kind'] | 'replan' | 'mend'
  readonly reason: ReasonCode
  readonly applied?: Applied
  readonly at: Instant
}

/** T2: what the bleep means, where it goes, the alert with its events, due rows and attempts, and the bleep `routed`. */
async function raiseOne(tx: Tx, parts: RaiseParts, id: BleepId): Promise<Raised | undefined> {
  const stored = await tx.bleeps.get(id)
  if (!stored) return undefined
  await tx.alone(`bleep/${stored.number}`)
  const bleep = await tx.bleeps.get(id)
  if (bleep?.stage !== 'received') return undefined
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
  const known: Bleep = {
    ...rest,
    passed: bleep.passed?.routed === undefined ? passedNow(bleep, at, parts.storedAt?.(id)) : bleep.passed,
    meaning,
    stage: routing.kind === 'review' && routing.stuck ? 'stuck' : 'routed',
    ...(routing.kind === 'review' ? { review: { reason: routing.reason, waits: routing.stuck } } : {}),
  }
  await tx.bleeps.save(known)
  await noteAsker(tx, known, directory)
  const own = bleep.meaning && (await tx.alerts.byBleep(id))
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
  // What read as a call of its own until now takes another back: its own ring ends with that one.
  if (open && routing.kind === 'cancel') {
    const ended = await parts.alerts.applyIn(tx, open.id, {
      kind: 'cancelled',
      at,
      by: 'page',
      reason: 'reading-cancels',
    })
    if (ended) parts.alerts.announce(ended)
  }
  const applied = await act(tx, parts, known, routing, at)
  return { bleep: known, outcome: routing.kind, reason: routing.reason, at, ...(applied ? { applied } : {}) }
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
  const known: Bleep = { ...bleep, meaning, stage: bleep.review?.waits ? 'stuck' : 'routed' }
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

async function strand(tx: Tx, id: BleepId): Promise<void> {
  const bleep = await tx.bleeps.get(id)
  if (bleep?.stage !== 'received') return
  await tx.bleeps.save({ ...bleep, stage: 'stuck', review: { reason: 'raise-defect', waits: true } })
}

function report({ alerts, metrics, log, store }: RaiseParts, raised: Raised): void {
  const { bleep, outcome, reason, applied } = raised
  const c = bleep.meaning?.class ?? 'unclassified'
  metrics.count('bleepbridge_reasons_total', { reason })
  if (outcome !== 'mend' && outcome !== 'replan') {
    metrics.count('bleepbridge_bleeps_total', { class: c })
    for (const hop of LIVE_HOPS) {
      const passed = bleep.passed?.[hop]
      if (passed !== undefined) observeHop(metrics, bleep, hop, passed)
    }
  }
  if (applied) alerts.announce(applied)
  else store.wake.ring('alerts')
  log.info('bleep-routed', {
    bleep: bleep.id,
    outcome,
    reason,
    ...(applied ? { alert: applied.alert.id } : {}),
  })
}
