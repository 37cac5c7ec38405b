import { type Device, isNudge } from '../../core/deliver/device.ts'
import { maskText } from '../../core/deliver/mask.ts'
import { nudgeNumber } from '../../core/deliver/nudge-number.ts'
import { asId, type DeviceId, uuid7 } from '../../core/ids.ts'
import type { Desk } from '../../ports/desk.ts'
import { actorOf, allowed, type DeskParts, done, newToken, refuse } from './desk-parts.ts'
import { listedView, ownerId, ownerUnknown } from './device-view.ts'

/** Numbers that are texted: entered by the switchboard, listed, revoked and erased like every other device. */
export function createNudges(parts: DeskParts): Pick<Desk, 'enrolNudge'> {
  const { store, clock, random, roster, digest, ring } = parts
  return {
    enrolNudge: (caller, { owner, number: typed, label }) =>
      allowed(parts, caller, 'device.enrol', async () => {
        if (parts.nudges !== true) return refuse('channel-absent', 'nudge')
        const unknown = ownerUnknown(owner, roster.current())
        if (unknown) return refuse(unknown)
        const { data: number } = nudgeNumber.safeParse(typed)
        if (number === undefined) return refuse('number-unreadable')
        const now = clock.now()
        const made: Device = {
          id: asId<DeviceId>(uuid7(now, random.bytes(10))),
          owner,
          // A label is shown to whoever lists devices; a number has no place in it.
          label: maskText(label, ['telephone']),
          channel: 'nudge',
          address: number,
          state: 'active',
          enrolled: now,
          tested: { at: now },
        }
        const device = await store.transact(async (tx) => {
          await tx.alone(`nudge/${ownerId(owner)}`)
          const owned = await tx.devices.owned(
            owner.kind === 'person' ? { people: [owner.person] } : { people: [], roles: [owner.role] },
          )
          const known = owned.find((d) => isNudge(d) && d.state === 'active' && d.address === number)
          const kept: Device = known ? { ...known, label: made.label, tested: { at: now } } : made
          // Nobody is given the token: a number never speaks to us.
          if (known) await tx.devices.save(kept)
          else await tx.devices.add(kept, digest(newToken(random)))
          await tx.audit.append({
            ...{ at: now, actor: actorOf(caller), action: 'device.enrol', subject: kept.id, outcome: 'done' },
          })
          return kept
        })
        const texted = (await ring?.(device, uuid7(now, random.bytes(10)))) === true
        return done({ device: listedView(device, roster, caller.access), texted })
      }),
  }
}
