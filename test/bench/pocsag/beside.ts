/** Ours beside multimon-ng, channel by channel, on the same samples. */
import { toAudio } from '../../../src/core/pocsag/audio.ts'
import { RicDirectory } from '../../../src/core/pocsag/directory.ts'
import { encodeTransmission, type OutgoingPage } from '../../../src/core/pocsag/encode.ts'
import type { DecodedPage } from '../../../src/core/pocsag/page.ts'
import { Receiver, type ReceiverOptions } from '../../../src/core/pocsag/receiver.ts'
import { seeded } from '../../../src/core/seeded.ts'
import type { Quality } from '../../../src/core/vocabulary.ts'
import { type HeardPage, multimon } from '../../support/multimon.ts'
import { onTheAir, somePage } from '../../support/pocsag-traffic.ts'
import type { Trust } from './calibration.ts'
import { type Channel, SAMPLE_RATE, type Span, toPcm } from './channels.ts'

export interface Tally {
  /** Words and address as sent. */
  whole: number
  /** The page came, and says itself that not all of it is sure. */
  damaged: number
  lost: number
  /** The address as sent, other words, and no mark of it. */
  wrong: number
  /** Pages, without a mark, to an address that nobody sent to. */
  ghosts: number
}

const PAGES = 120
const SURE: ReadonlySet<Quality> = new Set(['clean', 'corrected'])

export function sending(baud: number, seed: number, count = PAGES) {
  const random = seeded(seed)
  const pages = Array.from({ length: count }, (_, i): OutgoingPage => {
    const page = somePage(i % 15 < 10 ? 'alpha' : i % 15 < 14 ? 'numeric' : 'tone', random)
    return page.type === 'alpha' ? { ...page, function: 3 } : page
  })
  const each = pages.map((page) => [page])
  return { random, pages, ...airOf(each, baud, random) }
}

/** Transmissions with random bits between, as an undisturbed receiver gives them, and where each lies. */
export function airOf(
  sent: readonly (readonly OutgoingPage[])[],
  baud: number,
  random: () => number,
): { readonly clean: Float64Array; readonly spans: readonly Span[] } {
  const bits = sent.map((pages) => encodeTransmission(pages))
  const air = onTheAir(bits, random)
  const sampleOf = (bit: number) => Math.round((bit * SAMPLE_RATE) / baud)
  return {
    clean: new Float64Array(toAudio(air, baud, SAMPLE_RATE)),
    spans: air.starts.map((start, i) => [sampleOf(start), sampleOf(start + bits[i]!.bitCount)]),
  }
}

/** The pages heard in samples, each as it was given out last. */
export function listen(
  samples: Int16Array,
  { directory, baud = 'auto' }: Partial<Pick<ReceiverOptions, 'directory' | 'baud'>> = {},
): DecodedPage[] {
  const receiver = new Receiver({
    input: 'pcm16',
    sampleRate: SAMPLE_RATE,
    baud,
    bitOrder: 'msb',
    polarity: 'auto',
    charset: 'us',
    repeatSeconds: 0,
    ...(directory ? { directory } : {}),
  })
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)
  const last = new Map<string, DecodedPage>()
  for (const event of [...receiver.push(bytes), ...receiver.end()])
    if (event.kind === 'page') last.set(event.key, event.page)
  return [...last.values()]
}

type Brief = Pick<HeardPage, 'ric' | 'function' | 'type' | 'text'> & { readonly quality?: Quality }

const brief = (p: Brief | OutgoingPage) => `${p.ric}/${p.function} ${p.type} ${p.text}`

function tally(sent: readonly OutgoingPage[], got: readonly Brief[]): Tally {
  const open = new Map(sent.map((page) => [brief(page), page.ric]))
  const rics = new Set(sent.map((page) => page.ric))
  const seen = new Set<number>()
  const out: Tally = { whole: 0, damaged: 0, lost: 0, wrong: 0, ghosts: 0 }
  for (const page of got) {
    const right = open.delete(brief(page))
    const sure = page.quality === undefined || SURE.has(page.quality)
    if (rics.has(page.ric)) seen.add(page.ric)
    if (right) out.whole++
    else if (!sure) out.damaged++
    else if (rics.has(page.ric)) out.wrong++
    else out.ghosts++
  }
  out.lost = sent.filter((page) => !seen.has(page.ric)).length
  return out
}

/** Counts what pages say of themselves; `tell` hears each that was sure and not as sent. */
export function weigh(
  sent: readonly OutgoingPage[],
  got: readonly DecodedPage[],
  trust: Trust,
  tell: (page: DecodedPage) => void = () => undefined,
): void {
  const open = new Set(sent.map(brief))
  for (const page of got) {
    const right = open.has(brief(page))
    const row = trust.get(page.quality) ?? { told: 0, wrong: 0 }
    trust.set(page.quality, { told: row.told + 1, wrong: row.wrong + (right ? 0 : 1) })
    if (!right && SURE.has(page.quality)) tell(page)
  }
}

export function compare(
  channel: Channel,
  level: number,
  baud: number,
  seed: number,
  peer: boolean,
  trust?: Trust,
) {
  const { random, pages, clean, spans } = sending(baud, seed)
  const samples = toPcm(channel.apply(clean, level, baud, random, spans))
  const directory = new RicDirectory(pages.map(({ ric }) => ({ ric })))
  const plain = listen(samples)
  const listed = listen(samples, { directory })
  if (trust) for (const got of [plain, listed]) weigh(pages, got, trust)
  return {
    ours: tally(pages, plain),
    known: tally(pages, listed),
    theirs: peer ? tally(pages, multimon(samples, [512, 1200, 2400])) : undefined,
  }
}
