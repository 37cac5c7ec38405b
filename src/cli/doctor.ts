import { readdirSync, realpathSync, statSync } from 'node:fs'
import { PROFILES, type Profile, readProfile } from '../config/profile.ts'
import type { FaultValue } from '../core/faults.ts'
import type { Millis } from '../core/instant.ts'
import {
  type Anatomy,
  anatomy,
  type Bit7,
  type HeardChunk,
  score,
  type Trial,
  tryLine,
} from '../core/line/diagnose.ts'
import { PROTOCOLS } from '../core/line/registry.ts'
import { printSettings, type SerialSettings, serialSettings } from '../core/line/settings.ts'
import { systemClock } from '../io/clock.ts'
import { replayPort } from '../io/line/replay.ts'
import { serialPort } from '../io/line/serial.ts'
import type { Clock } from '../ports/clock.ts'
import type { LinePort } from '../ports/line.ts'
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

/** A profile that explains this share of the bytes ends the search for a better rate. */
const CONVINCED = 0.9

interface Verdict {
  readonly settings: SerialSettings
  readonly anatomy: Anatomy
  readonly best: { readonly name: string; readonly profile: Profile; readonly trial: Trial } | undefined
  readonly runnersUp: readonly string[]
}

/** `bleepd doctor`: listens without writing one byte and says what it hears, and why it thinks so. */
export async function doctor(path: string, options: DoctorOptions): Promise<ExitCode> {
  const clock = systemClock(() => undefined)
  const source = kindOf(path)
  const tries = source === 'serial' ? TRIES : TRIES.slice(0, 1)
  const profiles = readAll()
  const verdicts: Verdict[] = []
  for (const one of tries) {
    const settings = serialSettings.parse(one)
    progress(`listening at ${source === 'serial' ? printSettings(settings) : path} …`)
    const port =
      source === 'file'
        ? replayPort({ file: path, pace: 'fast' }, clock)
        : serialPort({ path, settings, listenOnly: true }, clock)
    const heard = await listen(port, options.seconds * 1000, clock)
    if (heard.fault) return complain(explain(heard.fault.code, heard.fault.detail), EXIT.fault)
    if (heard.chunks.length === 0) return silent(path, options)
    const verdict = judge(settings, heard.chunks, profiles)
    verdicts.push(verdict)
    if (verdict.best && verdict.best.trial.explained >= CONVINCED && !verdict.best.profile.takesAnything)
      break
  }
  const best = verdicts.reduce((a, b) => (worth(b) > worth(a) ? b : a))
  print(path, source, best, verdicts.length, options)
  return best.best ? EXIT.good : EXIT.fault
}

function kindOf(path: string): 'serial' | 'pseudo-terminal' | 'file' {
  try {
    if (statSync(path).isFile()) return 'file'
    if (realpathSync(path).startsWith('/dev/pts/')) return 'pseudo-terminal'
  } catch {
    // Opening it will say what is wrong in words that fit.
  }
  return 'serial'
}

function readAll(): { name: string; profile: Profile }[] {
  return readdirSync(PROFILES)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .flatMap((name) => {
      const read = readProfile(name)
      return read.ok ? [{ name, profile: read.value }] : []
    })
}

/** Until there are enough bytes, the time is over, or the line ends. */
function listen(
  port: LinePort,
  limit: Millis,
  clock: Clock,
): Promise<{ chunks: HeardChunk[]; fault?: FaultValue }> {
  return new Promise((done) => {
    const chunks: HeardChunk[] = []
    let count = 0
    const link = port.open((event) => {
      if (event.kind === 'bytes') {
        chunks.push({ bytes: event.bytes, at: event.at })
        count += event.bytes.length
        if (count >= ENOUGH) link.close()
      } else if (event.kind === 'closed') {
        timer.cancel()
        done(event.fault && chunks.length === 0 ? { chunks, fault: event.fault } : { chunks })
      }
    })
    const timer = clock.after(limit, () => link.close())
  })
}

function judge(
  settings: SerialSettings,
  heard: readonly HeardChunk[],
  profiles: readonly { name: string; profile: Profile }[],
): Verdict {
  const looks = anatomy(Buffer.concat(heard.map((h) => h.bytes)))
  const sevenBit = looks.bit7 === 'even' || looks.bit7 === 'odd' || looks.bit7 === 'set'
  const stripped = sevenBit ? heard.map((h) => ({ ...h, bytes: h.bytes.map((b) => b & 0x7f) })) : heard
  const trials = profiles
    .flatMap(({ name, profile }) => {
      const line = PROTOCOLS.get(profile.protocol)?.open(profile.options)
      return line?.ok ? [{ name, profile, trial: tryLine(line.value, stripped) }] : []
    })
    .filter(({ trial }) => score(trial) > 0)
    .sort((a, b) => rank(b) - rank(a))
  return { settings, anatomy: looks, best: trials[0], runnersUp: trials.slice(1, 4).map((t) => t.name) }
}

/** A profile that takes anything comes behind every one that does not. */
function rank(candidate: { profile: Profile; trial: Trial }): number {
  return score(candidate.trial) - (candidate.profile.takesAnything ? 1 : 0)
}

function worth(verdict: Verdict): number {
  return verdict.anatomy.legible + (verdict.best ? 1 + rank(verdict.best) : 0)
}

function silent(path: string, options: DoctorOptions): ExitCode {
  if (options.json) process.stdout.write(`${JSON.stringify({ port: path, heard: 0 })}\n`)
  else
    process.stdout.write(
      [
        `${path}: nothing heard in ${options.seconds} s`,
        '  A rate that is wrong gives wrong bytes, not none: look at the cable first.',
        '  Is our receive wire on the sender’s transmit wire (hardware/wiring), and the sender switched on?',
        '  A line without polls speaks only when there is a call: make one, or give more --seconds.',
        '',
      ].join('\n'),
    )
  return EXIT.fault
}

const FRAMING: Readonly<Record<Bit7, { framing: string; why: string }>> = {
  clear: { framing: '8N1, or 7 bits with space parity', why: 'bit 7 is never set' },
  even: { framing: '7E1', why: 'bit 7 is the even parity of the seven bits below it' },
  odd: { framing: '7O1', why: 'bit 7 is the odd parity of the seven bits below it' },
  set: { framing: '7 bits with mark parity, or 7N2', why: 'bit 7 is always set' },
  data: { framing: '8 data bits', why: 'bit 7 is set in some characters and follows no parity' },
}

function print(
  path: string,
  source: 'serial' | 'pseudo-terminal' | 'file',
  verdict: Verdict,
  tried: number,
  options: DoctorOptions,
): void {
  const { settings, anatomy: looks, best, runnersUp } = verdict
  const { framing, why } =
    settings.parity === 'even'
      ? { framing: '8E1', why: 'read with a parity bit behind eight data bits' }
      : FRAMING[looks.bit7]
  const rate = source === 'serial' ? settings.baud : undefined
  if (options.json) {
    const protocol = best && { profile: best.name, protocol: best.profile.protocol, ...best.trial }
    const said = {
      port: path,
      heard: looks.count,
      rate,
      framing,
      legible: looks.legible,
      ...protocol,
      runnersUp,
    }
    process.stdout.write(`${JSON.stringify(said)}\n`)
    return
  }
  const percent = (share: number): string => `${Math.round(share * 100)} %`
  const lines = [
    `${path}: ${looks.count} bytes heard`,
    rate === undefined
      ? `  rate      not known: ${source === 'file' ? 'a file has none' : 'a pseudo-terminal passes bytes at any rate'}`
      : `  rate      ${rate}, because ${percent(looks.legible)} of the characters make sense at it (${tried} tried)`,
    `  framing   ${framing}, because ${why}${source === 'pseudo-terminal' ? '; a pseudo-terminal adds no parity of its own' : ''}`,
  ]
  if (!best) {
    lines.push('  protocol  none known fits', `            ${hint(looks)}`)
  } else {
    const { name, profile, trial } = best
    lines.push(
      `  protocol  ${profile.protocol}, profile ${name} (${profile.title})`,
      `            because it explains ${percent(trial.explained)} of the bytes: ${found(trial)}`,
    )
    if (profile.takesAnything)
      lines.push(
        '            This profile takes nearly any text; nothing more particular fitted. Check one page by eye.',
      )
    if (runnersUp.length > 0) lines.push(`            next best: ${runnersUp.join(', ')}`)
  }
  process.stdout.write(`${lines.join('\n')}\n`)
}

function found(trial: Trial): string {
  const parts: string[] = []
  if (trial.pages > 0) parts.push(`${trial.pages} pages`)
  if (trial.calls > 0) parts.push(`${trial.calls} call records`)
  if (trial.signs > 0) parts.push(`${trial.signs} polls or other signs of it`)
  return parts.join(', ')
}

function hint(looks: Anatomy): string {
  if (looks.legible >= CONVINCED)
    return 'The characters are sound: write a profile of patterns for it, beginning from one in hardware/profiles.'
  return 'The characters make no sense at any rate tried: an inverted line, a bit stream, or a wire that carries none.'
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${text}\n`)
}
