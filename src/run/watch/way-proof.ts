import { type ChannelId, traitsOf } from '../../core/deliver/channels.ts'
import type { Device } from '../../core/deliver/device.ts'
import { isReachable } from '../../core/deliver/gone.ts'
import type { SiteDirectory } from '../../core/directory/build.ts'
import { clockAt } from '../../core/directory/civil.ts'
import { uuid7 } from '../../core/ids.ts'
import { DAY, type Instant, MINUTE, type Millis } from '../../core/instant.ts'
import type { Finding } from '../../core/measure/watch/standing.ts'
import type { MakerTools } from '../../ports/tools.ts'
import { everyDevice } from '../every-device.ts'
import { leaderOf } from '../leader.ts'
import { type Loop, startLoop } from '../loop.ts'

const EVERY: Millis = MINUTE
/** A way that was shown to work within this is left alone. */
const MONTH: Millis = 30 * DAY
/** Whoever did not press the key is rung again the next day at the earliest. */
const AGAIN: Millis = DAY
/** By then somebody should ask them: three tries have gone by. */
const OVERDUE: Millis = MONTH + 4 * DAY
/** By the site's clock: nobody is woken, and most are at work. */
const FROM = '10:00'
const UNTIL = '16:00'

export interface WayProofParts extends MakerTools {
  readonly directory: () => SiteDirectory
  /** Rings one way of a device as a test, which asks for one key. */
  readonly ring: (device: Device, test: string) => Promise<boolean>
  /** Whether something comes back by it: a key, a button, a text. */
  readonly answers: (channel: ChannelId) => boolean
}

export interface WayProof extends Loop {
  /** Ways that were not shown to work for over a month. */
  troubles(): readonly Finding[]
}

/**
 * Has each entered way that can answer (a telephone call, a topic, a text where answers come back) shown to work once a
 * month: a test, by day, while its holder is on duty and in no call, one way a minute.
 */
export function startWayProof(parts: WayProofParts): WayProof {
  const { store, clock, random, directory, ring } = parts
  const leader = leaderOf(store, 'way-proof')
  let overdue = 0

  const run = async (): Promise<void> => {
    const now = clock.now()
    const time = clockAt(now, directory().zone)
    const devices = (await everyDevice(store)).filter((d) => mayProve(d) && parts.answers(d.channel))
    const busy = (await store.transact((tx) => tx.alerts.list({ phase: 'open', limit: 1 }))).length > 0
    overdue = devices.filter((d) => now - (lastOf(d) ?? d.enrolled) > OVERDUE).length
    // A test must never hold a line that a call needs.
    if (busy || time < FROM || time >= UNTIL || !(await leader.leads())) return
    const due = devices
      .filter(
        (d) => now - (lastOf(d) ?? Number.NEGATIVE_INFINITY) > MONTH && now - (d.tested?.at ?? 0) > AGAIN,
      )
      .find((d) => isOnDuty(d, directory(), now))
    if (due === undefined) return
    const test = uuid7(now, random.bytes(10))
    await store.transact(async (tx) => {
      await tx.alone(`device/${due.id}`)
      const fresh = (await tx.devices.get(due.id)) ?? due
      await tx.devices.save({ ...fresh, tested: { at: now } })
      await tx.notes.set(`self-test/${due.id}`, { test, at: now }, now)
    })
    await ring(due, test)
  }

  const loop = startLoop('way-proof', [], EVERY, run, { ...parts, wake: store.wake })
  return {
    troubles: () => (overdue === 0 ? [] : [{ code: 'way-unproved', subject: 'ways', detail: `${overdue}` }]),
    async stop() {
      await loop.stop()
      await leader.leave()
    },
  }
}

/** Entered by the switchboard, and in use: an app is shown to ring by the roll-call of each shift. */
const mayProve = (d: Device): boolean =>
  traitsOf(d.channel).entered !== undefined && d.state === 'active' && isReachable(d, d.channel)

const lastOf = (d: Device): Instant | undefined => d.proved?.[d.channel]?.at

function isOnDuty({ owner }: Device, directory: SiteDirectory, now: Instant): boolean {
  if (owner.kind === 'ward') return false
  if (owner.kind === 'role') return directory.holders(owner.role, now).length > 0
  return [...directory.roles.keys()].some((role) =>
    directory.holders(role, now).some(({ person }) => person === owner.person),
  )
}
