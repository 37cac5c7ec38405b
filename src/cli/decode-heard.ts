import { say } from '../core/catalogue/say.ts'
import type { DecodedPage } from '../core/pocsag/page.ts'
import type { ReceiverEvent } from '../core/pocsag/receiver.ts'

/** What came out, and where nothing did, why that may be. */
export class Heard {
  readonly #polarity: string
  #pages = 0
  #preambles = 0
  #otherRate: number | undefined
  #upsideDown = 0

  constructor(polarity: string) {
    this.#polarity = polarity
  }

  print(events: readonly ReceiverEvent[]): void {
    for (const event of events) {
      if (event.kind === 'page') {
        this.#pages++
        process.stdout.write(`${jsonLine(event.page, event.replaces !== undefined)}\n`)
      } else if (event.kind === 'preamble') {
        if (event.fits) this.#preambles++
        else this.#otherRate ??= event.sampleRate
      } else if (event.kind === 'upside-down') this.#upsideDown++
    }
  }

  /** Said aside, so that scripts read pages alone. */
  hint(): void {
    if (this.#pages > 0) return
    if (this.#upsideDown > 0) complain(say('cli.decodeUpsideDown', { polarity: this.#polarity }))
    else if (this.#otherRate !== undefined)
      complain(say('cli.decodeOtherRate', { otherRate: this.#otherRate }))
    else if (this.#preambles > 0) complain(say('cli.decodeNotReadable'))
  }
}

function complain(text: string): void {
  process.stderr.write(say('cli.decodeHint', { text }))
}

function jsonLine(page: DecodedPage, revised: boolean): string {
  return JSON.stringify({
    ric: page.ric,
    function: page.function,
    type: page.type,
    text: page.text,
    quality: page.quality,
    corrected: page.corrected,
    ...(page.doubt === undefined ? {} : { doubt: page.doubt }),
    baud: page.baud,
    addressBit: page.addressBit,
    endBit: page.endBit,
    emittedBit: page.emittedBit,
    ...(revised ? { revised } : {}),
    ...(page.inferred.length > 0 ? { inferred: page.inferred.length } : {}),
    ...(page.unknownRic ? { unknownRic: true } : {}),
  })
}
