import type { Alert } from '../../core/alert/alert.ts'
import type { Device } from '../../core/deliver/device.ts'
import type { SiteDirectory } from '../../core/directory/build.ts'
import { isEngaged, lookAtShift, type ShiftEndRules, type ShiftLook } from '../../core/govern/shift-end.ts'
import type { DeviceId, PersonId } from '../../core/ids.ts'
import { MINUTE, type Millis } from '../../core/instant.ts'
import type { ReasonCode } from '../../core/reasons.ts'
import type { Store } from '../../ports/store.ts'
import { apart } from '../defect.ts'
import { everyDevice } from '../every-device.ts'
import { everyOpen } from '../every-open.ts'
import { leaderOf } from '../leader.ts'
import { type Loop, type LoopTools, startLoop } from '../loop.ts'

export interface ShiftEndParts extends LoopTools {
  readonly store: Store
  readonly directory: () => SiteDirectory
  readonly rules: ShiftEndRules
  /** Wakes a device so that it wipes at once; one that cannot be woken wipes by the time it was given, or when opened. */
  readonly tell: (device: Device) => Promise<boolean>
}

const EVERY: Millis = MINUTE

/**
 * Ends shifts on devices: once the holder's last duty is over, the grace has passed and they are on no open alert, what
 * the device was told is not given again, the device is told to wipe it, and the act is on the record.
 */
export function startShiftEnd(parts: ShiftEndParts): Loop {
  const { clock, directory, rules, log, metrics } = parts
  const leader = leaderOf(parts.store, 'shift-end')
  const { store } = leader
  const waiting = new Set<DeviceId>()

  const reason = (code: ReasonCode, device: Device) => {
    metrics.count('bleepbridge_reasons_total', { reason: code })
    log.info('shift-end', { reason: code, device: device.id })
  }

  async function look(): Promise<void> {
    if (!rules.own && !rules.shared) return
    if (!(await leader.leads())) return
    const devices = await everyDevice(store)
    const due = devices.filter((d) => d.keepsUntil !== undefined && stillOurs(d))
    if (due.length === 0) return
    const open: Alert[] = []
    for await (const alert of everyOpen(store)) open.push(alert)
    const engaged = (person: PersonId) => open.some((alert) => isEngaged(alert, person))
    for (const device of due)
      await apart(
        parts,
        'task-failed',
        `shift-end/${device.id}`,
        () => one(device, engaged),
        () => undefined,
      )
  }

  async function one(device: Device, engaged: (person: PersonId) => boolean): Promise<void> {
    const at = clock.now()
    const judge = (d: Device): ShiftLook => lookAtShift(d, at, directory(), rules, engaged)
    const first = judge(device)
    if (first.kind === 'nothing') return
    if (first.kind === 'engaged') {
      if (!waiting.has(device.id)) reason('shift-end-waits', device)
      waiting.add(device.id)
      return
    }
    const ended = await store.transact(async (tx) => {
      await tx.alone(`device/${device.id}`)
      const fresh = await tx.devices.get(device.id)
      if (fresh === undefined || !stillOurs(fresh)) return undefined
      const found = judge(fresh)
      if (found.kind === 'later' || found.kind === 'ended') await tx.devices.save(found.device)
      if (found.kind !== 'ended') return undefined
      await tx.audit.append({
        at,
        actor: 'system',
        action: 'device.shift-end',
        subject: device.id,
        outcome: 'done',
        detail: { reason: 'shift-ended' satisfies ReasonCode },
      })
      return found.device
    })
    if (ended === undefined) return
    waiting.delete(device.id)
    reason('shift-ended', ended)
    metrics.count('bleepbridge_audit_total', { outcome: 'done' })
    await parts.tell(ended)
  }

  const loop = startLoop('shift-end', [], EVERY, look, parts)
  return {
    async stop() {
      await loop.stop()
      await leader.leave()
    },
  }
}

/** A phone that cannot be reached keeps its token and may come back. */
function stillOurs(device: Device): boolean {
  return device.state === 'active' || device.state === 'dead'
}
