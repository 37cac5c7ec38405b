import type { Bleep } from '../core/bleep/bleep.ts'
import { wordsFor } from '../core/desk/card.ts'
import type { ReviewView, WaitingBleep } from '../core/desk/views.ts'
import type { BleepId } from '../core/ids.ts'
import { printInstant } from '../core/instant.ts'
import { REASONS } from '../core/reasons.ts'
import type { Caller, Desk, Outcome } from '../ports/desk.ts'
import { actorOf, allowed, type DeskParts, done, readerOf, refuse } from './desk-parts.ts'

/** More than anybody reads in one look; the oldest come first and make room as they are seen to. */
const AT_MOST = 200

/** Bleeps that no phone rings for and that a person at the switchboard must read: unknown numbers, and our own defects. */
export function createReview(parts: DeskParts): Pick<Desk, 'review' | 'reviewed'> {
  const { store, clock, roster } = parts

  async function waiting(caller: Caller): Promise<Outcome<ReviewView>> {
    const now = clock.now()
    const found = await store.transact((tx) => tx.bleeps.inStage('stuck', now, AT_MOST))
    return done({ now: printInstant(now), bleeps: found.map((bleep) => shown(bleep, caller)) })
  }

  function shown(bleep: Bleep, caller: Caller): WaitingBleep {
    const words = wordsFor(bleep.page.text, readerOf(caller, []), roster.current())
    const reason = bleep.review?.reason ?? 'raise-defect'
    return {
      id: bleep.id,
      number: bleep.number,
      ...(bleep.meaning === undefined ? {} : { class: bleep.meaning.class }),
      ...(words === undefined ? {} : { words }),
      quality: bleep.page.quality,
      received: printInstant(bleep.received),
      reason,
      sentence: REASONS[reason],
    }
  }

  return {
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
