import type { Address, ContentType } from '../core/bleep/bleep.ts'
import type { Class } from '../core/vocabulary.ts'

/** One page to be sent out again over the pager network. */
interface RadioPage {
  /** Bleep number by the site's plan, and the address as first heard: a way out may need the other kind. */
  readonly number: string
  readonly to: Address
  readonly type: ContentType
  readonly text: string
  /** What the first sender said besides, so that beep and priority are the same again. */
  readonly fields: Readonly<Record<string, string>>
  readonly class: Class
  /** Why it goes out again, as a sentence for the operator's display or log; never part of the page itself. */
  readonly reason: string
}

/** `taken`: the paging equipment acknowledged it. `refused`: it said no. `no-answer`: it said nothing in its time. */
export type RadioAnswer = 'taken' | 'refused' | 'no-answer'

/** A way on to the air: ESPA 4.4.4 control, a TAP client, an encoder link, or bits to a transmitter's input. */
export interface RadioOut {
  /** For logs: the configured name. */
  readonly name: string
  /** Settles by its own deadline or when the signal aborts; never rejects. */
  send(page: RadioPage, signal: AbortSignal): Promise<RadioAnswer>
}
