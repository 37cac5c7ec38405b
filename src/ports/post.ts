import type { StandingCode } from '../core/faults.ts'
import type { Instant, Millis } from '../core/instant.ts'

/** Something that is not urgent, to people who look after the bridge: never a bleep, never a patient's words. */
export interface Letter {
  readonly id: string
  /** Who carries it: `mail`, or the name of a web hook. */
  readonly by: string
  readonly to: readonly string[]
  readonly subject: string
  readonly text: string
  /** Pages that go with it, by file name. */
  readonly pages?: Readonly<Record<string, string>>
  readonly written: Instant
}

export type Carried =
  | { readonly kind: 'taken' }
  | { readonly kind: 'later' | 'refused'; readonly fault: StandingCode; readonly after?: Millis }

/** Takes letters to where they are read. Never throws, and resolves before `signal` aborts plus one turn of the loop. */
export interface Carrier {
  carry(letter: Letter, signal: AbortSignal): Promise<Carried>
  close(): void
}
