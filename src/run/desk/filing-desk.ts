import { titleOf } from '../../core/bleep/title.ts'
import { nameOfNumber } from '../../core/desk/card.ts'
import type { FilingsView, FilingView } from '../../core/desk/filing-views.ts'
import { FAULTS } from '../../core/faults.ts'
import { given } from '../../core/given.ts'
import { DAY, printInstant } from '../../core/instant.ts'
import { hintOf, printPatient } from '../../core/record/patient.ts'
import { actsOn, filingNoteOf } from '../../core/record/view.ts'
import type { Outcome } from '../../ports/desk.ts'
import type { FilingDesk } from '../../ports/filing-desk.ts'
import type { Filed } from '../../ports/filings.ts'
import type { Tx } from '../../ports/store.ts'
import { applyFiling, foundOn, writtenOn } from '../keep/filing-parts.ts'
import type { FilingWayNow } from '../keep/filing-watch.ts'
import { actorOf, allowed, type DeskParts, done, refuse } from './desk-parts.ts'
import { createReadBack } from './read-back.ts'

/** Filings on one page. */
const PAGE = 50

/** Filing in the patient's record, as responders and governance see it and decide about it. */
export function createFilingDesk(parts: DeskParts): FilingDesk {
  const { store, clock, filing, metrics } = parts
  const { readBack, setPatient } = createReadBack(parts)

  return {
    readBack,
    setPatient,
    filings: (caller, { stand, cursor }) =>
      allowed(parts, caller, 'filing.read', () =>
        store.transact(async (tx) => {
          const now = clock.now()
          const before = markOf(cursor)
          const rows = await tx.filings.list({ ...given({ stand, before }), limit: PAGE })
          const filings: FilingView[] = []
          for (const row of rows) {
            const view = await viewOf(parts, tx, row)
            if (view !== undefined) filings.push(view)
          }
          const last = rows.at(-1)?.filing
          const figures = await tx.filings.figures(now - DAY)
          return done({
            ...{ now: printInstant(now), filings, undecided: figures.undecided.count },
            lastDay: figures.stands,
            ways: (filing?.now() ?? []).map((way) => wayView(way, figures.ways[way.way])),
            ...(last === undefined || rows.length < PAGE ? {} : { cursor: `${last.raised}.${last.alert}` }),
          })
        }),
      ),

    decide: (caller, id, decision, reason) =>
      allowed(parts, caller, 'filing.decide', async () => {
        if (filing === undefined) return refuse('filing-not-set')
        const { ways } = filing.site
        const decided = await store.transact(async (tx): Promise<Outcome<Filed>> => {
          const alert = await tx.alerts.get(id)
          const filed = await tx.filings.get(id)
          if (alert === undefined || filed === undefined) return refuse('filing-unknown')
          const at = clock.now()
          if (!actsOn(filed.filing, filed.sends).includes(decision)) return refuse('filing-overtaken')
          if (decision === 'again') await sendAgain(tx, filed, at)
          else
            await applyFiling(tx, alert, { kind: decision === 'leave' ? 'left' : 'withdrawn', at }, { ways })
          await tx.audit.append({
            ...{ at, actor: actorOf(caller), action: `filing.${decision}`, subject: id, outcome: 'done' },
            detail: { reason },
          })
          return done((await tx.filings.get(id)) ?? filed)
        })
        if (!decided.ok) return decided
        metrics.count('bleepbridge_audit_total', { outcome: 'done' })
        store.wake.ring('filings')
        return done(filingNoteOf(decided.value.filing, decided.value.sends))
      }),
  }
}

/** What was refused goes out once more, by the ways that refused it. */
async function sendAgain(tx: Tx, { filing, sends }: Filed, at: number): Promise<void> {
  await tx.alone(`filing/${filing.alert}`)
  const again = sends.map((send) => {
    if (send.state !== 'refused') return send
    const { settled: _, fault: __, why: ___, ...rest } = send
    return { ...rest, state: 'waiting' as const, due: at }
  })
  await tx.filings.save({ filing, sends: again }, at)
}

async function viewOf(
  { roster, filing: site }: DeskParts,
  tx: Tx,
  { filing, sends }: Filed,
): Promise<FilingView | undefined> {
  const alert = await tx.alerts.get(filing.alert)
  const bleep = alert && (await tx.bleeps.get(alert.bleep))
  if (alert === undefined || bleep === undefined) return undefined
  const asks = filing.phase === 'ask' && site !== undefined && bleep.erased === undefined
  const found = asks ? foundOn(await writtenOn(tx, alert, bleep), site.site.local).patients : []
  return {
    ...filingNoteOf(filing, sends),
    ...{ alert: alert.id, raised: printInstant(alert.raised), class: alert.plan.class },
    title: titleOf(bleep.meaning?.kind ?? 'bleep'),
    to: nameOfNumber(bleep.number, roster.current()),
    ...given({ place: bleep.meaning?.place, ended: alert.closed && printInstant(alert.closed.at) }),
    may: site === undefined ? [] : actsOn(filing, sends),
    ...(found.length === 0
      ? {}
      : { named: found.map((one) => ({ number: printPatient(one), hint: hintOf(one) })) }),
  }
}

function wayView(
  { way, proved, fault }: FilingWayNow,
  {
    waiting,
    since,
    refused,
  }: { readonly waiting: number; readonly since?: number; readonly refused: number },
): FilingsView['ways'][number] {
  return {
    ...{ way, waiting, refused },
    ...given({ fault, proved: printed(proved), since: printed(since) }),
    ...(fault === undefined ? {} : { sentence: FAULTS[fault].sentence }),
  }
}

const printed = (at: number | undefined) => (at === undefined ? undefined : printInstant(at))

function markOf(cursor = '') {
  const [, at, id] = /^(\d+(?:\.\d+)?)\.([\w-]{1,64})$/.exec(cursor) ?? []
  return at === undefined || id === undefined ? undefined : { at: Number(at), id }
}
