import { resolve } from 'node:path'
import { say } from '../core/catalogue/say.ts'
import { given } from '../core/given.ts'
import type { Side } from '../core/line/kit/protocol.ts'
import { type SerialSettings, serialSettings } from '../core/line/kit/settings.ts'
import { type KnownProtocol, type Line, PROTOCOLS } from '../core/line/registry.ts'
import type { RicEntry } from '../core/pocsag/directory.ts'
import type { ConfigFault } from './fault.ts'
import type { Config } from './load.ts'
import { type Profile, readProfile } from './profile.ts'
import { printPath } from './yaml.ts'

/** A feed as configured: its profile with the site's overrides applied, every option checked by its protocol. */
export interface FeedPlan {
  readonly id: string
  /** What the site calls it. */
  readonly name: string
  readonly tap: string
  readonly port: Config['feeds'][number]['port']
  readonly portB: Config['feeds'][number]['portB']
  readonly settings: SerialSettings
  readonly profile: Profile
  readonly silentAfterMs: number
  /** As the site set it of this feed; missing: it did not. */
  readonly silenceMs?: number
  readonly repeatMs: number
  readonly lagMs: number
  /** Whose number plan it speaks; missing: the site has one. */
  readonly hospital?: string
  readonly side: Side
  /** Radio addresses the site's number plan gives this feed; missing: it keeps none, or a list of its own. */
  readonly rics?: readonly RicEntry[]
  /** A fresh line, as after opening the port. */
  readonly start: () => Line
}

/**
 * Every feed of the configuration, and every fault in them.
 * @param rics of the site's number plan: a radio feed that knows them has the strongest gate against ghost pages
 */
export function planFeeds(
  config: Config,
  rics: readonly number[],
): { plans: readonly FeedPlan[]; faults: readonly ConfigFault[] } {
  const faults: ConfigFault[] = []
  const plans = config.feeds.flatMap((feed, i) => {
    const path = `feeds[${i}]`
    const name = /[./]/.test(feed.profile) ? resolve(config.folder, feed.profile) : feed.profile
    const read = readProfile(name)
    if (!read.ok) {
      faults.push({ path: `${path}.profile`, ...read.fault })
      return []
    }
    const profile = read.value
    const settings = serialSettings.safeParse({ ...profile.line, ...feed.line })
    if (!settings.success) {
      for (const issue of settings.error.issues)
        faults.push({
          path: `${path}.line.${printPath(issue.path)}`,
          code: 'config-value',
          detail: issue.message,
        })
    }
    const protocol = PROTOCOLS.get(profile.protocol)
    if (protocol?.traits.everyByte && settings.data?.flow === 'xonxoff')
      faults.push({
        path: `${path}.line.flow`,
        code: 'config-value',
        detail: say('settings.carriesEveryByteXonXoff', { id: protocol.id }),
      })
    const set: Record<string, unknown> = { ...profile.options, ...feed.options }
    const own = protocol?.traits.keepsRics && !('rics' in set) ? rics.map((ric) => ({ ric })) : undefined
    // Copies are read together as long as the transmitter repeats by itself: later ones are calls of their own.
    const repeatSeconds = (feed.repeatMs ?? profile.repeatMs) / 1000
    const radio = protocol?.traits.keepsRics ? { repeatSeconds, ...set } : set
    const options = own === undefined ? radio : { ...radio, rics: own }
    const start = starter(protocol, options, path, faults)
    if (!settings.success || !start) return []
    if (feed.port.kind === 'pipe' && !start().listensOnly)
      faults.push({
        path: `${path}.port`,
        code: 'config-value',
        detail: say('settings.pipeOnlyReadAnswersHere', { protocol: profile.protocol }),
      })
    return {
      id: feed.id,
      name: feed.name ?? profile.title,
      tap: feed.tap ?? feed.id,
      port:
        feed.port.kind === 'replay'
          ? { ...feed.port, file: resolve(config.folder, feed.port.file) }
          : feed.port,
      portB: feed.portB,
      settings: settings.data,
      profile,
      silentAfterMs: feed.silenceMs ?? profile.silentAfterMs,
      repeatMs: feed.repeatMs ?? profile.repeatMs,
      lagMs: feed.lagMs,
      side: profile.side ?? start().traits.side,
      ...given({ rics: own, silenceMs: feed.silenceMs, hospital: feed.hospital }),
      start,
    }
  })
  faults.push(...radioFaults(config, plans))
  return { plans, faults }
}

/** The feed that pages again must be there, and able to send. */
function radioFaults({ radio, feeds }: Config, plans: readonly FeedPlan[]): readonly ConfigFault[] {
  if (radio === undefined) return []
  if (!feeds.some(({ id }) => id === radio.feed))
    return [{ path: 'radio.feed', code: 'config-unresolved', detail: radio.feed }]
  const deaf = (radio.taps ?? []).flatMap((tap, i): ConfigFault[] => {
    const there = plans.filter((plan) => plan.tap === tap)
    const path = `radio.taps[${i}]`
    if (there.length === 0) return [{ path, code: 'config-unresolved', detail: tap }]
    if (there.every(({ side }) => side !== 'link')) return []
    const detail = say('settings.switchboardsLinkWhichHears', { tap })
    return [{ path, code: 'config-value', detail }]
  })
  if (deaf.length > 0) return deaf
  const plan = plans.find(({ id }) => id === radio.feed)
  if (plan === undefined || plan.start().sends !== undefined) return []
  const detail = say('settings.sendsPagesNeedsRoleControl', { feed: radio.feed })
  return [{ path: 'radio.feed', code: 'config-value', detail }]
}

/** Whether a tap hears what we page again by radio: those the site names, or else every tap on the air. */
export function hearsRePages({ radio }: Config, plans: readonly FeedPlan[]): (tap: string) => boolean {
  const air = plans.filter(({ side }) => side === 'air').map(({ tap }) => tap)
  const heard = new Set(radio === undefined ? [] : (radio.taps ?? air))
  return (tap) => heard.has(tap)
}

function starter(
  protocol: KnownProtocol | undefined,
  options: Record<string, unknown>,
  path: string,
  faults: ConfigFault[],
): (() => Line) | undefined {
  if (!protocol) return undefined
  const first = protocol.open(options)
  if (!first.ok) {
    for (const issue of first.fault)
      faults.push({
        path: `${path}.options.${printPath(issue.path)}`,
        code: 'config-value',
        detail: issue.message,
      })
    return undefined
  }
  return () => {
    const line = protocol.open(options)
    return line.ok ? line.value : first.value
  }
}
