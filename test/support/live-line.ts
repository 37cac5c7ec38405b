import type { Page } from '../../src/core/bleep/bleep.ts'
import type { LineInput } from '../../src/core/line/kit/protocol.ts'
import { openLine } from './score.ts'

/** A protocol on a real wire: bytes in, replies out, real time, pages kept in memory and called stored a little later. */
export class LiveLine {
  readonly pages: Page[] = []
  /** Everything both sides said, as Latin-1: `>` the peer, `<` us. For a failing test's message. */
  readonly transcript: string[] = []
  readonly #line
  readonly #write: (bytes: Uint8Array) => void
  #timer: NodeJS.Timeout | undefined

  constructor(
    id: string,
    write: (bytes: Uint8Array) => void,
    options: Readonly<Record<string, unknown>> = {},
  ) {
    this.#line = openLine(id, options)
    this.#write = write
    this.#feed({ kind: 'opened', at: Date.now() })
  }

  hear(bytes: Uint8Array): void {
    this.transcript.push(`> ${JSON.stringify(Buffer.from(bytes).toString('latin1'))}`)
    this.#feed({ kind: 'bytes', bytes, at: Date.now() })
  }

  close(): void {
    this.#feed({ kind: 'closed', at: Date.now() })
    clearTimeout(this.#timer)
  }

  #feed(input: LineInput): void {
    for (const effect of this.#line.step(input)) {
      if (effect.kind === 'wake') {
        clearTimeout(this.#timer)
        this.#timer = setTimeout(() => this.#feed({ kind: 'silence', at: Date.now() }), effect.after)
      } else if (effect.kind === 'reply') {
        this.transcript.push(`< ${JSON.stringify(Buffer.from(effect.bytes).toString('latin1'))}`)
        this.#write(effect.bytes)
      } else if (effect.kind === 'page') {
        this.pages.push(effect.page)
        setImmediate(() => this.#feed({ kind: 'stored', ref: effect.ref, at: Date.now() }))
      }
    }
  }
}
