import type { FaultCode } from '../faults.ts'
import type { FilingReason } from './filing.ts'
import { birthDatesIn, fitsBirthDate } from './patient.ts'

/** Whom a record has under a number. Name and date are shown to whoever reads the number back, and kept nowhere. */
export type Looked =
  | { readonly kind: 'one'; readonly name?: string; readonly born?: string }
  | { readonly kind: 'none' }
  /** More than one, or one that was replaced by another. */
  | { readonly kind: 'several' }
  | { readonly kind: 'away'; readonly fault: FaultCode }

/** What speaks against filing there; undefined: nothing does. `away` says nothing either way and is for the caller. */
export function doubtOf(looked: Looked, texts: readonly string[]): FilingReason | undefined {
  switch (looked.kind) {
    case 'none':
      return 'filing-patient-unknown'
    case 'several':
      return 'filing-patient-doubled'
    case 'away':
      return undefined
    case 'one': {
      const { born } = looked
      if (born === undefined || !/^\d{4}-\d\d-\d\d$/.test(born)) return undefined
      const said = texts.flatMap(birthDatesIn)
      return said.some((date) => !fitsBirthDate(date, born)) ? 'filing-born-differs' : undefined
    }
  }
}
