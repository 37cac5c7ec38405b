import type { Alert } from '../../core/alert/alert.ts'
import { type DailyTest, type TestWindow, windowAfter, windowAt } from '../../core/alert/daily-test.ts'
import { type RollCall, takeRoll } from '../../core/alert/roll-call.ts'
import type { Bleep } from '../../core/bleep/bleep.ts'
import { dayAt, printDay } from '../../core/directory/civil.ts'
import type { Directory, Target } from '../../core/directory/directory.ts'
import { whyTargetUnrung } from '../../core/directory/live.ts'
import type { FaultCode } from '../../core/faults.ts'
import { given } from '../../core/given.ts'
import { asId, type BleepId, uuid7 } from '../../core/ids.ts'
import { DAY, type Instant, type Millis, SECOND } from '../../core/instant.ts'
import { type Policies, planFor } from '../../core/route/policy.ts'
import type { Tx } from '../../ports/store.ts'
import { apart } from '../defect.ts'
import { type Loop, startLoop } from '../loop.ts'
import type { Applied } from './alert-rows.ts'
import type { AlertParts, Alerts } from './alerts.ts'

export interface DailyTestParts extends Omit<AlertParts, 'radio'> {
  readonly alerts: Alerts
  readonly policies: () => Policies
}

/** One test as it stands: its rolls, newest first, and what is to come. */
export interface TestRecord {
  readonly test: DailyTest
  /** The open window, or the one that is still being answered, with the roll as it would be taken now. */
  readonly now?: { readonly window: TestWindow; readonly roll: RollCall }
  /** Of the last test by hand, made outside of the window within a day; as it would be taken now. */
  readonly hand?: RollCall
  readonly next?: TestWindow
  readonly rolls: readonly RollCall[]
  readonly lastComplete?: Instant
}

/** A test that was not passed, until one is: no reason to stop paging. */
interface TestTrouble {
  readonly code: Extract<FaultCode, 'daily-test-missed' | 'daily-test-incomplete'>
  /** Test id. */
  readonly subject: string
  /** The roles that did not answer. */
  readonly detail?: string
}

export interface DailyTests extends Loop {
  records(): Promise<readonly TestRecord[]>
  /** Makes the test call now, whatever the window; undefined where the site has no such test, or its number no one. */
  call(id: string): Promise<Alert | undefined>
  /** The last roll of each test, where it was not complete; for `/readyz`. */
  troubles(): readonly TestTrouble[]
  run(): Promise<void>
}

const FAULT = {
  incomplete: 'daily-test-incomplete',
  missed: 'daily-test-missed',
} as const

const EVERY: Millis = 10 * SECOND
/** Rolls kept of each test: two months of mornings. */
const KEPT = 62

/** What is remembered of one test: since when it is expected, the last call of our own, the rolls, newest first. */
interface Memory {
  readonly since: Instant
  readonly called?: string
  readonly rolls: readonly RollCall[]
  readonly lastComplete?: Instant
}

/**
 * Watches the windows of the daily tests. In each a test call must be heard, or is made by us; when the time to answer
 * is over the roll is taken, kept, logged and counted. A test that was missed or not answered can be made good until the
 * next window: the roll is then taken anew. All is kept in the store, so a restart neither forgets a test nor takes a
 * roll twice.
 */
export function startDailyTests(parts: DailyTestParts): DailyTests {
  const { store, clock, metrics, log } = parts
  const last = new Map<string, RollCall>()

  async function run(): Promise<void> {
    const proved: Instant[] = []
    for (const test of parts.policies().dailyTests) {
      if (whyTestUnrung(test) !== undefined) {
        last.delete(test.id)
        continue
      }
      proved.push(
        await apart(
          parts,
          'task-failed',
          `daily-test/${test.id}`,
          () => one(test),
          // Nothing is proved of a test that cannot be looked at: its age is as old as can be told.
          () => 0,
        ),
      )
    }
    if (proved.length === 0) return
    const age = Math.max(0, clock.now() - Math.min(...proved))
    metrics.gauge('bleepbridge_test_age_seconds', age / SECOND)
  }

  /** A test whose roles are all left to the pagers is nobody's to answer. */
  function whyTestUnrung(test: DailyTest) {
    const directory = parts.directory()
    const to = directory.numbers.get(test.number)?.to
    return to && whyTargetUnrung(directory, to, parts.clock.now())
  }

  /** Gives when this test was last complete, or since when it has been awaited. */
  async function one(test: DailyTest): Promise<Instant> {
    const now = clock.now()
    const directory = parts.directory()
    const to = directory.numbers.get(test.number)?.to
    const window = windowAt(test, now, directory.zone)
    const done = await store.transact(async (tx) => {
      const known = await recall(tx, test.id)
      const memory: Memory = known ?? { since: now, rolls: [] }
      if (!known) await keep(tx, test.id, memory, now)
      // A window that opened before we knew of the test proves nothing.
      if (!window || !to || window.from < memory.since) return { memory }
      if (test.call === 'own' && now < window.to && memory.called !== window.day) {
        await keep(tx, test.id, { ...memory, called: window.day }, now)
        return { memory, applied: await callNow(tx, parts, test, to, now) }
      }
      const [before, ...older] = memory.rolls
      const again = before?.day === window.day
      if (now < window.due || (again && before.outcome === 'complete')) return { memory }
      const calls = await callsIn(tx, test, window.from, again ? now : window.to)
      const roll = takeRoll(test, window, to, calls, directory, now)
      if (again && !says(roll, before)) return { memory }
      const next: Memory = {
        ...memory,
        rolls: [roll, ...(again ? older : memory.rolls)].slice(0, KEPT),
        ...(roll.outcome === 'complete' ? { lastComplete: now } : {}),
      }
      await keep(tx, test.id, next, now)
      return { memory: next, roll, again }
    })
    if (done.applied) parts.alerts.announce(done.applied)
    if (done.roll) report(done.roll, done.again)
    const [newest] = done.memory.rolls
    if (newest) last.set(test.id, newest)
    return done.memory.lastComplete ?? done.memory.since
  }

  function report(roll: RollCall, again: boolean): void {
    const missing = roll.lines.filter((line) => !line.answered).map((line) => line.role)
    const fields = { test: roll.test, day: roll.day, heard: roll.call !== undefined, missing }
    if (roll.outcome === 'complete') log.info('daily-test-complete', fields)
    else if (!again) {
      const fault = FAULT[roll.outcome]
      metrics.count('bleepbridge_faults_total', { fault })
      log.warn(fault, fields)
    }
    store.wake.ring('alerts')
  }

  const loop = startLoop('daily-test', [], EVERY, run, { ...parts, wake: store.wake })
  return {
    run,
    stop: loop.stop,
    async call(id) {
      const test = parts.policies().dailyTests.find((t) => t.id === id)
      const to = test && parts.directory().numbers.get(test.number)?.to
      if (test === undefined || to === undefined) return undefined
      const applied = await store.transact((tx) => callNow(tx, parts, test, to, clock.now()))
      parts.alerts.announce(applied)
      return applied.alert
    },
    records: () =>
      store.transact(async (tx) => {
        const records: TestRecord[] = []
        for (const test of parts.policies().dailyTests)
          records.push(await recordOf(tx, parts, test, clock.now()))
        return records
      }),
    troubles: () =>
      [...last.values()].flatMap((roll) => {
        if (roll.outcome === 'complete') return []
        const silent = roll.lines.filter((line) => line.mandatory && !line.answered).map((line) => line.role)
        const detail = silent.length === 0 ? {} : { detail: silent.join(' ') }
        return [{ code: FAULT[roll.outcome], subject: roll.test, ...detail }]
      }),
  }
}

async function recordOf(tx: Tx, parts: DailyTestParts, test: DailyTest, at: Instant): Promise<TestRecord> {
  const directory = parts.directory()
  const memory = await recall(tx, test.id)
  const to = directory.numbers.get(test.number)?.to
  const window = windowAt(test, at, directory.zone)
  const next = windowAfter(test, at, directory.zone)
  const rolls = memory?.rolls ?? []
  const running =
    window && to && memory && window.from >= memory.since && rolls[0]?.day !== window.day
      ? {
          window,
          roll: takeRoll(test, window, to, await callsIn(tx, test, window.from, window.to), directory, at),
        }
      : undefined
  const hand = to && (await handRoll(tx, test, to, window, directory, at))
  return { test, rolls, ...given({ next, now: running, hand, lastComplete: memory?.lastComplete }) }
}

/** How long the roll of a test by hand is shown. */
const SHOWN: Millis = DAY

/** The roll of the last call by hand, with those shortly before it: whoever was slow is called again. */
async function handRoll(
  tx: Tx,
  test: DailyTest,
  to: Target,
  window: TestWindow | undefined,
  directory: Directory,
  at: Instant,
): Promise<RollCall | undefined> {
  const calls = (await callsIn(tx, test, at - SHOWN, at + 1)).filter(
    ({ raised }) => window === undefined || raised < window.from || raised >= window.to,
  )
  const last = Math.max(...calls.map(({ raised }) => raised))
  const run = calls.filter(({ raised }) => last - raised <= test.answerWithinMs)
  if (run.length === 0) return undefined
  const from = Math.min(...run.map(({ raised }) => raised))
  const day = printDay(dayAt(from, directory.zone))
  return takeRoll(test, { day, from, to: at }, to, run, directory, at)
}

/** Whether a roll taken anew says anything that the one before did not. */
function says(roll: RollCall, before: RollCall): boolean {
  const told = ({ call, lines }: RollCall) => JSON.stringify([call, lines.map((line) => line.people)])
  return roll.call !== undefined && told(roll) !== told(before)
}

const keyOf = (id: string) => `daily-test/${id}`

async function recall(tx: Tx, id: string): Promise<Memory | undefined> {
  // Written by `keep` below and by nobody else; before 0.2 it held no rolls but the last.
  const note = (await tx.notes.get(keyOf(id))) as (Omit<Memory, 'rolls'> & Partial<Memory>) | undefined
  return note && { ...note, rolls: note.rolls ?? [] }
}

async function keep(tx: Tx, id: string, memory: Memory, at: Instant): Promise<void> {
  await tx.notes.set(keyOf(id), memory, at)
}

/** More test calls in one window than anybody makes. */
const MOST_CALLS = 100

/** Alerts of test calls to the test's number that were received in a span. */
async function callsIn(tx: Tx, test: DailyTest, from: Instant, to: Instant): Promise<readonly Alert[]> {
  const heard = (await tx.bleeps.recent(test.number, from, MOST_CALLS)).filter(
    (b) => b.received < to && b.meaning?.class === 'test',
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
  const call = { class: 'test', kind: 'test', number: test.number } as const
  const plan = planFor(policies(), call, to, directory(), at)
  return alerts.raiseIn(tx, bleep, plan, at)
}
