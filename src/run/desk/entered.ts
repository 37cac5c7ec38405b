import { type ChannelId, traitsOf } from '../../core/deliver/channels.ts'
import { type Device, ownerId } from '../../core/deliver/device.ts'
import { maskText } from '../../core/deliver/mask.ts'
import { readNumber } from '../../core/deliver/phone-number.ts'
import { asId, type DeviceId, uuid7 } from '../../core/ids.ts'
import type { Desk } from '../../ports/desk.ts'
import { actorOf, allowed, type DeskParts, done, newToken, refuse } from './desk-parts.ts'
import { listedView, ownerUnknown } from './device-view.ts'

/** Numbers and topics: entered by the switchboard, listed, revoked and erased like every other device. */
export function createEntered(parts: DeskParts): Pick<Desk, 'enterWay' | 'testWay'> {
  const { store, clock, random, roster, digest, ring, entered = [] } = parts

  /** Where it goes: the number as typed, or a topic that nobody can guess. */
  const addressOf = (channel: ChannelId, typed: string | undefined): string | undefined =>
    traitsOf(channel).entered === 'topic' ? newToken(random) : readNumber(channel, typed ?? '')

  return {
    testWay: (caller, id) =>
      allowed(parts, caller, 'device.enrol', async () => {
        const now = clock.now()
        const test = uuid7(now, random.bytes(10))
        const device = await store.transact(async (tx) => {
          await tx.alone(`device/${id}`)
          const found = await tx.devices.get(id)
          if (found?.state !== 'active' || traitsOf(found.channel).entered === undefined) return undefined
          const tested = { ...found, tested: { at: now } }
          await tx.devices.save(tested)
          await tx.notes.set(`self-test/${id}`, { test, at: now }, now)
          return tested
        })
        if (device === undefined) return refuse('device-unknown')
        if ((await ring?.(device, test)) !== true) return refuse('self-test-impossible')
        return done(listedView(device, roster, caller.access))
      }),

    enterWay: (caller, { owner, channel, number: typed, label }) =>
      allowed(parts, caller, 'device.enrol', async () => {
        if (!entered.includes(channel)) return refuse('channel-absent', channel)
        const unknown = ownerUnknown(owner, roster.current())
        if (unknown) return refuse(unknown)
        const address = addressOf(channel, typed)
        if (address === undefined) return refuse('number-unreadable')
        const now = clock.now()
        const test = uuid7(now, random.bytes(10))
        const made: Device = {
          id: asId<DeviceId>(uuid7(now, random.bytes(10))),
          owner,
          // A label is shown to whoever lists devices; a number has no place in it.
          label: maskText(label, ['telephone']),
          channel,
          address,
          state: 'active',
          enrolled: now,
          tested: { at: now },
        }
        const device = await store.transact(async (tx) => {
          await tx.alone(`nudge/${ownerId(owner)}`)
          const owned = await tx.devices.owned(
            owner.kind === 'role'
              ? { people: [], roles: [owner.role] }
              : { people: owner.kind === 'person' ? [owner.person] : [] },
          )
          const known = owned.find(
            (d) => d.channel === channel && d.state === 'active' && d.address === address,
          )
          const kept: Device = known ? { ...known, label: made.label, tested: { at: now } } : made
          // Nobody is given the token: such a thing never signs in.
          if (known) await tx.devices.save(kept)
          else await tx.devices.add(kept, digest(newToken(random)))
          await tx.notes.set(`self-test/${kept.id}`, { test, at: now }, now)
          await tx.audit.append({
            ...{ at: now, actor: actorOf(caller), action: 'device.enrol', subject: kept.id, outcome: 'done' },
          })
          return kept
        })
        const given = { device: listedView(device, roster, caller.access) }
        if (traitsOf(channel).entered === 'topic') return done({ ...given, texted: false, topic: address })
        return done({ ...given, texted: (await ring?.(device, test)) === true })
      }),
  }
}
