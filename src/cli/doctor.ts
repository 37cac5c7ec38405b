import { readdirSync, realpathSync, statSync } from 'node:fs'
import { PROFILES, type Profile, readProfile } from '../config/profile.ts'
import { say } from '../core/catalogue/say.ts'
import type { FaultValue } from '../core/faults.ts'
import { given } from '../core/given.ts'
import type { Millis } from '../core/instant.ts'
import { anatomy, type HeardChunk, score, type Trial, tryLine } from '../core/line/diagnose.ts'
import { type SerialSettings, serialSettings } from '../core/line/kit/settings.ts'
import { PROTOCOLS } from '../core/line/registry.ts'
import { readWavHeader, toPcm16 } from '../core/pocsag/wav.ts'
import { systemClock } from '../io/clock.ts'
import { linePort } from '../io/line/open.ts'
import { pipePort } from '../io/line/pipe.ts'
import { replayPort } from '../io/line/replay.ts'
import type { Clock } from '../ports/clock.ts'
import type { LinePort } from '../ports/line.ts'
import type { SourceKind } from './doctor-feed.ts'
import { CONVINCED, listeningAt, report, reportJson, reportSilence, type Verdict } from './doctor-report.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { complain, explain } from './line-command.ts'

export interface DoctorOptions {
  /** Longest wait for the first byte, and longest listening at each rate. */
  readonly seconds: number
  readonly json: boolean
}

/** Commonest first; 8E1 is Ascom's, and needs its own try because its parity bit stands where 8N1 has the stop bit. */
const TRIES: readonly Partial<SerialSettings>[] = [
  { baud: 9600 },
  { baud: 9600, parity: 'even' },
  { baud: 1200 },
  { baud: 4800 },
  { baud: 19_200 },
  { baud: 2400 },
  { baud: 38_400 },
  { baud: 115_200 },
  { baud: 300 },
]

/** So many bytes say what a line is. */
const ENOUGH = 400

/** A profile that leaves most of the bytes unexplained found its pages in noise. */
const AT_LEAST = 0.5
/** Below this share of records that fit nothing is recommended. */
const RATE = 0.8

/** Text is known after a few lines; bits and sound take a transmission, and so much of them is listened to. */
const MOST = 4_000_000
/** Below this share of text it is no text. */
const TEXT = 0.8

/** `bleepd doctor`: listens without writing one byte and says what it hears, and why it thinks so. */
export async function doctor(path: string, options: DoctorOptions): Promise<ExitCode> {
  const clock = systemClock(() => undefined)
  const source = kindOf(path)
  const tries = source === 'serial' ? TRIES : TRIES.slice(0, 1)
  const profiles = candidates(source)
  const verdicts: Verdict[] = []
  for (const one of tries) {
    const settings = serialSettings.parse(one)
    const empty = source === 'file' && statSync(path).size === 0
    const heard = empty
      ? { chunks: [] }
      : await listen(await openPort(path, source, settings, clock), options.seconds * 1000, clock, {
          what: say('cli.doctorTry', {
            path: listeningAt(path, source, settings),
            number: verdicts.length + 1,
            tries: tries.length,
          }),
          // A file is read whole; on a wire the next rate is to be tried.
          whole: source === 'file',
          patient: source === 'tcp' || source === 'pipe',
        })
    if (heard.fault) return complain(explain(heard.fault.code, heard.fault.detail), EXIT.fault)
    if (heard.chunks.length === 0) {
      const silence = { port: path, heard: 0 }
      process.stdout.write(
        options.json ? `${JSON.stringify(silence)}\n` : reportSilence(path, source, options.seconds),
      )
      return EXIT.fault
    }
    const sound = source === 'file' ? soundOf(heard.chunks) : undefined
    const verdict = verdictOf(
      settings,
      sound?.chunks ?? heard.chunks,
      sound ? profiles.flatMap(sound.only) : profiles,
    )
    verdicts.push({ ...verdict, ...given({ header: sound?.sampleRate }) })
    const { best } = verdict
    if (best && best.trial.explained >= CONVINCED && !best.profile.takesAnything) break
  }
  const best = verdicts.reduce((a, b) => (worth(b) > worth(a) ? b : a))
  process.stdout.write(
    options.json ? reportJson(path, source, best) : report(path, source, best, verdicts.length),
  )
  return best.best ? EXIT.good : EXIT.fault
}

function kindOf(path: string): SourceKind {
  try {
    const found = statSync(path)
    if (found.isFile()) return 'file'
    if (found.isFIFO()) return 'pipe'
    if (realpathSync(path).startsWith('/dev/pts/')) return 'pseudo-terminal'
  } catch {
    if (/^[^/]+:\d{1,5}$/.test(path)) return 'tcp'
    // Opening it will say what is wrong in words that fit.
  }
  return 'serial'
}

async function openPort(
  path: string,
  source: SourceKind,
  settings: SerialSettings,
  clock: Clock,
): Promise<LinePort> {
  if (source === 'file') return replayPort({ file: path, pace: 'fast' }, clock)
  if (source === 'pipe') return pipePort(path, clock)
  const colon = path.lastIndexOf(':')
  const spec =
    source === 'tcp'
      ? { kind: 'tcp' as const, host: path.slice(0, colon), port: Number(path.slice(colon + 1)) }
      : { kind: 'serial' as const, path }
  return linePort(spec, { settings, listenOnly: true }, clock)
}

interface Candidate {
  readonly name: string
  readonly profile: Profile
  /** What is tried beyond the profile. */
  readonly options: Readonly<Record<string, unknown>>
  /** The file itself says so. */
  readonly stated?: true
}

function candidates(source: SourceKind): Candidate[] {
  return readdirSync(PROFILES)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .flatMap((name) => {
      const read = readProfile(name)
      // SNPP comes over the network: in a file that somebody kept, never on a wire.
      if (!read.ok || (source !== 'file' && PROTOCOLS.get(read.value.protocol)?.traits.networked)) return []
      return variants(read.value).map((options) => ({ name, profile: read.value, options }))
    })
}

/** Samples a second of receiver programs and sound cards, the commonest first. */
const SAMPLE_RATES = [22_050, 48_000, 44_100, 24_000, 16_000, 11_025, 32_000, 8000]

/** How a device of one profile may be set: a sampler by its rate, a packer by its order of bits. */
function variants({ options }: Profile): readonly Readonly<Record<string, unknown>>[] {
  if (options.role === 'transmit') return []
  if (options.input === 'oversampled') return [{}, ...[2, 4, 16].map((samplesPerBit) => ({ samplesPerBit }))]
  if (options.input === 'pcm16') return SAMPLE_RATES.map((sampleRate) => ({ sampleRate }))
  return options.input === 'packed' ? [{}, { bitOrder: 'lsb' }] : [{}]
}

/** Until there are enough bytes, the time is over, or the line ends; a person at a terminal sees it go on. */
function listen(
  port: LinePort,
  limit: Millis,
  clock: Clock,
  { what, whole, patient }: { readonly what: string; readonly whole: boolean; readonly patient: boolean },
): Promise<{ chunks: HeardChunk[]; fault?: FaultValue }> {
  return new Promise((done) => {
    const chunks: HeardChunk[] = []
    let count = 0
    const until = clock.now() + limit
    const show = () => {
      const left = Math.max(0, Math.ceil((until - clock.now()) / 1000))
      progress(say('cli.doctorProgress', { where: what, count, enough: ENOUGH, left }))
    }
    show()
    const second = setInterval(show, 1000)
    const link = port.open((event) => {
      if (event.kind === 'bytes') {
        chunks.push({ bytes: event.bytes, at: event.at })
        count += event.bytes.length
        if (count >= MOST || (count >= ENOUGH && !whole && !(patient && isNoText(chunks)))) link.close()
      } else if (event.kind === 'closed') {
        timer.cancel()
        clearInterval(second)
        progress('')
        done(event.fault && chunks.length === 0 ? { chunks, fault: event.fault } : { chunks })
      }
    })
    const timer = clock.after(limit, () => link.close())
  })
}

function isNoText(chunks: readonly HeardChunk[]): boolean {
  return anatomy(Buffer.concat(chunks.slice(0, 4).map((h) => h.bytes))).text < TEXT
}

/** One line that is written over, on a terminal only. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`)
}

function verdictOf(
  settings: SerialSettings,
  heard: readonly HeardChunk[],
  profiles: readonly Candidate[],
): Verdict {
  const bytes = Buffer.concat(heard.map((h) => h.bytes))
  const looks = anatomy(bytes)
  const sevenBit = looks.bit7 === 'even' || looks.bit7 === 'odd' || looks.bit7 === 'set'
  const stripped = sevenBit ? heard.map((h) => ({ ...h, bytes: h.bytes.map((b) => b & 0x7f) })) : heard
  const heardBy = ({ protocol }: Profile) => (PROTOCOLS.get(protocol)?.traits.bits ? heard : stripped)
  const trials = profiles
    .filter(({ profile }) => !profile.takesAnything || looks.text >= CONVINCED)
    .flatMap((one) => {
      const line = PROTOCOLS.get(one.profile.protocol)?.open({ ...one.profile.options, ...one.options })
      return line?.ok ? [{ ...one, trial: tryLine(line.value, heardBy(one.profile)) }] : []
    })
    .filter(({ trial }) => score(trial) > 0 && trial.explained >= AT_LEAST)
    .sort((a, b) => rank(b) - rank(a))
  const fit = trials.filter((one) => one.trial.rate >= RATE && !isGuess(one))
  return {
    settings,
    bytes,
    anatomy: looks,
    best: fit[0],
    runnersUp: [...new Set(fit.map((t) => t.name))].slice(1, 4),
    others: trials.filter((one) => one !== fit[0]).map(({ name, trial }) => ({ name, rate: trial.rate })),
    guess: trials.find(isGuess)?.name,
  }
}

/** It takes each line for a page to everybody: of anything that prints text that is true, and nobody is helped. */
function isGuess({ profile, trial }: { profile: Profile; trial: Trial }): boolean {
  return profile.takesAnything && trial.named < trial.pages
}

/** A WAV file as its samples, and the profile of sound at its rate. */
function soundOf(
  heard: readonly HeardChunk[],
):
  | { readonly chunks: HeardChunk[]; readonly sampleRate: number; only(one: Candidate): Candidate[] }
  | undefined {
  const bytes = Buffer.concat(heard.map((h) => h.bytes))
  const format = readWavHeader(bytes)
  if (typeof format === 'string') return undefined
  const frame = (format.bitsPerSample / 8) * format.channels
  const data = bytes.subarray(format.dataOffset)
  const samples = toPcm16(data.subarray(0, data.length - (data.length % frame)), format)
  return {
    chunks: [{ bytes: samples, at: heard[0]?.at ?? 0 }],
    sampleRate: format.sampleRate,
    // A header may be wrong, so the usual rates are tried behind it.
    only: (one) => {
      if (one.profile.options.input !== 'pcm16') return []
      if (one.options.sampleRate === SAMPLE_RATES[0])
        return [
          { ...one, options: { sampleRate: format.sampleRate }, stated: true },
          ...(format.sampleRate === SAMPLE_RATES[0] ? [] : [one]),
        ]
      return one.options.sampleRate === format.sampleRate ? [] : [one]
    },
  }
}

/** Sound at a rate is the same as at twice that with bits twice as quick: where there are pages, what the file says wins. */
const STATED = 0.2

/** A profile that takes anything comes behind every one that does not, before one that does not even name a pager. */
function rank({ profile, trial, stated }: { profile: Profile; trial: Trial; stated?: true }): number {
  if (!profile.takesAnything) return score(trial) + (stated && trial.pages > 0 ? STATED : 0)
  return score(trial) - (trial.named === trial.pages ? 1 : 2)
}

function worth(verdict: Verdict): number {
  return verdict.anatomy.legible + (verdict.best ? 2 + rank(verdict.best) : 0)
}
