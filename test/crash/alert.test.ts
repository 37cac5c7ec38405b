import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { AlertEvent } from '../../src/core/alert/alert.ts'
import { blankAlert, replayAlert } from '../../src/core/alert/lifecycle.ts'
import { asId, type PersonId } from '../../src/core/ids.ts'
import { type Instant, SECOND } from '../../src/core/instant.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import type { Store } from '../../src/ports/store.ts'
import { stepStored } from '../../src/run/step-attempt.ts'
import { removeFolder } from '../support/folders.ts'
import { type Death, type MortalStore, mortal } from '../support/mortal-store.ts'
import { settle, VirtualClock } from '../support/virtual-clock.ts'
import {
  aHolding,
  countingRandom,
  EVERYBODY,
  enrol,
  RECEIPT_AFTER,
  type Sent,
  startWard,
  type Ward,
} from '../support/ward.ts'

/*
 * One arrest call, killed at every commit boundary in turn and started again on the same file. Whoever talks to the
 * daemon behaves as the real ones do: a switchboard that got no reply sends its page again, a phone answers once it has
 * rung and repeats an answer or a receipt that failed. Then the promises must hold.
 */
// A process dies here, not the power: a file in memory outlives it as well as one on a slow disk.
const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'bleep-crash-'))
afterAll(() => removeFolder(folder))
let files = 0

/** False: not yet, try again. */
type Deed = (ward: Ward, at: Instant, rung: ReadonlySet<string>) => Promise<boolean>

const page: Deed = async (ward) =>
  (await ward.page('2222', 'CARDIAC ARREST WARD 7B', { sequence: '0001' })) !== undefined

const accepts =
  (person: string): Deed =>
  async (ward, at, rung) => {
    if (!rung.has(person)) return false
    const alert = await ward.store.transact(async (tx) => (await tx.alerts.list({ limit: 1 }))[0])
    if (!alert) return false
    const event: AlertEvent = {
      kind: 'answered',
      at,
      by: { kind: 'person', person: asId(person) },
      person: asId(person),
      answer: 'accepted',
      version: alert.version,
    }
    return (await ward.alerts.apply(alert.id, event)) !== undefined
  }

/** At second 0 the page, at 3 one acceptance, at 15 the step, at 18 the substitute: covered. */
const DEEDS: readonly (readonly [number, Deed])[] = [
  [0, page],
  [3, accepts('reg')],
  [18, accepts('out')],
]
/** Past the lease of an attempt that was claimed and not settled by the process that died. */
const END = 50

interface Life {
  readonly ward: Ward
  readonly clock: VirtualClock
  readonly store: MortalStore
}

interface Ending {
  readonly commits: number
  readonly sent: readonly Sent[]
  readonly died: boolean
  readonly look: <T>(see: (store: Store) => Promise<T>) => Promise<T>
  readonly close: () => Promise<void>
}

async function run(death: Death | undefined): Promise<Ending> {
  files += 1
  const path = join(folder, `${files}.db`)
  let inner = await openSqlite(path)
  await enrol(inner, EVERYBODY)
  const random = countingRandom()
  const sent: Sent[] = []
  const start = new VirtualClock().now()
  let died = false

  const begin = async (at: Instant, fate: Death | undefined): Promise<Life> => {
    const clock = new VirtualClock(at)
    const store = mortal(inner, fate)
    const ward: Ward = startWard({
      store,
      clock,
      random,
      holding: aHolding(),
      onSent: (one) => {
        sent.push(one)
        if (one.person !== 'nurse' && (one.purpose === 'ask' || one.purpose === 'again')) receiptLater(one)
      },
    })
    const receiptLater = (one: Sent): void => {
      clock.after(RECEIPT_AFTER, () => {
        const now = clock.now()
        store
          .transact((tx) =>
            stepStored(tx, asId(one.attempt), { kind: 'receipt', stage: 'on-device', at: now }),
          )
          .then(() =>
            ward.alerts.apply(one.alert, {
              kind: 'receipt',
              at: now,
              person: asId(one.person),
              stage: 'on-device',
              attempt: asId(one.attempt),
            }),
          )
          .catch(() => {
            if (!store.dead()) receiptLater(one)
          })
      })
    }
    await settle()
    return { ward, clock, store }
  }

  let life = await begin(start, death)
  const reborn = async (): Promise<void> => {
    if (!life.store.dead()) return
    died = true
    // The dead process is simply never given time again.
    const at = life.clock.now()
    await inner.close()
    inner = await openSqlite(path)
    life = await begin(at, undefined)
  }
  for (const [at, deed] of [...DEEDS, [END, async () => true] as const]) {
    while (life.clock.now() < start + at * SECOND) {
      await life.clock.elapse(at === END ? 1000 : 100)
      await reborn()
    }
    for (let done = false, tries = 0; !done && tries < 200; tries++) {
      const rung = new Set(sent.map((s) => s.person))
      done = await deed(life.ward, life.clock.now(), rung).catch(() => false)
      await settle()
      await reborn()
      if (!done) await life.clock.elapse(100)
    }
  }
  return {
    commits: life.store.commits(),
    sent,
    died,
    look: (see) => see(inner),
    close: async () => {
      await life.ward.stop()
      await inner.close()
      for (const more of ['', '-wal', '-shm']) rmSync(`${path}${more}`, { force: true })
    },
  }
}

async function check(ending: Ending, why: string): Promise<void> {
  await ending.look((store) =>
    store.transact(async (tx) => {
      const bleeps = await tx.bleeps.between(0, Number.MAX_SAFE_INTEGER, 100)
      expect(
        bleeps.map((b) => b.stage),
        `${why}: one bleep, routed`,
      ).toEqual(['routed'])
      const alerts = await tx.alerts.list({ limit: 10 })
      expect(alerts.length, `${why}: one alert`).toBe(1)
      const alert = alerts[0]!
      expect(alert.phase, `${why}: covered in the end`).toBe('covered')
      expect(
        alert.responders[asId<PersonId>('reg')]?.state,
        `${why}: an answer that was confirmed stands`,
      ).toBe('accepted')
      const events = await tx.alerts.events(alert.id)
      expect(
        replayAlert(blankAlert(alert.id, alert.bleep, alert.plan, alert.raised), events),
        `${why}: replay equals state`,
      ).toEqual(alert)
      expect(
        Object.fromEntries((await tx.due.of(alert.id)).map((row) => [row.name, row.at])),
        `${why}: due rows are the alert's`,
      ).toEqual(alert.due)
      expect((await tx.alerts.withoutFuture(1000)).lost, `${why}: a future`).toEqual([])
      const attempts = await tx.attempts.ofAlert(alert.id)
      expect(new Set(attempts.map((a) => a.key)).size, `${why}: keys are unique`).toBe(attempts.length)
      for (const person of ['reg', 'nurse', 'gas', 'out'])
        expect(
          ending.sent.some((s) => s.person === person && (s.purpose === 'ask' || s.purpose === 'again')),
          `${why}: ${person} was rung`,
        ).toBe(true)
      expect(
        ending.sent.some((s) => s.channel === 'radio'),
        `${why}: paged by radio again`,
      ).toBe(true)
    }),
  )
}

const WHEN = ['before', 'after'] as const

test('an arrest call survives death before and after every commit: stored, rung, escalated, covered, once', async () => {
  const whole = await run(undefined)
  await check(whole, 'nobody dies')
  const { commits } = whole
  await whole.close()
  expect(commits).toBeGreaterThan(20)
  for (let commit = 1; commit <= commits; commit++)
    for (const when of WHEN) {
      const ending = await run({ commit, when })
      expect(ending.died).toBe(true)
      await check(ending, `death ${when} commit ${commit} of ${commits}`)
      await ending.close()
    }
}, 600_000)
