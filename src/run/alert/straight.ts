import type { Bleep } from '../../core/bleep/bleep.ts'
import type { BleepId } from '../../core/ids.ts'
import type { Instant } from '../../core/instant.ts'
import { classRank } from '../../core/vocabulary.ts'
import type { Tx } from '../../ports/store.ts'
import { type Raised, raiseOne } from './raise-one.ts'
import type { RaiseParts } from './raise-parts.ts'

/** T2 in the transaction of T1: one commit from the wire to the phones. */
export interface Straight {
  /**
   * Raises a new bleep and stores it, inside the transaction of its T1. Undefined, and nothing stored, where it is better
   * left to the raise loop: more waits than can be done at once and this is no emergency, or nothing may be raised here
   * now. Whatever it throws, T1 must go on without it.
   * @returns what to do once both are durable, and when that was
   */
  straight(tx: Tx, bleep: Bleep): Promise<((stored: Instant) => void) | undefined>
}

/** So many may be under way at once; past that, only emergencies jump what waits. */
const AT_ONCE = 8
/** Bleeps in one transaction of stamps. */
const BATCH = 50

export interface StraightTools extends RaiseParts {
  /** Whether anything may be raised now. */
  readonly isOpen: () => boolean
  /** Bleeps that the loop knows to be waiting. */
  readonly waiting: () => number
  report(raised: Raised): void
}

export class StraightRaise implements Straight {
  readonly #tools: StraightTools
  #underWay = 0
  /** When they were durable is known after their commit only: written a little later, many at once. */
  readonly #unstamped = new Map<BleepId, { readonly number: string; readonly stored: Instant }>()

  constructor(tools: StraightTools) {
    this.#tools = tools
  }

  async straight(tx: Tx, bleep: Bleep): Promise<((stored: Instant) => void) | undefined> {
    const { isOpen, report } = this.#tools
    if (!isOpen() || (this.#isBusy() && !this.#isEmergency(bleep))) return undefined
    this.#underWay += 1
    try {
      const raised = await raiseOne(tx, this.#tools, bleep, 'add')
      return (stored) => {
        this.#unstamped.set(bleep.id, { number: bleep.number, stored })
        report({ ...raised, bleep: stampedWith(raised.bleep, stored) })
      }
    } finally {
      this.#underWay -= 1
    }
  }

  /**
   * Writes down when bleeps were durable.
   * @returns to be called once that is: until then they are written again
   */
  async stamp(tx: Tx): Promise<() => void> {
    const some = [...this.#unstamped].slice(0, BATCH)
    for (const [id, { number, stored }] of some) {
      // Another copy may be taken in at this moment.
      await tx.alone(`bleep/${number}`)
      const bleep = await tx.bleeps.get(id)
      if (bleep?.passed !== undefined) await tx.bleeps.save(stampedWith(bleep, stored))
    }
    return () => {
      for (const [id] of some) this.#unstamped.delete(id)
    }
  }

  #isBusy(): boolean {
    return this.#underWay >= AT_ONCE || this.#tools.waiting() > 0
  }

  #isEmergency(bleep: Bleep): boolean {
    const { classify, directory } = this.#tools
    return classRank(classify(bleep, directory()).class) >= classRank('emergency')
  }
}

function stampedWith<B extends Bleep>(bleep: B, stored: Instant): B {
  return bleep.passed === undefined ? bleep : { ...bleep, passed: { ...bleep.passed, stored } }
}
