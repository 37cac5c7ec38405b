import type { SiteDirectory } from '../../core/directory/build.ts'
import { spentEdits } from '../../core/directory/spent.ts'
import { cutoff, type Keeps, type Kept } from '../../core/govern/retain.ts'
import { DAY, HOUR, type Instant, type Millis, SECOND } from '../../core/instant.ts'
import type { PageMark } from '../../ports/page-mark.ts'
import type { Store, Tx } from '../../ports/store.ts'
import { alertOf } from '../alert/earlier.ts'
import type { LoopTools } from '../loop.ts'
import { ageAudit, endAuditDays, tellAged } from './audit-age.ts'
import { packedUntil, packOld } from './packs.ts'
import { unindex } from './search-index.ts'
import { factsUntil } from './settle-facts.ts'
import { wholesOf } from './whole.ts'
import { eraseWords } from './words.ts'

export interface RetentionParts extends LoopTools {
  readonly store: Store
  readonly directory: () => Pick<SiteDirectory, 'zone'>
  readonly keeps: Keeps
}

/** Rows in one transaction: a few milliseconds, so that no page waits behind it. */
const BLEEPS = 20
const ROWS = 200
/** A pause between two transactions, so that others get their turn. */
const PAUSE: Millis = 20
/** Transactions in one turn of each sort; what is left then comes with the next turn. */
const BATCHES = 100
const START: PageMark = { at: 0, id: '' }
const EVERY: Millis = HOUR
/** What we paged again ourselves, self-tests, calls that waited for a second operator: of use for minutes. */
const SCRATCH = ['re-page/', 'self-test/', 'calls/']

export interface Retention {
  /** Lets go what has had its time, once an hour, or at once again while there is more. */
  turn(): Promise<void>
  /** A turn under way ends with the transaction it is in. */
  halt(): void
}

/** The purge: what each turn takes out goes on the record as counts, and leaves the database's files too. */
export function createRetention(parts: RetentionParts): Retention {
  const { store, clock, metrics, log, keeps } = parts
  let due: Instant = 0
  let halted = false
  let goOn = () => {}

  /** Runs batches until one is not full. Gives how many rows went and whether there is more. */
  const batches = async (one: () => Promise<{ readonly gone: number; readonly more: boolean }>) => {
    let gone = 0
    for (let i = 0; i < BATCHES; i++) {
      const done = await one()
      gone += done.gone
      if (!done.more || halted) return { gone, more: done.more }
      await new Promise<void>((next) => {
        const timer = clock.after(PAUSE, next)
        goOn = () => {
          timer.cancel()
          next()
        }
      })
    }
    return { gone, more: true }
  }
  const rows = (work: (tx: Tx) => Promise<number>) =>
    batches(async () => {
      const gone = await store.transact(work)
      return { gone, more: gone === ROWS }
    })

  const bleeps = (
    what: 'words' | 'all',
    before: Instant,
    take: (tx: Tx, found: Awaited<ReturnType<Tx['purge']['over']>>) => Promise<number>,
  ) => {
    let mark = START
    return batches(() =>
      store.transact(async (tx) => {
        const found = await tx.purge.over(what, mark, before, BLEEPS)
        const last = found.at(-1)
        if (last === undefined) return { gone: 0, more: false }
        mark = { at: last.received, id: last.id }
        const free = []
        for (const bleep of found) {
          // A bleep that joined a call goes with that call: while it is open, neither does.
          const phase = (await alertOf(tx, bleep.id))?.phase
          const over = phase === undefined || phase === 'closed'
          // What is on its way into the record is made of these words.
          if (over && !(await tx.filings.owes(bleep.id))) free.push(bleep)
        }
        return { gone: await take(tx, free), more: found.length === BLEEPS }
      }),
    )
  }

  async function all(now: Instant) {
    const old = (what: Kept) => cutoff(keeps, what, now)
    const [digested, holds] = await store.transact(async (tx) => [
      await factsUntil(tx),
      (await tx.holds.list()).filter(({ released }) => released === undefined),
    ])
    const gone: Partial<Record<Kept, number>> = {}
    let more = false
    const add = (what: Kept, done: { gone: number; more: boolean }) => {
      gone[what] = (gone[what] ?? 0) + done.gone
      more ||= done.more
    }
    // Only what the figures have been made of: a report is the same before and after.
    add(
      'words',
      await bleeps('words', Math.min(old('words'), digested), async (tx, free) => {
        let erased = 0
        for (const bleep of free) if (await eraseWords(tx, bleep, now)) erased += 1
        return erased
      }),
    )
    add(
      'alerts',
      await bleeps('all', Math.min(old('alerts'), digested), async (tx, free) => {
        for (const whole of await wholesOf(tx, free)) await unindex(tx, whole, 'all')
        await tx.purge.bleeps(free.map(({ id }) => id))
        return free.length
      }),
    )
    add('inbox', await rows((tx) => tx.purge.inbox(old('inbox'), ROWS)))
    const calls = wholeDay(old('calls'))
    await packOld(store, parts.directory().zone, calls, now)
    const packed = await store.transact((tx) => packedUntil(tx, 'calls'))
    add('calls', await rows((tx) => tx.purge.calls(Math.min(calls, packed), ROWS)))
    add('measures', await rows((tx) => tx.purge.measures(old('measures'), ROWS)))
    const few = await store.transact(async (tx) => {
      for (const start of SCRATCH) await tx.purge.notes(start, now - DAY)
      await tx.purge.codes(now - DAY)
      await tx.purge.papers(old('audit'))
      return {
        devices: await tx.purge.devices(old('devices')),
        // An open investigation may ask who was on, and who looked: while anything is held, both stay.
        rota: holds.length > 0 ? 0 : await forgetEdits(tx, old('rota')),
      }
    })
    for (const what of ['devices', 'rota'] as const) add(what, { gone: few[what], more: false })
    const aged = wholeDay(old('audit'))
    if (holds.length === 0) add('audit', await rows((tx) => ageAudit(tx, aged, ROWS, now)))
    await store.transact(async (tx) => {
      await endAuditDays(tx)
      await tellAged(tx, now)
    })
    return { gone, more }
  }

  /** How far the oldest that nothing keeps is past its time. */
  const behind = (now: Instant): Promise<Millis> =>
    store.transact(async (tx) => {
      const late = async (what: 'words' | 'all', before: Instant) =>
        before - ((await tx.purge.over(what, START, before, 1))[0]?.received ?? before)
      const words = await late('words', cutoff(keeps, 'words', now))
      return Math.max(words, await late('all', cutoff(keeps, 'alerts', now)))
    })

  return {
    async turn() {
      const now = clock.now()
      if (now < due) return
      const { gone, more } = await all(now)
      const counts = Object.entries(gone).filter(([, n]) => n > 0)
      metrics.gauge('bleepbridge_retention_behind_seconds', (await behind(now)) / SECOND)
      for (const [data, n] of counts) metrics.count('bleepbridge_retention_erased_total', { data }, n)
      if ((gone.rota ?? 0) > 0) store.wake.ring('directory')
      if (counts.length > 0) {
        const detail = Object.fromEntries(counts)
        await store.transact((tx) =>
          tx.audit.append({
            ...{ at: now, actor: 'bleepd', action: 'retention.erased', subject: '' },
            ...{ outcome: 'done', detail },
          }),
        )
        log.info('retention', detail)
      }
      const tidied = counts.length === 0 || (await store.tidy())
      due = more || !tidied ? now : now + EVERY
    },
    halt() {
      halted = true
      goOn()
    },
  }
}

async function forgetEdits(tx: Tx, before: Instant): Promise<number> {
  return tx.purge.edits(spentEdits(await tx.directory.list(), before))
}

/** What leaves something of its own behind goes a day at once, or every hour would leave one. */
function wholeDay(at: Instant): Instant {
  return Math.floor(at / DAY) * DAY
}
