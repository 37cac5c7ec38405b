import type { Charset } from './code/charset.ts'
import type { ContentRule } from './code/content.ts'
import { BAUDS, type Baud } from './code/tables.ts'
import { Copies } from './copies.ts'
import { Decoder } from './decoder.ts'
import type { RicDirectory } from './directory.ts'
import type { DecoderEvent } from './events.ts'
import type { DecodedPage } from './page.ts'
import { Sampler } from './sampler.ts'
import type { SignalSeen } from './signal.ts'
import { type Preamble, Tempo } from './tempo.ts'

export interface ReceiverOptions {
  /**
   * `packed`: one bit a bit. `oversampled`: ones and zeros, several samples a bit. `pcm16`: signed 16-bit samples, least
   * significant byte first, one channel, of a discriminator or data output.
   */
  readonly input: 'packed' | 'oversampled' | 'pcm16'
  /** For `oversampled`: samples a bit at the rate given. Left out when `sampleRate` says it. */
  readonly samplesPerBit?: number
  /** Samples a second: needed for `pcm16`, and for `oversampled` whose bit rate is to be found. */
  readonly sampleRate?: number
  readonly baud: Baud | 'auto'
  /** Which bit of a byte came first. */
  readonly bitOrder: 'msb' | 'lsb'
  readonly polarity: 'auto' | 'normal' | 'inverted'
  readonly charset: Charset
  readonly rules?: readonly [ContentRule, ContentRule, ContentRule, ContentRule]
  readonly directory?: RicDirectory
  /** Copies of a page this many seconds apart are decoded jointly; 0 for never. */
  readonly repeatSeconds: number
}

/** Rate printed when the bits do not tell and nobody said. */
const USUAL_BAUD: Baud = 1200

export type ReceiverEvent =
  | Exclude<DecoderEvent, { kind: 'page' } | { kind: 'checked' }>
  /** `signal`: where samples came, and not bits. */
  | (Extract<DecoderEvent, { kind: 'checked' }> & Partial<SignalSeen>)
  | ({ readonly kind: 'preamble' } & Preamble)
  /**
   * `replaces`: key of a page given out before that this is a later state of. `repairs`: key of the page whose damage
   * this copy of it makes good.
   */
  | {
      readonly kind: 'page'
      readonly key: string
      readonly page: DecodedPage
      readonly replaces?: string
      readonly repairs?: string
    }

/** One decoder and what feeds it. */
interface Channel {
  readonly baud: Baud
  readonly decoder: Decoder
  readonly sampler: Sampler | undefined
}

/** Every way bits come in, made into pages. One decoder for each rate that is possible. */
export class Receiver {
  readonly #options: ReceiverOptions
  readonly #channels: readonly Channel[]
  readonly #copies: Copies
  readonly #tempo: Tempo | undefined
  /** First half of a 16-bit sample whose second half has not come. */
  #odd: number | undefined

  constructor(options: ReceiverOptions) {
    this.#options = options
    this.#copies = new Copies(options.repeatSeconds, options.charset)
    const { input, sampleRate } = options
    this.#tempo = input === 'pcm16' && sampleRate !== undefined ? new Tempo(sampleRate) : undefined
    this.#channels = bauds(options).map((baud) => channel(baud, options))
  }

  /** The rates listened for. */
  get rates(): readonly Baud[] {
    return this.#channels.map((c) => c.baud)
  }

  /** Bits decided so far at a rate. */
  bits(baud: number): number {
    return this.#channels.find((c) => c.baud === baud)?.decoder.bits ?? 0
  }

  /** True while any transmission is being received. */
  get locked(): boolean {
    return this.#channels.some((c) => c.decoder.locked)
  }

  /** @param bitCount of the last byte's bits, how many count; only for packed bits that end inside a byte */
  push(bytes: Uint8Array, bitCount = bytes.length * 8): readonly ReceiverEvent[] {
    if (this.#options.input === 'pcm16') this.#pushAudio(bytes)
    else {
      const ordered = this.#options.bitOrder === 'msb' ? bytes : bytes.map((byte) => MIRRORED[byte]!)
      for (const c of this.#channels) {
        if (c.sampler) pushSamples(ordered, bitCount, c.sampler)
        else c.decoder.push(ordered, bitCount)
      }
    }
    return this.#take()
  }

  /** Nothing came for a while: open pages are given out, and go on if the bits do. */
  pause(): readonly ReceiverEvent[] {
    for (const c of this.#channels) c.decoder.pause()
    return this.#take()
  }

  /** The input is at its end, as a file is. */
  end(): readonly ReceiverEvent[] {
    this.#odd = undefined
    for (const c of this.#channels) c.decoder.end()
    return this.#take()
  }

  /** The line is down, or was quiet so long that what comes next is no continuation. */
  gone(): readonly ReceiverEvent[] {
    this.#odd = undefined
    for (const c of this.#channels) c.decoder.gone()
    return this.#take()
  }

  #pushAudio(bytes: Uint8Array): void {
    let at = 0
    if (this.#odd !== undefined && bytes.length > 0) {
      this.#sample(this.#odd | (bytes[at++]! << 8))
      this.#odd = undefined
    }
    for (; at + 1 < bytes.length; at += 2) this.#sample(bytes[at]! | (bytes[at + 1]! << 8))
    if (at < bytes.length) this.#odd = bytes[at]!
  }

  #sample(unsigned: number): void {
    // A one is the lower frequency: negative out of a discriminator.
    const level = -((unsigned << 16) >> 16)
    this.#tempo?.push(level)
    for (const c of this.#channels) c.sampler?.push(level)
  }

  #take(): readonly ReceiverEvent[] {
    const events: ReceiverEvent[] = []
    const preamble = this.#tempo?.take()
    if (preamble) events.push({ kind: 'preamble', ...preamble })
    for (const c of this.#channels) {
      const heard = c.decoder.take()
      // A burst may bring several batches: each is told what was seen over all of them.
      const signal = heard.some((event) => event.kind === 'checked') ? signalOf(c) : undefined
      for (const event of heard) {
        if (event.kind === 'checked') {
          events.push({ ...event, ...signal })
          continue
        }
        if (event.kind !== 'page') {
          events.push(event)
          continue
        }
        const key = `${c.baud}/${event.page.id}`
        const { page, repairs } = this.#copies.join(key, event.page)
        events.push({
          kind: 'page',
          key,
          page,
          ...(event.revises ? { replaces: key } : {}),
          ...(repairs === undefined ? {} : { repairs }),
        })
      }
    }
    return events
  }
}

/** The rates to listen for. Without a sample rate nothing in the bits tells it. */
function bauds(options: ReceiverOptions): readonly Baud[] {
  if (options.baud !== 'auto') return [options.baud]
  const rateTells = options.input !== 'packed' && options.sampleRate !== undefined
  return rateTells ? BAUDS.filter((baud) => options.sampleRate! / baud >= 1.5) : [USUAL_BAUD]
}

function channel(baud: Baud, options: ReceiverOptions): Channel {
  const perBit =
    options.input === 'packed'
      ? 1
      : options.sampleRate === undefined
        ? (options.samplesPerBit ?? 1)
        : options.sampleRate / baud
  const soft = perBit > 1
  const decoder = new Decoder({ ...options, baud, soft })
  return {
    baud,
    decoder,
    sampler: soft
      ? new Sampler(perBit, decoder, options.input === 'pcm16' ? options.sampleRate : undefined)
      : undefined,
  }
}

/** Figures of the signal. A one is pushed as positive, which on a line that is not inverted is the lower tone. */
function signalOf({ sampler, baud, decoder }: Channel): SignalSeen | undefined {
  const seen = sampler?.signal(baud)
  if (!seen || decoder.inverted) return seen
  const { signal, explained } = seen
  return { signal: { ...signal, toneOffset: 0 - signal.toneOffset }, explained }
}

function pushSamples(bytes: Uint8Array, count: number, sampler: Sampler): void {
  for (let i = 0; i < count; i++) sampler.push((bytes[i >>> 3]! >>> (7 - (i & 7))) & 1 ? 1 : -1)
}

const MIRRORED = Uint8Array.from({ length: 256 }, (_, byte) => {
  let mirrored = 0
  for (let i = 0; i < 8; i++) mirrored |= ((byte >>> i) & 1) << (7 - i)
  return mirrored
})
