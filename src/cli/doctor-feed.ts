import type { Profile } from '../config/profile.ts'
import { say } from '../core/catalogue/say.ts'
import type { Bit7 } from '../core/line/diagnose.ts'
import type { EspaTraffic } from '../core/line/diagnose-espa.ts'
import type { SerialSettings } from '../core/line/kit/settings.ts'
import { PROTOCOLS } from '../core/line/registry.ts'

export type SourceKind = 'serial' | 'pseudo-terminal' | 'tcp' | 'pipe' | 'file'

/** What the doctor knows when it has found a profile. */
export interface Finding {
  readonly name: string
  readonly profile: Profile
  /** What was set beyond the profile. */
  readonly options: Readonly<Record<string, unknown>>
  readonly path: string
  readonly source: SourceKind
  readonly settings: SerialSettings
  readonly bit7: Bit7
  /** For an ESPA link: what its wire carried. */
  readonly espa: EspaTraffic
}

/** A feed as the configuration takes it, and what to know before it is used. It never puts a byte on the wire. */
export interface Suggestion {
  readonly feed: Readonly<Record<string, unknown>>
  readonly notes: readonly string[]
}

/** The least that hears what was found: what the profile says already is left out. */
export function suggestFeed(found: Finding): Suggestion {
  const notes: string[] = []
  const options =
    found.profile.protocol === 'espa444' ? espaOptions(found, notes) : otherOptions(found, notes)
  const line = lineSettings(found)
  const path = found.path
  if (/^\/dev\/tty(USB|ACM)\d+$/.test(path)) notes.push(say('cli.doctorAdapterName', { path }))
  if (found.profile.evidence === 'assumed') notes.push(say('cli.doctorAssumed'))
  const feed = {
    id: PROTOCOLS.get(found.profile.protocol)?.traits.feedName ?? found.name,
    profile: found.profile.protocol === 'espa444' ? 'espa444-tap' : found.name,
    port: port(found),
    ...(Object.keys(line).length > 0 && { line }),
    ...(Object.keys(options).length > 0 && { options }),
  }
  return { feed, notes }
}

function port({ path, source }: Finding): Readonly<Record<string, unknown>> {
  if (source === 'file') return { kind: 'replay', file: path }
  if (source === 'pipe') return { kind: 'pipe', path }
  if (source !== 'tcp') return { kind: 'serial', path }
  const colon = path.lastIndexOf(':')
  return { kind: 'tcp', host: path.slice(0, colon), port: Number(path.slice(colon + 1)) }
}

/** Beside the paging system, whichever way this wire runs. */
function espaOptions({ bit7, espa }: Finding, notes: string[]): Record<string, unknown> {
  const both = espa.questions > 0 && espa.answers > 0
  if (espa.questions === 0) notes.push(say('cli.doctorAnswersOnly'))
  else if (!both) notes.push(say('cli.doctorSwitchboardWire'))
  notes.push(say('cli.doctorReplaces'))
  const address = espa.called ?? espa.stations.find((station) => station !== '1')
  return {
    ...(espa.questions > 0 && { wires: both ? 'shared' : 'switchboard' }),
    ...(address !== undefined && address !== '' && address !== '2' && { address }),
    ...(isParity(bit7) && { parity: bit7 }),
  }
}

function otherOptions({ profile, options, bit7 }: Finding, notes: string[]): Record<string, unknown> {
  const line = PROTOCOLS.get(profile.protocol)?.open(profile.options)
  const answers = line?.ok === true && !line.value.listensOnly
  if (answers) notes.push(say('cli.doctorStandsIn'))
  return {
    ...options,
    ...(profile.protocol === 'tap' && isParity(bit7) && { parity: bit7 }),
    ...(answers && { passive: true }),
  }
}

/** A 7-bit sender is left to the protocol where that counts parity errors, else to the port. */
function lineSettings({ profile, settings, source, bit7 }: Finding): Record<string, unknown> {
  if (source !== 'serial') return {}
  const ours = PROTOCOLS.get(profile.protocol)?.traits.ownParity === true
  const seven = isParity(bit7) ? bit7 : bit7 === 'set' ? 'mark' : undefined
  const wanted =
    seven !== undefined && !ours
      ? { baud: settings.baud, dataBits: 7, parity: seven }
      : { baud: settings.baud, dataBits: settings.dataBits, parity: settings.parity }
  const usual: Readonly<Record<string, unknown>> = profile.line
  return Object.fromEntries(Object.entries(wanted).filter(([key, value]) => usual[key] !== value))
}

function isParity(bit7: Bit7): bit7 is 'even' | 'odd' {
  return bit7 === 'even' || bit7 === 'odd'
}
