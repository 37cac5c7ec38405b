import type { Device } from '../core/deliver/device.ts'
import type { AuditEntry } from '../core/govern/audit.ts'
import type { ShiftEndRules } from '../core/govern/shift-end.ts'
import { uuid7 } from '../core/ids.ts'
import type { Finding } from '../core/measure/watch/standing.ts'
import type { Channels } from '../io/channels/registry.ts'
import { ageSealer } from '../io/seal/age.ts'
import type { ScimDoor } from '../ports/listed.ts'
import { createRinger } from '../run/deliver/self-test.ts'
import { heldOf, startAnchors } from '../run/keep/anchor.ts'
import { startBackups } from '../run/keep/backups.ts'
import { startDrills } from '../run/keep/drill.ts'
import { createErasures } from '../run/keep/erasures.ts'
import { type Leavers, startLeavers } from '../run/keep/leavers.ts'
import { createRequests } from '../run/keep/requests.ts'
import { startShiftEnd } from '../run/keep/shift-end.ts'
import { startTrail, type Trail } from '../run/keep/trail.ts'
import { startUpkeep } from '../run/keep/upkeep.ts'
import type { AlertPart } from './alert.ts'
import { auditProof } from './audit.ts'
import { backupsOf } from './backups.ts'
import { copyWork, elsewhereOf } from './copies.ts'
import { digest } from './digest.ts'
import { type FilingPart, startFilingPart } from './filing-part.ts'
import type { Ground } from './ground.ts'
import { startListedPart } from './listed.ts'
import { upkeepOf } from './upkeep.ts'

export interface KeepPart {
  readonly trail: Trail
  /** What the daemon itself did, on the record. */
  own(action: string, detail?: NonNullable<AuditEntry['detail']>): void
  readonly shiftEnd: ShiftEndRules
  /** Absent where nothing is filed in a record. */
  readonly filing: FilingPart | undefined
  /** Wakes a device that is out of use, so that it wipes itself. */
  readonly wipe: (device: Device) => Promise<boolean>
  readonly onOut: Leavers['onOut']
  /** Where the trust's directory tells us by SCIM. */
  readonly scim?: ScimDoor
  troubles(): readonly Finding[]
  stop(): Promise<void>
}

/** What is kept, copied and let go. */
export async function startKeepPart(
  ground: Ground,
  channels: Channels,
  { alerts, needed }: AlertPart,
): Promise<KeepPart> {
  const { whole, clock, random, node } = ground
  const elsewhere = elsewhereOf(whole, ground.captureKeys)
  const { ledger } = elsewhere
  const { resume } = createErasures({ ...ground, ...elsewhere })
  const requests = createRequests({
    ...ground,
    ...elsewhere,
    rules: whole.config.privacy.requests,
    sealer: ageSealer,
  })
  const proof = auditProof(whole, true)
  const copies = backupsOf(whole)
  const anchors = startAnchors({ ...ground, ...proof })
  const upkeep = startUpkeep({
    ...{ ...ground, digest, ...upkeepOf(whole, needed, ground.store) },
    ...{ mac: proof.mac, held: () => heldOf(proof) },
    resume: async () => {
      await resume()
      await requests.resume()
    },
    pressing: requests.pressing,
  })
  const backups = copies && startBackups(copies.to, copies.rule, ground)
  const drills =
    copies &&
    ledger &&
    startDrills({ ...ground, backups: copies.to, ledger, ...copies.drill, work: copyWork(whole) })
  const { own, shared, graceMs } = whole.config.privacy.shiftEnd
  const shiftEnd = { own: own === 'wipe', shared: shared === 'wipe', grace: graceMs }
  const wipe = createRinger(channels.all, clock, 'shift-ended')
  const wipeNow = (device: Device) => wipe(device, uuid7(clock.now(), random.bytes(10)))
  const shifts = startShiftEnd({
    ...ground,
    rules: shiftEnd,
    tell: wipeNow,
  })
  const leavers = startLeavers({
    ...ground,
    apply: alerts.apply,
    noToken: () => digest(Buffer.from(random.bytes(32)).toString('base64url')),
    wipe: wipeNow,
  })
  const trail = startTrail(ground)
  const listed = startListedPart(ground, trail)
  const filing = await startFilingPart(ground)
  return {
    trail,
    ...(listed.scim === undefined ? {} : { scim: listed.scim }),
    own: (action, detail = {}) => trail.did({ actor: `bleepd:${node}`, action, subject: node, detail }),
    shiftEnd,
    filing,
    wipe: wipeNow,
    onOut: leavers.onOut,
    troubles: () => [
      ...leavers.troubles(),
      ...upkeep.troubles(),
      ...anchors.troubles(),
      ...(backups?.troubles() ?? []),
      ...(drills?.troubles() ?? []),
      ...listed.troubles(),
      ...(filing?.troubles() ?? []),
    ],
    stop: async () =>
      void (await Promise.all([
        leavers.stop(),
        shifts.stop(),
        upkeep.stop(),
        anchors.stop(),
        backups?.stop(),
        drills?.stop(),
        listed.stop(),
        filing?.stop(),
      ])),
  }
}
