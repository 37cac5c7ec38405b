import { say } from '../../core/catalogue/say.ts'
import { CHANNEL_IDS, CHANNELS, type ChannelId, traitsOf } from '../../core/deliver/channels.ts'
import type { Device } from '../../core/deliver/device.ts'
import { rollKey } from '../../core/deliver/proof.ts'
import { type HolderReadiness, readinessOf, roleState } from '../../core/deliver/readiness.ts'
import type { SiteDirectory } from '../../core/directory/build.ts'
import { clockAt } from '../../core/directory/civil.ts'
import { isCrash } from '../../core/directory/live.ts'
import { type DeviceId, type RoleId, uuid7 } from '../../core/ids.ts'
import { type Instant, MINUTE, type Millis, SECOND } from '../../core/instant.ts'
import type { Finding } from '../../core/measure/watch/standing.ts'
import type { Random } from '../../ports/random.ts'
import type { Store } from '../../ports/store.ts'
import { apart } from '../defect.ts'
import { leaderOf } from '../leader.ts'
import { type Loop, type LoopTools, startLoop } from '../loop.ts'
import { ticks } from '../ticks.ts'
import type { Supervision } from './supervision.ts'

export interface RollCallParts extends LoopTools {
  readonly store: Store
  readonly random: Random
  readonly directory: () => SiteDirectory
  readonly sign: Supervision['sign']
  /** Told which site is looked at, before anything is said of its roles: a reload may have brought some. */
  readonly looks?: (site: SiteDirectory) => void
  /** Rings a device by one channel; our app knows a roll-call by its id and makes no sound. True when the channel took it. */
  readonly ring: (device: Device, id: string, channel: ChannelId) => Promise<boolean>
}

export interface RollCall extends Loop {
  /** Crash roles of which somebody who holds them cannot be shown to be reached. */
  troubles(): readonly Finding[]
  /** What the last look found. */
  readiness(): readonly HolderReadiness[]
}

const EVERY: Millis = 30 * SECOND
/** Many changes of the rota, and many phones that answer, are one look. */
const SPACING: Millis = SECOND
/** Ways whose far end is an app that says by itself, and without a sound, that it was rung. */
const ANSWERS = CHANNEL_IDS.filter((id) => traitsOf(id).quiet === true)
/** A look that is older than this has not been followed by another: whatever it found is not known any more. */
const STALE: Millis = 3 * MINUTE
/** A phone that did not answer is called again after this. */
const AGAIN: Millis = 15 * MINUTE
/** How long after a duty begins its holder may take to be shown to ring. */
const GRACE: Millis = 10 * MINUTE

/**
 * Watches whether each holder of a crash role can be shown to be reached, now and at the next change of shift, and calls
 * the roll: when a duty begins each phone of its holder is rung once without a sound, and its own receipt proves the way.
 * A way that was proved in this duty is left alone.
 */
export function startRollCall(parts: RollCallParts): RollCall {
  const { store, clock, random, directory, sign, metrics, ring } = parts
  const leader = leaderOf(store, 'roll-call')
  const called = new Map<DeviceId, Instant>()
  const began = clock.now()
  let known: readonly HolderReadiness[] = []
  let looked = ticks(clock)
  let toldOf: ReadonlySet<RoleId> = new Set()

  async function look(): Promise<void> {
    const now = clock.now()
    const site = directory()
    const devices = await store.transact(async (tx) => {
      const all = readinessOf(site, [], now)
      const people = [...new Set(all.map(({ holder }) => holder))]
      const roles = [...new Set(all.map(({ role }) => role))]
      return all.length === 0 ? [] : tx.devices.owned({ people, roles })
    })
    known = readinessOf(site, devices, now)
    looked = ticks(clock)
    parts.looks?.(site)
    const crash = new Set([...site.roles.values()].filter(isCrash).map(({ id }) => id))
    for (const role of crash) tell(role, now)
    // A role that a reload took away is neither proved nor not.
    for (const role of toldOf)
      if (!crash.has(role)) metrics.gauge('bleepbridge_role_proved', Number.NaN, { subject: role })
    toldOf = crash
    if (!(await leader.leads())) return
    for (const one of known) {
      // The next shift's phones are called when it is theirs: nobody is disturbed at home.
      if (one.next) continue
      const own = devices.filter(({ owner }) =>
        owner.kind === 'person'
          ? owner.person === one.holder
          : owner.kind === 'role' && owner.role === one.role,
      )
      for (const device of own)
        await apart(
          parts,
          'task-failed',
          `roll-call/${device.id}`,
          () => call(device, one, now),
          () => undefined,
        )
    }
  }

  /** Whoever has just come on is neither well nor ill: phones wake up, people walk in. A dead address does not. */
  const arriving = (one: HolderReadiness, now: Instant): boolean =>
    !one.lost && now - Math.max(one.from, began) < GRACE

  function tell(role: RoleId, at: Instant): void {
    const judged = known.filter((one) => one.state === 'proved' || !arriving(one, at))
    const state = roleState(judged, role)
    metrics.gauge('bleepbridge_role_proved', state === 'proved' ? 1 : 0, { subject: role })
    if (state === undefined) sign('phones', role, { kind: 'idle', at })
    else if (state === 'proved') sign('phones', role, { kind: 'said', at })
    else sign('phones', role, { kind: 'said', at, fault: 'crash-role-unproved', works: state !== 'none' })
  }

  async function call(device: Device, { from }: HolderReadiness, now: Instant): Promise<void> {
    if (device.state !== 'active' && device.state !== 'dead') return
    const due = now - (called.get(device.id) ?? Number.NEGATIVE_INFINITY) >= AGAIN
    const ways = ANSWERS.filter(
      (channel) => traitsOf(channel).isSocket || (channel === device.channel && device.state === 'active'),
    )
    const unproved = ways.filter(
      (channel) => (device.proved?.[channel]?.at ?? Number.NEGATIVE_INFINITY) < from,
    )
    if (!due || unproved.length === 0 || !CHANNELS[device.channel].hasSocket) return
    called.set(device.id, now)
    const rings = unproved.map((channel) => ({ channel, id: `roll-${uuid7(now, random.bytes(10))}` }))
    const note = Object.fromEntries(rings.map(({ channel, id }) => [id, channel]))
    await store.transact((tx) => tx.notes.set(rollKey(device.id), note, now))
    // Not waited for: a push service that hangs must not keep the others from being looked at.
    for (const { channel, id } of rings)
      void apart(
        parts,
        'task-failed',
        `roll-call/${device.id}`,
        () => ring(device, id, channel),
        () => false,
      )
  }

  const lastShown = ({ holder, last }: HolderReadiness): string =>
    last === undefined
      ? say('watch.noWayEverShown', { holder })
      : say('watch.lastShownAtNotSince', { holder, at: clockAt(last.at, directory().zone) })

  const loop = startLoop('roll-call', ['directory', 'phones'], EVERY, look, { ...parts, spacing: SPACING })
  return {
    readiness: () => known,
    troubles() {
      const now = clock.now()
      // What was found then says nothing of now.
      if (ticks(clock) - looked > STALE) return [{ code: 'task-failed', subject: 'roll-call' }]
      return known.flatMap((one): Finding[] => {
        if (one.next || arriving(one, now)) return []
        if (one.state !== 'proved')
          return [{ code: 'crash-role-unproved', subject: one.role, detail: lastShown(one) }]
        const shut = one.closed === undefined || one.closed === 'proved'
        // A phone that answered over its open line has had as long as any other to answer the push.
        return shut ? [] : [{ code: 'crash-role-open-only', subject: one.role, detail: one.holder }]
      })
    },
    async stop() {
      await loop.stop()
      await leader.leave()
    },
  }
}
