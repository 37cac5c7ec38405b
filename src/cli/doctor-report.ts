import type { Profile } from '../config/profile.ts'
import { printFeed } from '../config/yaml.ts'
import { say } from '../core/catalogue/say.ts'
import { FAULTS, type FaultCode } from '../core/faults.ts'
import type { Anatomy, Bit7, Trial } from '../core/line/diagnose.ts'
import { type EspaTraffic, espaTraffic } from '../core/line/diagnose-espa.ts'
import { FEWEST, FLAT, hearBytes, judgeHearing, startHearing } from '../core/line/hearing.ts'
import { printSettings, type SerialSettings } from '../core/line/kit/settings.ts'
import { PROTOCOLS } from '../core/line/registry.ts'
import { type SourceKind, suggestFeed } from './doctor-feed.ts'

/** A profile that explains this share of the bytes ends the search for a better rate. */
export const CONVINCED = 0.9

/** The profile that explains most, and what was set beyond it. */
interface Best {
  readonly name: string
  readonly profile: Profile
  readonly options: Readonly<Record<string, unknown>>
  readonly trial: Trial
}

export interface Verdict {
  readonly settings: SerialSettings
  readonly bytes: Uint8Array
  readonly anatomy: Anatomy
  readonly best: Best | undefined
  readonly runnersUp: readonly string[]
  /** What fitted in part, and how much of it. */
  readonly others: readonly { readonly name: string; readonly rate: number }[]
  /** Samples a second that the header of a sound file says. */
  readonly header?: number
  /** A profile that would take each line for a page to everybody. */
  readonly guess: string | undefined
}

/** What was heard, what it is taken for and why, and the feed that hears it. `tried`: rates listened at. */
export function report(path: string, source: SourceKind, verdict: Verdict, tried: number): string {
  const { bytes, best, runnersUp, anatomy } = verdict
  if (isTooFew(verdict)) return say('cli.doctorTooFew', { path, bytes: bytes.length, least: FEWEST })
  const lines = [
    say('cli.doctorBytes', { path, bytes: bytes.length }),
    rate(source, verdict, tried),
    framing(source, verdict),
  ]
  if (best === undefined)
    lines.push(say('cli.doctorNoProtocol'), `            ${hint(bytes, anatomy)}`, ...notEnough(verdict))
  else {
    const { name, profile, trial } = best
    const espa = espaTraffic(bytes)
    const isEspa = profile.protocol === 'espa444'
    lines.push(
      say('cli.doctorProtocol', {
        protocol: profile.protocol,
        about: isEspa ? say('cli.doctorEspa') : say('cli.doctorProfile', { name, title: profile.title }),
      }),
      say('cli.doctorExplains', {
        percent: percent(trial.explained),
        why: isEspa ? direction(espa) : found(trial),
      }),
    )
    lines.push(say('cli.doctorFits', { percent: percent(trial.rate) }))
    if (trial.example !== undefined) lines.push(say('cli.doctorExample', { at: printable(trial.example) }))
    if (profile.takesAnything) lines.push(say('cli.doctorTakesAnything'))
    if (runnersUp.length > 0 && !isEspa)
      lines.push(say('cli.doctorNextBest', { runnersUp: runnersUp.join(', ') }))
    const { feed, notes } = suggestFeed({ ...best, path, source, ...verdict, bit7: anatomy.bit7, espa })
    lines.push('', say('cli.doctorConfiguration'), '')
    lines.push(
      ...printFeed(feed)
        .split('\n')
        .map((line) => `    ${line}`),
      '',
    )
    lines.push(...notes.map((note) => `  ${note}`), ...otherRate(verdict), ...wrongWithSignal(verdict))
  }
  return `${lines.join('\n').trimEnd()}\n`
}

/** So few characters look like many things by chance, unless they are a whole page. */
function isTooFew({ best, bytes }: Verdict): boolean {
  return best === undefined && bytes.length < FEWEST
}

/** A header that is wrong hides every page from whoever believes it. */
function otherRate({ best, header }: Verdict): string[] {
  const { sampleRate } = best?.options ?? {}
  return header === undefined || sampleRate === undefined || sampleRate === header
    ? []
    : [say('cli.doctorHeaderRate', { header, sampleRate: Number(sampleRate) })]
}

/**
 * Pages may come of a signal that is not what it should be. Two channels alike read as one of twice the rate; a lead or
 * noise spoils some of them.
 */
function wrongWithSignal({ best, bytes, header }: Verdict): string[] {
  const raw = best?.profile.options.input === 'pcm16' && header === undefined
  const fault = (raw ? soundFault(bytes) : undefined) ?? best?.trial.signal
  return fault === undefined ? [] : [`  ${FAULTS[fault].sentence}. ${FAULTS[fault].remedy}.`]
}

/** The same for scripts. */
export function reportJson(path: string, source: SourceKind, verdict: Verdict): string {
  const { settings, bytes, anatomy, best, runnersUp } = verdict
  const said = {
    port: path,
    heard: bytes.length,
    rate: source === 'serial' ? settings.baud : undefined,
    framing: isTooFew(verdict) ? undefined : framingOf(verdict).framing,
    legible: anatomy.legible,
    ...(best && {
      profile: best.name,
      protocol: best.profile.protocol,
      ...best.trial,
      ...suggestFeed({ ...best, path, source, settings, bit7: anatomy.bit7, espa: espaTraffic(bytes) }),
    }),
    runnersUp,
    others: verdict.others,
  }
  return `${JSON.stringify(said)}\n`
}

const NO_RATE: Readonly<Record<Exclude<SourceKind, 'serial'>, string>> = {
  file: say('cli.rateOfFile'),
  'pseudo-terminal': say('cli.rateOfPseudoTerminal'),
  tcp: say('cli.rateOfDeviceServer'),
  pipe: say('cli.rateOfPipe'),
}

function rate(source: SourceKind, { settings, anatomy }: Verdict, tried: number): string {
  return source === 'serial'
    ? say('cli.doctorRate', {
        baud: settings.baud,
        percent: percent(anatomy.legible),
        tried,
      })
    : say('cli.doctorRateUnknown', { why: NO_RATE[source] })
}

const FRAMING: Readonly<Record<Bit7, { framing: string; why: string }>> = {
  clear: { framing: say('cli.framing8n1'), why: say('cli.framing8n1Why') },
  even: { framing: '7E1', why: say('cli.framingEvenWhy') },
  odd: { framing: '7O1', why: say('cli.framingOddWhy') },
  set: { framing: say('cli.framingMark'), why: say('cli.framingMarkWhy') },
  data: { framing: say('cli.framing8'), why: say('cli.framing8Why') },
}

function framingOf({ settings, anatomy, best }: Verdict): { framing: string; why: string } {
  if (best && PROTOCOLS.get(best.profile.protocol)?.traits.bits)
    return { framing: '8N1', why: say('cli.framingStreamWhy') }
  return settings.parity === 'even'
    ? { framing: '8E1', why: say('cli.framing8ParityWhy') }
    : FRAMING[anatomy.bit7]
}

function framing(source: SourceKind, verdict: Verdict): string {
  const { framing, why } = framingOf(verdict)
  const emulated = source === 'pseudo-terminal' ? say('cli.framingPseudoTerminal') : ''
  return say('cli.doctorFraming', { framing, why, emulated })
}

function found({ pages, calls, signs }: Trial): string {
  return [
    ...(pages === 0 ? [] : [say('cli.doctorPages', { n: pages })]),
    ...(calls === 0 ? [] : [say('cli.doctorRecords', { n: calls })]),
    ...(signs === 0 ? [] : [say('cli.doctorSigns', { n: signs })]),
  ].join(', ')
}

function direction({ stations, called, calls, answers, questions }: EspaTraffic): string {
  const parts = [
    ...(questions === 0 ? [] : [say('cli.doctorPolls', { n: questions })]),
    ...(calls === 0 ? [] : [say('cli.doctorCalls', { n: calls })]),
    ...(answers === 0 ? [] : [say('cli.doctorAnswers', { n: answers })]),
  ]
  const who = stations.filter((station) => station !== '').sort()
  if (who.length > 0) parts.push(say('cli.doctorStations', { who: who.join(', ') }))
  if (called !== undefined) parts.push(say('cli.doctorCalled', { called }))
  return parts.join(', ')
}

/** What is wrong with bytes that are samples of sound. */
function soundFault(bytes: Uint8Array): FaultCode | undefined {
  const ear = { bits: true, sample: 2, guesses: false, quietAfter: 0 }
  const h = startHearing(ear, 0)
  let at = 0
  for (let from = 0; from < bytes.length; from += CHUNK) {
    hearBytes(h, bytes.subarray(from, from + CHUNK), at)
    at += CHUNK_MS
  }
  // A file that is still from beginning to end need not be long.
  const end = h.flat?.since === 0 ? at + FLAT : at
  return judgeHearing(h, true, end).find((code) => code === 'signal-flat' || code === 'signal-stereo')
}

/** Samples of sound as a pipe brings them: bytes, and milliseconds at 22 050 samples a second. */
const CHUNK = 882
const CHUNK_MS = 20

function hint(bytes: Uint8Array, looks: Anatomy): string {
  const said = new Set(bytes.map((b) => b & 0x7f))
  const only = (...some: readonly number[]) => [...said].every((c) => some.includes(c))
  if (only(0x0d)) return say('cli.doctorOnlyReturns')
  if (only(0x04, 0x06, 0x15, 0x31, 0x32, 0x33)) return say('cli.doctorOnlyAnswers')
  const fault = soundFault(bytes)
  if (fault) return say('cli.doctorSound', { sentence: FAULTS[fault].sentence, remedy: FAULTS[fault].remedy })
  if (looks.text >= CONVINCED) return say('cli.doctorWriteProfile')
  return say('cli.doctorNoSense')
}

/** What fits in part is told with its share, and no feed is made of it. */
function notEnough({ others, guess }: Verdict): string[] {
  const told = others
    .filter(({ name }) => name !== guess)
    .slice(0, 3)
    .map(({ name, rate }) => `${name} ${percent(rate)}`)
  return [
    ...(told.length > 0 ? [say('cli.doctorInPart', { told: told.join(', ') })] : []),
    ...(guess === undefined ? [] : [say('cli.doctorGuess', { guess }), say('cli.doctorGuessNot')]),
  ]
}

/** As a person can read it in one line. */
function printable(text: string): string {
  const line = text.replace(/[\p{Cc}\s]+/gu, ' ')
  return line.length > 100 ? `${line.slice(0, 99)}…` : line
}

/** Nothing came at all. */
export function reportSilence(path: string, source: SourceKind, seconds: number): string {
  if (source === 'file') return say('cli.doctorEmpty', { path })
  return [
    say('cli.doctorSilent', { path, seconds }),
    say('cli.doctorSilentCable'),
    say('cli.doctorSilentWires'),
    say('cli.doctorSilentCalls'),
    '',
  ].join('\n')
}

export function listeningAt(path: string, source: SourceKind, settings: SerialSettings): string {
  return source === 'serial'
    ? say('cli.doctorListeningAt', { at: printSettings(settings) })
    : say('cli.doctorListeningTo', { path })
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
