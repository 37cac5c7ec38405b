/**
 * Long because each bound of the decoder is a short table of its own and all share the day's traffic.
 *
 * What the POCSAG decoder reaches against what the channel allows, on traffic made by seed: `npm run bench:pocsag`.
 * Runs multimon-ng on the same bits where it is installed. Ends with 1 when a bound is missed.
 */
import { cpuUsage } from 'node:process'
import { toAudio } from '../../src/core/pocsag/audio.ts'
import type { Baud } from '../../src/core/pocsag/code/tables.ts'
import { Decoder } from '../../src/core/pocsag/decoder.ts'
import { RicDirectory } from '../../src/core/pocsag/directory.ts'
import { addNoise, flipBits } from '../../src/core/pocsag/disturb.ts'
import {
  encodeTransmission,
  type OutgoingPage,
  type PackedBits,
  placeTransmission,
} from '../../src/core/pocsag/encode.ts'
import type { DecodedPage } from '../../src/core/pocsag/page.ts'
import { Receiver } from '../../src/core/pocsag/receiver.ts'
import { seeded } from '../../src/core/seeded.ts'
import { type HeardPage, multimon, multimonMissing } from '../support/multimon.ts'
import { aDayOfPages, onTheAir } from '../support/pocsag-traffic.ts'
import { listen as listenTo, sending } from './pocsag/beside.ts'
import { SAMPLE_RATE, toPcm } from './pocsag/channels.ts'
import { channelTable } from './pocsag/table.ts'
import { trustTable } from './pocsag/trust.ts'

const SEEDS = [11, 22, 33, 44, 55]
const PAGES = 300

interface HardRow {
  readonly ber: number
  readonly exact: number
  readonly wrong: number
}

/** Pages of 300 that must come out exactly, and that may come out wrong without a mark. */
const HARD: readonly HardRow[] = [
  { ber: 0, exact: 300, wrong: 0 },
  { ber: 0.005, exact: 299, wrong: 0 },
  { ber: 0.01, exact: 282, wrong: 1 },
  { ber: 0.02, exact: 214, wrong: 3 },
  { ber: 0.03, exact: 122, wrong: 8 },
  { ber: 0.05, exact: 58, wrong: 12 },
]

/** Per-sample signal to noise ratio at 22050 samples a second at which 90 % must come out exactly. */
const NOISY: readonly { readonly baud: Baud; readonly snr: number }[] = [
  { baud: 512, snr: -10.5 },
  { baud: 1200, snr: -6.9 },
  { baud: 2400, snr: -4.2 },
]

let missed = 0
const say = (text: string) => process.stdout.write(`${text}\n`)
const verdict = (good: boolean) => {
  if (!good) missed++
  return good ? 'yes' : 'NO'
}

type Brief = Pick<HeardPage, 'ric' | 'function' | 'type' | 'text'>
const brief = (p: Brief | DecodedPage) => `${p.ric}/${p.function} ${p.type} ${p.text}`

interface Score {
  exact: number
  wrong: number
  marked: number
}

/** `marked`: not as sent, and said so. */
function score(
  sent: readonly OutgoingPage[],
  got: readonly (Brief & { readonly quality?: string })[],
): Score {
  const open = new Set(sent.map(brief))
  const result: Score = { exact: 0, wrong: 0, marked: 0 }
  for (const page of got) {
    if (open.delete(brief(page))) result.exact++
    else if (page.quality === 'damaged' || page.quality === 'unterminated') result.marked++
    else result.wrong++
  }
  return result
}

function decode(bits: PackedBits, directory?: RicDirectory): DecodedPage[] {
  const decoder = new Decoder({
    baud: 1200,
    charset: 'us',
    soft: false,
    polarity: 'auto',
    ...(directory ? { directory } : {}),
  })
  decoder.push(bits.bits, bits.bitCount)
  decoder.end()
  return decoder.take().flatMap((e) => (e.kind === 'page' ? [e.page] : []))
}

/** Text on function 3, as the standard has it, so that the comparison with multimon-ng is fair. */
function traffic(seed: number) {
  const random = seeded(seed)
  const pages = aDayOfPages(random).map((p): OutgoingPage => (p.type === 'alpha' ? { ...p, function: 3 } : p))
  const placed = pages.map((page) => placeTransmission([page]))
  return { random, pages, placed, air: onTheAir(placed, random) }
}

/** Pages all of whose codewords have at most two wrong bits: what the code alone can get at best. */
function withinReach({ placed, air }: ReturnType<typeof traffic>, noisy: PackedBits): number {
  const wrongBits = (word: number) => {
    let n = 0
    for (let bit = word; bit < word + 32; bit++) {
      n += ((air.bits[bit >>> 3]! ^ noisy.bits[bit >>> 3]!) >>> (7 - (bit & 7))) & 1
    }
    return n
  }
  return placed.filter(({ placed: [page] }, i) => {
    for (let bit = page!.addressBit; bit < page!.endBit; bit += 32) {
      if ((bit - 576) % 544 !== 0 && wrongBits(air.starts[i]! + bit) > 2) return false
    }
    return true
  }).length
}

function mean(values: readonly number[]): string {
  return (values.reduce((a, b) => a + b, 0) / values.length).toFixed(1)
}

function hardDecisions(): void {
  const missing = multimonMissing()
  say(
    `Hard bits: ${PAGES} transmissions, random bits between, mean of ${SEEDS.length} seeds; pages exact / wrong`,
  )
  say(
    'By code: every codeword has at most two wrong bits, which is all that the code alone can tell; the rest is told by the text.',
  )
  if (missing) say(`(no column for multimon-ng: ${missing})`)
  say(
    '| bit error rate | exact / wrong | with directory | not exact but marked | by code | multimon-ng | to reach | met |',
  )
  say('|---|---|---|---|---|---|---|---|')
  for (const row of HARD) {
    const plain: Score[] = []
    const known: Score[] = []
    const reach: number[] = []
    for (const seed of SEEDS) {
      const day = traffic(seed)
      const noisy = flipBits(day.air, row.ber, day.random)
      plain.push(score(day.pages, decode(noisy)))
      known.push(
        score(
          day.pages,
          decode(noisy, new RicDirectory(day.pages.map((p) => ({ ric: p.ric, function: p.function })))),
        ),
      )
      reach.push(withinReach(day, noisy))
    }
    const day = traffic(SEEDS[0]!)
    const other = missing
      ? undefined
      : score(day.pages, multimon(toAudio(flipBits(day.air, row.ber, day.random), 1200, 22_050), [1200]))
    const of = (scores: readonly Score[], key: keyof Score) => mean(scores.map((s) => s[key]))
    const good = Number(of(plain, 'exact')) >= row.exact && Number(of(plain, 'wrong')) <= row.wrong
    const halved = Number(of(known, 'wrong')) <= row.wrong / 2
    say(
      `| ${(row.ber * 100).toFixed(1)} % | ${of(plain, 'exact')} / ${of(plain, 'wrong')} | ${of(known, 'exact')} / ${of(known, 'wrong')} | ${of(plain, 'marked')} | ${mean(reach)} | ${other ? `${other.exact} / ${other.wrong}` : '-'} | ≥ ${row.exact} / ≤ ${row.wrong} | ${verdict(good && halved)} |`,
    )
  }
}

function noisyAudio(): void {
  const count = 100
  say(`\nNoisy audio, 22050 samples/s, rate and polarity to be found: ${count} transmissions, exact / wrong`)
  say(
    '| bit/s | SNR per sample | exact / wrong | 1 dB worse | multimon-ng at this SNR | multimon-ng at +7 dB | to reach | met |',
  )
  say('|---|---|---|---|---|---|---|---|')
  const missing = multimonMissing()
  for (const { baud, snr } of NOISY) {
    const noisy = (level: number) => {
      const { random, pages } = traffic(baud)
      const sent = pages.slice(0, count)
      const air = onTheAir(
        sent.map((page) => encodeTransmission([page])),
        random,
      )
      return { sent, audio: addNoise(toAudio(air, baud, 22_050), level, random) }
    }
    const ours = (level: number) => {
      const { sent, audio } = noisy(level)
      return score(sent, listen(audio))
    }
    const theirs = (level: number) => {
      if (missing) return '-'
      const { sent, audio } = noisy(level)
      const s = score(sent, multimon(audio, [512, 1200, 2400]))
      return `${s.exact} / ${s.wrong}`
    }
    const at = ours(snr)
    const worse = ours(snr - 1)
    say(
      `| ${baud} | ${snr} dB | ${at.exact} / ${at.wrong} | ${worse.exact} / ${worse.wrong} | ${theirs(snr)} | ${theirs(7)} | ≥ ${count * 0.9} | ${verdict(at.exact >= count * 0.9)} |`,
    )
  }
}

function listen(audio: Int16Array): DecodedPage[] {
  const receiver = new Receiver({
    input: 'pcm16',
    sampleRate: 22_050,
    baud: 'auto',
    bitOrder: 'msb',
    polarity: 'auto',
    charset: 'us',
    repeatSeconds: 0,
  })
  const events = [...receiver.push(new Uint8Array(audio.buffer)), ...receiver.end()]
  return events.flatMap((e) => (e.kind === 'page' ? [e.page] : []))
}

function emission(): void {
  const { pages, placed } = traffic(SEEDS[0]!)
  const delays = placed.flatMap((t) => decode(t).map((p) => p.emittedBit - p.endBit))
  const whole = decode(encodeTransmission(pages)).map((p) => p.emittedBit - p.endBit)
  const spread = (values: readonly number[]) =>
    [...new Set(values)]
      .sort((a, b) => a - b)
      .map((v) => `${values.filter((x) => x === v).length} at +${v}`)
      .join(', ')
  say('\nEmission, in bits behind the end of the page')
  say(`one page a transmission: ${spread(delays)}; at most +32: ${verdict(delays.every((d) => d <= 32))}`)
  say(`all in one transmission: ${spread(whole)} (+64: the page ends with its batch and another follows)`)
}

function speed(): void {
  for (const [name, bits] of [
    ['one page a transmission', traffic(1).air],
    ['one long transmission', encodeTransmission(traffic(1).pages)],
  ] as const) {
    const whole = bits.bitCount & ~7
    const decoder = new Decoder({ baud: 1200, charset: 'us', soft: false, polarity: 'auto' })
    const rounds = Math.ceil(4e7 / whole)
    const from = cpuUsage()
    for (let i = 0; i < rounds; i++) {
      decoder.push(bits.bits, whole)
      decoder.take()
    }
    const { user, system } = cpuUsage(from)
    const rate = (rounds * whole) / (user + system)
    say(
      `\nSpeed, clean packed bits, ${name}: ${rate.toFixed(0)} Mbit per CPU second; at least 40: ${verdict(rate >= 40)}`,
    )
  }
}

function audioSpeed(): void {
  for (const [name, clean] of [
    ['as sent', sending(1200, 5).clean],
    ['in noise', Float64Array.from(addNoise(toPcm(sending(1200, 5).clean), 6, seeded(5)))],
  ] as const) {
    const samples = toPcm(clean)
    const from = cpuUsage()
    listenTo(samples)
    const { user, system } = cpuUsage(from)
    const times = samples.length / SAMPLE_RATE / ((user + system) / 1e6)
    say(
      `Speed, audio at ${SAMPLE_RATE} samples/s, three rates looked for, ${name}: ${times.toFixed(0)} times real time; at least 200: ${verdict(times >= 200)}`,
    )
  }
}

/** 10^8 random bits are 23 hours at 1200 bit/s. */
function noise(): void {
  const random = seeded(1234)
  const rics = Array.from({ length: 5000 }, () => ({ ric: Math.floor(random() * 2_000_000) }))
  const options = { baud: 1200, charset: 'us', soft: false, polarity: 'auto' } as const
  const plain = new Decoder(options)
  const known = new Decoder({ ...options, directory: new RicDirectory(rics) })
  const bytes = new Uint8Array(50_000)
  const count = { plain: 0, known: 0, syncs: 0 }
  for (let i = 0; i < 250; i++) {
    for (let b = 0; b < bytes.length; b++) bytes[b] = random() * 256
    plain.push(bytes)
    known.push(bytes)
    for (const event of plain.take()) {
      if (event.kind === 'page') count.plain++
      if (event.kind === 'sync') count.syncs++
    }
    for (const event of known.take()) if (event.kind === 'page') count.known++
  }
  say(
    `\nNoise: 10^8 random bits, both polarities: ${count.syncs} false syncs, pages without directory ${count.plain}, with 5000 addresses ${count.known}; none: ${verdict(count.known === 0)}`,
  )
}

/** `-- clicks` shows only the channels of that name, `-- bounds` all but the channels, `-- speed` how fast it is, `-- trust 10 1 bits` ten rounds of trust. */
const only = process.argv[2]
if (only === undefined || only === 'bounds') {
  hardDecisions()
  noisyAudio()
  emission()
  noise()
}
if (only === undefined || only === 'bounds' || only === 'speed') {
  speed()
  audioSpeed()
}
if (only === 'trust')
  missed += trustTable(Number(process.argv[3] ?? 1), Number(process.argv[4] ?? 1), process.argv[5])
else if (only !== 'bounds' && only !== 'speed') missed += channelTable(only)
say(missed === 0 ? '\nAll bounds met.' : `\n${missed} bounds missed.`)
process.exitCode = missed === 0 ? 0 : 1
