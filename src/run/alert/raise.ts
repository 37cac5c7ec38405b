import type { Alert } from '../../core/alert/alert.ts'
import type { Bleep } from '../../core/bleep/bleep.ts'
import { say } from '../../core/catalogue/say.ts'
import type { BleepId, RoleId } from '../../core/ids.ts'
import { HOUR, type Millis, SECOND } from '../../core/instant.ts'
import { LIVE_HOPS } from '../../core/measure/hops.ts'
import { planFor } from '../../core/route/policy.ts'
import { StoreFault, type Tx } from '../../ports/store.ts'
import { defect } from '../defect.ts'
import { type Loop, startLoop } from '../loop.ts'
import { observeHop } from '../observe-hop.ts'
import type { Applied } from './alert-rows.ts'
import { LostRace } from './alerts.ts'
import { type Raised, raiseStored, strand } from './raise-one.ts'
import type { RaiseParts } from './raise-parts.ts'
import { type Straight, StraightRaise } from './straight.ts'
import { mostUrgentFirst } from './urgent-first.ts'

/** Looks for bleeps another node left behind, and for those whose ring was lost. */
const POLL: Millis = 500
const BATCH = 50
/** So many that wait are read and classified, so that an emergency among them is raised before all routine work. */
const LOOK_AHEAD = 500
/** With so many waiting for so long we are past our limit, which is told. */
const MANY = 100
const LONG: Millis = 5 * SECOND
const RUNG_ELSEWHERE = { reason: 'rung-elsewhere', waits: false } as const

export interface Raise extends Loop, Straight {
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
  let left = 0
  let open = parts.begins === undefined
  void parts.begins?.then(() => {
    open = true
  })
  const straight = new StraightRaise({
    ...parts,
    isOpen: () => open && parts.apart?.() !== true,
    waiting: () => left,
    report: (raised) => report(parts, raised),
  })

  async function run(): Promise<void> {
    const { stamped, all } = await store.transact(async (tx) => ({
      stamped: await straight.stamp(tx),
      all: await tx.bleeps.inStage('received', clock.now() + HOUR, LOOK_AHEAD),
    }))
    stamped()
    left = all.length
    const oldest = all[0]?.received ?? clock.now()
    behind = all.length >= MANY && clock.now() - oldest > LONG ? all.length : 0
    const ours = await hereOf(parts, all)
    const waiting = (
      ours.length > BATCH ? mostUrgentFirst(ours, (bleep) => parts.classify(bleep, parts.directory())) : ours
    ).slice(0, BATCH)
    let fault: StoreFault | undefined
    for (const bleep of waiting) {
      const { id } = bleep
      try {
        const done = await store.transact((tx) => raiseStored(tx, parts, id))
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
    left -= waiting.length
    if (all.length >= BATCH) store.wake.ring('bleeps')
    if (fault) throw fault
  }

  const loop = startLoop('raise', ['bleeps'], parts.every ?? POLL, run, {
    ...parts,
    wake: store.wake,
  })
  return {
    run,
    straight: (tx, bleep) => straight.straight(tx, bleep),
    stop() {
      open = false
      return loop.stop()
    },
    troubles: () =>
      behind > 0
        ? [{ code: 'overloaded', subject: 'raise', detail: say('watch.bleepsWait', { behind }) }]
        : [],
    async ask(id, role) {
      const applied = await store.transact((tx) => askRole(tx, parts, id, role))
      if (applied === undefined) return undefined
      metrics.count('bleepbridge_reasons_total', { reason: 'review-asked' })
      parts.alerts.announce(applied)
      return applied.alert
    },
  }
}

/**
 * Without those that another node rings. What it has rung is out of the way of what is ours; whether that node did bring it
 * is looked at when we are together again.
 */
async function hereOf(parts: RaiseParts, all: readonly Bleep[]): Promise<readonly Bleep[]> {
  const { elsewhere, store, classify, directory } = parts
  if (elsewhere === undefined) return all
  const here: Bleep[] = []
  const there: Bleep[] = []
  for (const bleep of all) {
    const rings = await elsewhere(bleep)
    if (rings === 'here') here.push(bleep)
    if (rings === 'there') there.push(bleep)
  }
  if (there.length > 0)
    await store.transact(async (tx) => {
      for (const { id } of there) {
        const bleep = await tx.bleeps.get(id)
        if (bleep?.stage !== 'received') continue
        const meaning = classify(bleep, directory())
        await tx.bleeps.save({ ...bleep, meaning, stage: 'routed', review: RUNG_ELSEWHERE })
      }
    })
  return here
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

function report({ alerts, metrics, log, store }: RaiseParts, raised: Raised): void {
  const { bleep, outcome, reason, applied } = raised
  metrics.count('bleepbridge_reasons_total', { reason })
  if (outcome !== 'mend' && outcome !== 'replan') {
    metrics.count('bleepbridge_bleeps_total', { class: bleep.meaning.class })
    for (const hop of LIVE_HOPS) {
      const passed = bleep.passed?.[hop]
      if (passed !== undefined) observeHop(metrics, bleep, hop, passed)
    }
  }
  if (raised.ended) alerts.announce(raised.ended)
  if (applied) alerts.announce(applied)
  else store.wake.ring('alerts')
  log.info('bleep-routed', {
    bleep: bleep.id,
    outcome,
    reason,
    ...(applied ? { alert: applied.alert.id } : {}),
  })
}
