import type { AlertEvent } from '../../core/alert/alert.ts'
import type { Device } from '../../core/deliver/device.ts'
import type { Directory } from '../../core/directory/directory.ts'
import { isOwnerGone, leaversOf } from '../../core/govern/leavers.ts'
import type { AlertId, DeviceId } from '../../core/ids.ts'
import { MINUTE, type Millis, SECOND } from '../../core/instant.ts'
import type { Finding } from '../../core/measure/watch/standing.ts'
import type { ReasonCode } from '../../core/reasons.ts'
import type { Store } from '../../ports/store.ts'
import { apart } from '../defect.ts'
import { everyDevice } from '../every-device.ts'
import { everyOpen } from '../every-open.ts'
import { type Loop, type LoopTools, startLoop } from '../loop.ts'
import { ticks } from '../ticks.ts'

export interface LeaverParts extends LoopTools {
  readonly store: Store
  readonly directory: () => Directory
  readonly apply: (alert: AlertId, event: AlertEvent) => Promise<unknown>
  /** A token that nobody has: what the device's becomes. */
  readonly noToken: () => string
  /** Wakes a device so that it wipes itself; one that cannot be woken does so when it next asks us anything. */
  readonly wipe: (device: Device) => Promise<boolean>
}

export interface Leavers extends Loop {
  troubles(): readonly Finding[]
  /** Told of each device that was taken out of use: its streams end. */
  onOut(run: (device: DeviceId) => void): void
}

const EVERY: Millis = MINUTE
/** A look that is older is made anew, whatever has changed. */
const FRESH: Millis = EVERY - SECOND

/**
 * Whoever is not in the directory any more is out at once, at the reload that says so and at every start: their phones'
 * tokens are void, the phones are told to wipe, and on open calls their places are empty and asked anew.
 */
export function startLeavers(parts: LeaverParts): Leavers {
  const { store, clock, directory, metrics, log } = parts
  const told: ((device: DeviceId) => void)[] = []
  let held = 0
  let looked: (Pick<Directory, 'people' | 'roles'> & { readonly at: Millis }) | undefined

  async function look(): Promise<void> {
    const now = directory()
    // Most rings are of the rota alone, which makes nobody a leaver.
    if (looked?.people === now.people && looked.roles === now.roles && ticks(clock) - looked.at < FRESH)
      return
    const at = ticks(clock)
    const found = leaversOf(await everyDevice(store), now)
    held = found.held
    for (const device of found.out) await part(device.id, () => takeOut(device))
    if (held === 0) await emptyPlaces(now)
    looked = { at, people: now.people, roles: now.roles }
  }

  const part = (subject: string, work: () => Promise<void>) =>
    apart(parts, 'task-failed', `leavers/${subject}`, work, () => undefined)

  async function takeOut({ id }: Device): Promise<void> {
    const at = clock.now()
    const was = await store.transact(async (tx) => {
      await tx.alone(`device/${id}`)
      const device = await tx.devices.get(id)
      if (device === undefined || leaversOf([device], directory()).out.length === 0) return undefined
      await tx.devices.rotate(id, parts.noToken())
      await tx.devices.save({ ...device, state: 'revoked', address: '' })
      await tx.audit.append({
        ...{ at, actor: 'system', action: 'device.revoke', subject: id, outcome: 'done' },
        detail: { reason: 'holder-left' satisfies ReasonCode },
      })
      return device
    })
    if (was === undefined) return
    metrics.count('bleepbridge_reasons_total', { reason: 'holder-left' })
    metrics.count('bleepbridge_audit_total', { outcome: 'done' })
    log.info('device-out', { reason: 'holder-left', device: id })
    for (const run of told) run(id)
    await parts.wipe(was)
  }

  async function emptyPlaces(now: Directory): Promise<void> {
    for await (const { id, responders } of everyOpen(store))
      for (const { person, released } of Object.values(responders))
        if (!released && isOwnerGone({ owner: { kind: 'person', person } }, now))
          await part(id, async () => void (await parts.apply(id, { kind: 'left', at: clock.now(), person })))
  }

  const loop = startLoop('leavers', ['directory'], EVERY, look, parts)
  return {
    ...loop,
    onOut: (run) => void told.push(run),
    troubles: () =>
      held === 0 ? [] : [{ code: 'leavers-held', subject: 'people', detail: `${held} phones` }],
  }
}
