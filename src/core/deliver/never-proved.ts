import { say } from '../catalogue/say.ts'
import { type ChannelId, isOnAir, traitsOf } from './channels.ts'
import type { Device } from './device.ts'

/** On what a profile of equipment rests: recordings of the real thing, its makers' printed word, or a guess. */
type Evidence = 'capture' | 'manual' | 'assumed'

/** A line as far as it matters here. */
export interface ProfiledLine {
  readonly id: string
  readonly name: string
  readonly evidence: Evidence
}

/** What was never shown to work on a real device, here or by the makers, and how to show it. */
export interface NeverProved {
  readonly sort: 'line' | 'way'
  readonly subject: string
  readonly label: string
  readonly sentence: string
  readonly how: string
}

/**
 * Lines whose profile rests on paper and that have not yet heard anything valid here; ways by which no device of this
 * site has said that it rang. What the site itself has shown counts, whatever the makers have tried.
 * @param heard lines on which something valid was heard
 * @param onAir whether a receiver heard a page that we had sent
 */
export function neverProved(parts: {
  readonly lines: readonly ProfiledLine[]
  readonly heard: ReadonlySet<string>
  readonly ways: readonly ChannelId[]
  readonly devices: readonly Pick<Device, 'proved'>[]
  readonly onAir: boolean
}): readonly NeverProved[] {
  const { lines, heard, ways, devices, onAir } = parts
  const paper = lines.flatMap(({ id, name, evidence }): NeverProved[] => {
    if (evidence === 'capture' || heard.has(id)) return []
    const sentence = evidence === 'manual' ? say('ready.fromManual') : say('ready.assumed')
    return [{ sort: 'line', subject: id, label: name, sentence, how: say('ready.proveLine') }]
  })
  const unrung = ways.flatMap((way): NeverProved[] => {
    const air = isOnAir(way)
    if (air ? onAir : devices.some(({ proved }) => proved?.[way] !== undefined)) return []
    return [
      {
        ...{ sort: 'way', subject: way, label: way },
        sentence: air ? say('ready.neverHeard') : say('ready.neverRang'),
        how: howToProve(way),
      },
    ]
  })
  return [...paper, ...unrung]
}

function howToProve(way: ChannelId): string {
  const { entered, byBroker } = traitsOf(way)
  if (isOnAir(way)) return say('ready.proveAir')
  if (entered !== undefined) return say('ready.proveEntered')
  return byBroker === true ? say('ready.proveBroker') : say('ready.proveWay')
}
