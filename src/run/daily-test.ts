import type { Alert } from '../core/alert/alert.ts'
import {
  type DailyTest,
  type RollCall,
  type TestWindow,
  takeRoll,
  windowAt,
} from '../core/alert/daily-test.ts'
import type { Bleep } from '../core/bleep/bleep.ts'
import type { Target } from '../core/directory/directory.ts'
import { asId, type BleepId, uuid7 } from '../core/ids.ts'
import { type Instant, type Millis, SECOND } from '../core/instant.ts'
import { type Policies, policyFor, snapshotPlan } from '../core/route/policy.ts'
import type { Tx } from '../ports/store.ts'
import type { AlertParts, Alerts, Applied } from './alerts.ts'
import { type Loop, startLoop } from './loop.ts'

export interface DailyTestParts extends AlertParts {
  readonly alerts: Alerts
  readonly policies: () => Policies
}

export interface DailyTests extends Loop {
  /** The last roll of every test, for board, report and health; `undefined` before the first. */
  last(id: string): RollCall | undefined
  run(): Promise<void>
}

const EVERY: Millis = 10 * SECOND

/** What is remembered of one test: since when it is expected, the last call of our own, the last roll taken. */
interface Memory {
  readonly since: Instant
  readonly called?: string
  readonly roll?: RollCall
  readonly lastComplete?: Instant
}

/**
 * Watches the windows of the daily tests. In each a test call must be heard, or is made by us; when the time to answer
 * is over the roll is taken, kept, logged and counted. It is kept in the store, so a restart neither forgets a test nor
 * takes a roll twice.
 */
export function startDailyTests(parts: DailyTestParts): DailyTests {
  const { store, clock, metrics, log } = parts
  const rolls = new Map<string, RollCall>()

  async function run(): Promise<void> {
    for (const test of parts.policies().dailyTests) await one(test)
  }

  async function one(test: DailyTest): Promise<void> {
    const now = clock.now()
    const directory = parts.directory()
    const to = directory.numbers.get(test.number)?.to
    const window = windowAt(test, now, directory.zone)
    const done = await store.transact(async (tx) => {
      const known = await recall(tx, test.id)
      const memory: Memory = known ?? { since: now }
      if (!known) await keep(tx, test.id, memory, now)
      // A window that opened before we knew of the test proves nothing.
      if (!window || !to || window.from < memory.since) return { memory }
      if (test.call === 'own' && now < window.to && memory.called !== window.day) {
        await keep(tx, test.id, { ...memory, called: window.day }, now)
        return { memory, applied: await callNow(tx, parts, test, to, now) }
      }
      if (now < window.due || memory.roll?.day === window.day) return { memory }
      const roll = takeRoll(test, window, to, await callsIn(tx, test, window), directory, now)
      const next = { ...memory, roll, ...(roll.complete ? { lastComplete: now } : {}) }
      await keep(tx, test.id, next, now)
      return { memory: next, roll }
    })
    if (done.applied) parts.alerts.announce(done.applied)
    if (done.roll) report(done.roll)
    if (done.memory.roll) rolls.set(test.id, done.memory.roll)
    if (done.memory.lastComplete !== undefined)
      metrics.gauge('bleepbridge_test_age_seconds', Math.max(0, now - done.memory.lastComplete) / SECOND)
  }

  function report(roll: RollCall): void {
    const missing = roll.lines.filter((line) => !line.answered).map((line) => line.role)
    const fields = { test: roll.test, day: roll.day, heard: roll.call !== undefined, missing }
    if (roll.complete) log.info('daily-test-complete', fields)
    else {
      const fault = roll.call ? 'daily-test-incomplete' : 'daily-test-missed'
      metrics.count('bleepbridge_faults_total', { fault })
      log.warn(fault, fields)
    }
    store.wake.ring('alerts')
  }

  const loop = startLoop('daily-test', [], EVERY, run, { clock, wake: store.wake, log, metrics })
  return { run, last: (id) => rolls.get(id), stop: loop.stop }
}

const keyOf = (id: string) => `daily-test/${id}`

async function recall(tx: Tx, id: string): Promise<Memory | undefined> {
  // Written by `keep` below and by nobody else.
  return (await tx.notes.get(keyOf(id))) as Memory | undefined
}

async function keep(tx: Tx, id: string, memory: Memory, at: Instant): Promise<void> {
  await tx.notes.set(keyOf(id), memory, at)
}

/** More test calls in one window than anybody makes. */
const MOST_CALLS = 100

/** Alerts of test calls to the test's number that were received inside the window. */
async function callsIn(tx: Tx, test: DailyTest, window: TestWindow): Promise<readonly Alert[]> {
  const heard = (await tx.bleeps.recent(test.number, window.from, MOST_CALLS)).filter(
    (b) => b.received < window.to && b.meaning?.class === 'test',
  )
  const found: Alert[] = []
  for (const bleep of heard) {
    const alert = await tx.alerts.byBleep(bleep.id)
    if (alert) found.push(alert)
  }
  return found
}

/** A test call of our own: a bleep that came by no feed, raised like any other. */
async function callNow(
  tx: Tx,
  { alerts, random, policies, directory }: DailyTestParts,
  test: DailyTest,
  to: Target,
  at: Instant,
): Promise<Applied> {
  const bleep: Bleep = {
    id: asId<BleepId>(uuid7(at, random.bytes(10))),
    number: test.number,
    page: {
      to: { scheme: 'number', number: test.number },
      type: 'alpha',
      text: 'TEST CALL',
      quality: 'clean',
      corrected: 0,
      fields: {},
      firstByte: at,
      lastByte: at,
    },
    stage: 'routed',
    received: at,
    sightings: 1,
    repeats: 0,
    meaning: { kind: 'test', class: 'test', rule: test.id, reason: 'daily-test' },
  }
  await tx.bleeps.add(bleep)
  const plan = snapshotPlan(policyFor(policies(), 'test', 'test', to), to, directory(), at)
  return alerts.raiseIn(tx, bleep, plan, at)
}
