import { type Bleep, trustIn } from '../../core/bleep/bleep.ts'
import { unclearIn } from '../../core/bleep/unclear.ts'
import { wordsFor } from '../../core/desk/card.ts'
import { orderOf } from '../../core/desk/order.ts'
import type { ReviewView, StrangersView, WaitingBleep } from '../../core/desk/views.ts'
import { given } from '../../core/given.ts'
import type { BleepId } from '../../core/ids.ts'
import { DAY, printInstant } from '../../core/instant.ts'
import { REASONS } from '../../core/reasons.ts'
import type { Caller, Desk, Outcome } from '../../ports/desk.ts'
import { apart } from '../defect.ts'
import { actorOf, allowed, audit, type DeskParts, done, readerOf, refuse, saw } from './desk-parts.ts'

/** Bleeps of a day that are looked through for strangers. */
const LOOKED_AT = 5000

/** More than anybody reads in one look; the oldest come first and make room as they are seen to. */
const AT_MOST = 200

/** Bleeps that no phone rings for and that a person at the switchboard must read: unknown numbers, and our own defects. */
export function createReview(
  parts: DeskParts,
): Pick<Desk, 'review' | 'reviewed' | 'reviewAsk' | 'strangers'> {
  const { store, clock, roster } = parts

  async function waiting(caller: Caller): Promise<Outcome<ReviewView>> {
    const now = clock.now()
    const found = await store.transact((tx) => tx.bleeps.inStage('stuck', now, AT_MOST))
    saw(parts, caller, 'review.read', found)
    const bleeps = await Promise.all(
      found.map((bleep) =>
        apart(
          parts,
          'view-failed',
          bleep.id,
          () => shown(bleep, caller, 'masked'),
          () => shown(bleep, caller, 'bare'),
        ),
      ),
    )
    return done({ now: printInstant(now), bleeps })
  }

  /** `bare`: what masks words has failed, so that only the switchboard, for whom nothing is masked, is given them. */
  function shown(bleep: Bleep, caller: Caller, how: 'masked' | 'bare'): WaitingBleep {
    const bare = caller.access === 'switchboard' ? bleep.page.text : undefined
    const words = how === 'bare' ? bare : wordsFor(bleep.page.text, readerOf(caller, []), roster.current())
    const reason = bleep.review?.reason ?? 'raise-defect'
    return {
      id: bleep.id,
      number: bleep.number,
      ...(bleep.meaning === undefined ? {} : { class: bleep.meaning.class }),
      ...(words === undefined ? {} : { words }),
      quality: trustIn(bleep.page),
      ...given({ unclear: unclearIn(bleep.page) }),
      received: printInstant(bleep.received),
      order: orderOf({
        ...{ class: bleep.meaning?.class ?? 'emergency', level: 'act' },
        since: printInstant(bleep.received),
      }),
      reason,
      sentence: REASONS[reason],
    }
  }

  async function unknown(caller: Caller): Promise<Outcome<StrangersView>> {
    const now = clock.now()
    const found = await store.transact((tx) => tx.bleeps.between(now - DAY, now + 1, LOOKED_AT))
    const strange = found.filter((b) => b.review?.reason === 'address-unknown' && b.stage !== 'stuck')
    const addresses = [...Map.groupBy(strange, (b) => b.number)].map(([number, all]) => {
      const heard = all.toSorted((a, b) => a.received - b.received)
      const last = heard.at(-1)!
      const words = wordsFor(last.page.text, readerOf(caller, []), roster.current())
      return {
        number,
        count: all.length,
        first: printInstant(heard[0]!.received),
        last: printInstant(last.received),
        bleep: last.id,
        ...(words === undefined ? {} : { words }),
        quality: trustIn(last.page),
        sentence: REASONS['address-unknown'],
      }
    })
    return done({
      now: printInstant(now),
      since: printInstant(now - DAY),
      addresses: addresses.sort((a, b) => b.count - a.count || b.last.localeCompare(a.last)),
    })
  }

  return {
    strangers: (caller) => allowed(parts, caller, 'board.read', () => unknown(caller)),

    reviewAsk: (caller, id, role) =>
      allowed(parts, caller, 'alert.manage', async () => {
        if (!roster.current().roles.has(role)) return refuse('role-unknown')
        const alert = await parts.askRole?.(id, role)
        await audit(parts, caller, 'bleep.asked', id, alert === undefined ? 'refused' : 'done')
        return alert === undefined ? refuse('review-unknown') : done({ alert: alert.id })
      }),

    review: (caller) => allowed(parts, caller, 'board.read', () => waiting(caller)),

    reviewed: (caller, id: BleepId) =>
      allowed(parts, caller, 'alert.manage', async () => {
        const known = await store.transact(async (tx) => {
          const first = await tx.bleeps.get(id)
          if (first === undefined) return false
          await tx.alone(`bleep/${first.number}`)
          const bleep = await tx.bleeps.get(id)
          if (bleep?.stage !== 'stuck') return false
          const reason = bleep.review?.reason ?? 'raise-defect'
          await tx.bleeps.save({ ...bleep, stage: 'routed', review: { reason, waits: false } })
          await tx.audit.append({
            at: clock.now(),
            actor: actorOf(caller),
            action: 'bleep.reviewed',
            subject: id,
            outcome: 'done',
          })
          return true
        })
        if (!known) return refuse('review-unknown')
        store.wake.ring('alerts')
        return waiting(caller)
      }),
  }
}
