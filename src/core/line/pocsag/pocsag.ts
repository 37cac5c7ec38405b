import type { Page } from '../../bleep/bleep.ts'
import { given } from '../../given.ts'
import type { Instant, Millis } from '../../instant.ts'
import { charactersIn } from '../../pocsag/code/content.ts'
import { BAUDS } from '../../pocsag/code/tables.ts'
import { RicDirectory } from '../../pocsag/directory.ts'
import type { DecodedPage } from '../../pocsag/page.ts'
import { Receiver, type ReceiverEvent } from '../../pocsag/receiver.ts'
import type { LineEffect, LineInput, Protocol } from '../kit/protocol.ts'
import { type PocsagOptions, pocsagOptions } from './options.ts'
import { startTransmit, stepTransmit, type Transmit } from './transmit.ts'

/** Arrivals remembered per rate: enough for the longest page in portions of a byte. */
const ARRIVALS = 2048

/**
 * A line that says nothing for this long has stopped; less may be a device server that packs, or a network held up.
 * Nothing is lost by waiting: what is open was given out at the pause, and a preamble ends it as well.
 */
const GONE: Millis = 30_000

/** Pages whose later state or better copy may still come. */
const REFS = 512

interface Arrival {
  readonly bits: number
  readonly at: Instant
}

/** Holds the receiver, which is mutable for speed; only the state returned last may be used. */
interface Listening {
  readonly role: 'listen'
  readonly receiver: Receiver
  /** Missing: the feed was given no list of addresses, and takes every one. */
  readonly directory: RicDirectory | undefined
  readonly silence: Millis
  /** By rate: how many bits had come at which instant. */
  readonly arrivals: Map<number, Arrival[]>
  readonly refs: Map<string, number>
  nextRef: number
  /** Nothing came for `silence`: open pages are out, and the place in the batch is kept a little longer. */
  paused: boolean
}

/**
 * POCSAG from a line of bits or samples, or to one (Recommendation ITU-R M.584-2). Listening never writes. A page heard
 * is given out when the next codeword or its own text shows that it is over, when its batch ends the transmission, and
 * after a silence of 64 bits or 100 ms, whichever is longer.
 */
export const pocsag: Protocol<Listening | Transmit, PocsagOptions> = {
  id: 'pocsag',
  traits: {
    side: 'air',
    everyByte: true,
    bits: true,
    keepsRics: true,
    ownParity: true,
    feedName: 'transmitter',
  },
  options: pocsagOptions,
  listensOnly: (o) => o.role === 'listen',
  sample: (o) => (o.input === 'pcm16' && o.role === 'listen' ? 2 : undefined),
  sends: (o) => (o.role === 'transmit' ? 'ric' : undefined),
  start: (o) => (o.role === 'transmit' ? startTransmit(o) : startListening(o)),

  step(state, input) {
    if (state.role === 'listen') return [state, effectsOf(state, input)]
    const out: LineEffect[] = []
    stepTransmit(state, input, out)
    return [state, out]
  },
}

function startListening(options: PocsagOptions): Listening {
  const { samplesPerBit, sampleRate, rics, functions, input, baud, bitOrder, polarity, charset } = options
  const slowest = baud === 'auto' ? BAUDS[0] : baud
  const directory = rics.length === 0 ? undefined : new RicDirectory(rics)
  const receiver = new Receiver({
    ...{ input, baud, bitOrder, polarity, charset, repeatSeconds: options.repeatSeconds },
    ...(sampleRate === undefined ? { samplesPerBit } : { sampleRate }),
    ...(functions === undefined ? {} : { rules: functions }),
    ...given({ directory }),
  })
  return {
    role: 'listen',
    receiver,
    directory,
    silence: Math.max(64_000 / slowest, 100),
    arrivals: new Map(),
    refs: new Map(),
    nextRef: 0,
    paused: false,
  }
}

function effectsOf(state: Listening, input: LineInput): readonly LineEffect[] {
  if (input.kind === 'silence' && !state.paused) {
    state.paused = true
    return [...state.receiver.pause().map((event) => effect(state, event)), { kind: 'wake', after: GONE }]
  }
  if (input.kind === 'closed' || input.kind === 'silence') {
    state.paused = false
    return state.receiver.gone().map((event) => effect(state, event))
  }
  if (input.kind === 'send')
    return [{ kind: 'sent', ref: input.ref, outcome: 'refused', fault: 'role-cannot-send' }]
  if (input.kind === 'known') state.directory?.adopt(input.rics)
  if (input.kind !== 'bytes') return []
  state.paused = false
  const events = state.receiver.push(input.bytes)
  for (const baud of state.receiver.rates) arrived(state, baud, input.at)
  const effects = events.map((event) => effect(state, event))
  if (state.receiver.locked) effects.push({ kind: 'wake', after: state.silence })
  return effects
}

function effect(state: Listening, event: ReceiverEvent): LineEffect {
  switch (event.kind) {
    case 'page':
      return pageEffect(state, event)
    case 'sync':
      return { kind: 'note', reason: event.inverted ? 'polarity-inverted' : 'sync-found' }
    case 'upside-down':
      return { kind: 'note', reason: 'sync-upside-down' }
    case 'preamble':
      return { kind: 'note', reason: event.fits ? 'preamble-heard' : 'preamble-other-rate' }
    case 'over':
      return { kind: 'note', reason: 'transmission-end' }
    case 'slip':
      return { kind: 'note', reason: 'slip-realigned' }
    case 'checked':
      return event
    case 'bad-word':
      return { kind: 'discard', bytes: bytesOf([event.word]), fault: 'codeword-bad' }
    case 'sync-lost':
      return { kind: 'discard', bytes: bytesOf([event.word]), fault: 'sync-lost' }
    case 'ghost':
      return { kind: 'discard', bytes: bytesOf(event.page.received), fault: 'ghost-page' }
    case 'orphan':
      return { kind: 'discard', bytes: bytesOf(event.received), fault: 'address-lost' }
  }
}

function pageEffect(state: Listening, event: Extract<ReceiverEvent, { kind: 'page' }>): LineEffect {
  const ref = state.nextRef++
  const before = event.replaces ?? event.repairs
  const improves = before === undefined ? undefined : state.refs.get(before)
  state.refs.delete(event.key)
  state.refs.set(event.key, ref)
  if (state.refs.size > REFS) state.refs.delete(state.refs.keys().next().value ?? '')
  const page = toPage(state, event.page)
  return improves === undefined ? { kind: 'page', ref, page } : { kind: 'page', ref, page, improves }
}

function toPage(state: Listening, page: DecodedPage): Page {
  return {
    to: { scheme: 'ric', ric: page.ric, fn: page.function },
    type: page.type,
    text: page.text,
    quality: page.quality,
    corrected: page.corrected,
    fields: {},
    firstByte: instantOf(state, page.baud, page.addressBit),
    lastByte: instantOf(state, page.baud, page.endBit),
    radio: {
      baud: page.baud,
      addressBit: page.addressBit,
      endBit: page.endBit,
      emittedBit: page.emittedBit,
      words: page.words,
      ...(page.inferred.length > 0 ? { inferred: page.inferred.length } : {}),
      ...given({ doubt: page.doubt }),
      ...(page.doubted.length > 0 ? { doubted: charactersIn(page.type, page.doubted) } : {}),
      ...(page.unknownRic ? { unknownRic: true } : {}),
      ...(page.suspect ? { suspect: true } : {}),
    },
  }
}

function arrived(state: Listening, baud: number, at: Instant): void {
  const list = state.arrivals.get(baud) ?? []
  if (list.length === 0) state.arrivals.set(baud, list)
  list.push({ bits: state.receiver.bits(baud), at })
  if (list.length > 2 * ARRIVALS) list.splice(0, ARRIVALS)
}

/**
 * When the bit before position `bit` was on the air: the arrival of the portion that held it, less the time of the bits
 * that came behind it in that portion; never before the portion in front arrived.
 */
function instantOf(state: Listening, baud: number, bit: number): Instant {
  const list = state.arrivals.get(baud) ?? []
  const found = list.findLastIndex((arrival) => arrival.bits < bit) + 1
  const portion = list[found] ?? list.at(-1)
  if (!portion) return 0
  const onAir = portion.at - ((portion.bits - bit) * 1000) / baud
  const floor = list[found - 1]?.at
  return Math.min(portion.at, floor === undefined ? onAir : Math.max(onAir, floor))
}

function bytesOf(words: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(words.length * 4)
  const view = new DataView(bytes.buffer)
  for (const [i, word] of words.entries()) view.setUint32(4 * i, word >>> 0)
  return bytes
}
