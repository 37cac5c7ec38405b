import { type AuditRow, ERASED, type Held } from '../../core/govern/audit.ts'
import { compareRecord, RECORDED, recordDigest } from '../../core/govern/record.ts'
import { KEEP_TIMES } from '../../core/govern/retain.ts'
import { asId, type BleepId } from '../../core/ids.ts'
import { DAY, type Instant } from '../../core/instant.ts'
import { markIn, notedMark } from '../../ports/page-mark.ts'
import type { Store, Tx } from '../../ports/store.ts'
import { beginning, factsUntil, nextBatch, SETTLED } from './settle-facts.ts'

type Mac = NonNullable<Held['mac']>

/** What had settled long before the first seal is left as it is: nobody could say what it was. */
const BEGINS = 7 * DAY
/** Bleeps in one entry of the audit. */
const BATCH = 40
/** Each bleep is sealed when it has settled; what came about later, a day after it was received. */
const TURNS = [
  { cursor: 'records-sealed', age: SETTLED },
  { cursor: 'records-sealed-again', age: DAY },
] as const

/** Puts digests of what has settled on the record. Gives how many bleeps were looked at; call again while it gives more than none. */
export async function sealRecords(store: Store, mac: Mac, now: Instant): Promise<number> {
  let looked = 0
  for (const { cursor, age } of TURNS)
    looked += await store.transact(async (tx) => {
      const from = markIn(await tx.notes.get(cursor)) ?? beginning(now - BEGINS)
      const { bleeps, next } = await nextBatch(tx, from, Math.min(now - age, await factsUntil(tx)), BATCH)
      if (bleeps.length === 0) return 0
      const detail: Record<string, string> = {}
      for (const bleep of bleeps) {
        const events = await eventsOf(tx, bleep.id)
        const late = age === SETTLED || events.some(({ at }) => at > bleep.received + SETTLED)
        if (late) detail[bleep.id] = recordDigest(bleep, events, mac)
      }
      await tx.notes.set(cursor, notedMark(next), now)
      if (Object.keys(detail).length > 0)
        await tx.audit.append({
          ...{ at: now, actor: 'bleepd', action: RECORDED, subject: '', outcome: 'done', detail },
        })
      return bleeps.length
    })
  return looked
}

async function eventsOf(tx: Tx, bleep: BleepId) {
  const alert = await tx.alerts.byBleep(bleep)
  return alert === undefined ? [] : tx.alerts.events(alert.id)
}

/** What became of the bleeps that the chain has digests of. */
export interface RecordState {
  readonly same: number
  readonly erased: number
  /** Gone with their keep time, or changed in a way that an act on the record explains. */
  readonly unproved: number
  readonly changed: readonly Changed[]
}

interface Changed {
  readonly bleep: BleepId
  readonly why: 'words-changed' | 'answers-changed' | 'record-gone'
}

/** Changed bleeps that are named; beyond it one is as bad as many. */
const NAMED = 100

/**
 * Collects digests while the chain is followed (`each`), then compares every bleep with the newest that there is of it.
 * @param since entries from before are left out
 */
export function recordCheck(
  parts: { readonly store: Store; readonly pause: () => Promise<void> },
  mac: Mac,
  { since, now }: { readonly since: Instant; readonly now: Instant },
) {
  /** No keep time takes a bleep away that was sealed after this. */
  const youngest = now - KEEP_TIMES.alerts.least * DAY
  const sealed = new Map<string, { readonly digest: string; readonly at: Instant }>()
  const persons = new Set<string>()
  return {
    async each(rows: readonly AuditRow[]): Promise<void> {
      for (const { at, action, subject, detail } of rows) {
        if (action === ERASED && subject !== '') persons.add(subject)
        if (action !== RECORDED || at < since) continue
        for (const [bleep, digest] of Object.entries(detail ?? {}))
          sealed.set(bleep, { digest: String(digest), at })
      }
    },
    async compare(): Promise<RecordState> {
      const counts = { same: 0, erased: 0, unproved: 0 }
      const changed: Changed[] = []
      for (const [id, { digest, at }] of sealed) {
        const bleepId = asId<BleepId>(id)
        const kept = await parts.store.transact(async (tx) => {
          const bleep = await tx.bleeps.get(bleepId)
          if (bleep === undefined) return at > youngest ? 'record-gone' : 'unproved'
          const sightings = await tx.bleeps.sightings(bleepId)
          const reread = sightings.some(({ begun }) => begun > at)
          return compareRecord(digest, bleep, await eventsOf(tx, bleepId), mac, { persons, reread })
        })
        if (kept === 'words-changed' || kept === 'answers-changed' || kept === 'record-gone') {
          if (changed.length < NAMED) changed.push({ bleep: bleepId, why: kept })
        } else counts[kept] += 1
        await parts.pause()
      }
      return { ...counts, changed }
    },
  }
}
