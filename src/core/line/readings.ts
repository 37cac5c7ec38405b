import type { StandingCode } from '../faults.ts'
import { WRONG_IN_LOST } from '../pocsag/evidence.ts'
import type { CodewordsRead } from './kit/protocol.ts'

/** How the last batches of codewords were read, and what is wrong with the signal by them. Changed in place. */
export interface Readings {
  readonly batches: Batch[]
  fault: Extract<StandingCode, 'signal-bent' | 'signal-weak'> | undefined
}

interface Batch {
  readonly bits: number
  readonly wrong: number
  /** More bits are wrong than noise and clicks explain. */
  readonly bent: boolean
}

/** Batches looked back on, which are eight transmissions of one page, and how many must be there. */
const LOOK_BACK = 16
const ENOUGH = 8

/** Half a batch: noise that looks like a sync codeword is over before that. */
const FEWEST_WORDS = 8

/** A click or a fade turns bits beside those in which it was seen. */
const SPREAD = 2

/** A batch is bent by so many wrong bits more, as a share, than noise explains: by two of its 512. */
const BEYOND = 0.002

/** From two bent batches on that is a fault, until there is none: a lead spoils the same pages again and again. */
const BENT = 2

/** Share of bits that are wrong from which that is a fault, and below which it is over. */
const WEAK = { from: 0.015, below: 0.01 } as const

export function startReadings(): Readings {
  return { batches: [], fault: undefined }
}

/** Bits that were wrong, as far as that is known. */
export function wrongBits({ corrected, unreadable }: CodewordsRead): number {
  return corrected + WRONG_IN_LOST * unreadable
}

/**
 * Takes in what was read of one batch. Through a lead that bends the signal bits are wrong although there is little noise;
 * where noise explains what is wrong, the signal is weak. Of bits that came without sound nobody knows which it is.
 */
export function count(readings: Readings, read: CodewordsRead): void {
  if (read.words < FEWEST_WORDS) return
  const { batches, fault } = readings
  const bits = 32 * read.words
  const wrong = wrongBits(read)
  const explained = SPREAD * (read.explained ?? 1)
  batches.push({ bits, wrong, bent: wrong > (explained + BEYOND) * bits })
  if (batches.length > LOOK_BACK) batches.shift()
  if (batches.length < ENOUGH) return
  const sum = (of: (batch: Batch) => number) => batches.reduce((total, batch) => total + of(batch), 0)
  const bent = sum((batch) => (batch.bent ? 1 : 0))
  const weak = sum((batch) => batch.wrong) / sum((batch) => batch.bits)
  if (bent >= BENT || (fault === 'signal-bent' && bent > 0)) readings.fault = 'signal-bent'
  else if (weak >= WEAK.from || (fault === 'signal-weak' && weak >= WEAK.below))
    readings.fault = 'signal-weak'
  else readings.fault = undefined
}
