import { traitsOf } from '../../core/deliver/channels.ts'
import type { Device } from '../../core/deliver/device.ts'
import { readdressed } from '../../core/deliver/proof.ts'
import type { DeviceView } from '../../core/desk/people-views.ts'
import { SLICE } from '../../core/directory/slices.ts'
import { uuid7 } from '../../core/ids.ts'
import type { Caller, Desk, Outcome, SelfTest } from '../../ports/desk.ts'
import type { Tx } from '../../ports/store.ts'
import { everyDevice } from '../every-device.ts'
import { turn } from '../slices.ts'
import { drilled } from './conduct.ts'
import { actorOf, allowed, audit, type DeskParts, deviceOf, done, newToken, refuse } from './desk-parts.ts'
import { deviceView, listedView } from './device-view.ts'
import type { InboxWatch } from './inbox-watch.ts'
import { selfTestNote } from './proofs.ts'

type Devices = Pick<
  Desk,
  'rotate' | 'subscribe' | 'clock' | 'signOut' | 'revoke' | 'devices' | 'selfTest' | 'heard'
>

/** The life of a device behind its enrolment: rotation → sign-out or revocation, each at once. */
export function createDevices(parts: DeskParts, inboxes: InboxWatch): Devices {
  const { store, clock, random, roster, digest, trail } = parts

  /** Changes the calling device in one transaction; `what` for the record, empty where a machine did it by itself. */
  const change = async <T>(
    caller: Caller,
    what: string,
    work: (tx: Tx, device: Device) => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> =>
    allowed(parts, caller, 'device.self', () =>
      store.transact(async (tx) => {
        if (caller.kind === 'device') await tx.alone(`device/${caller.device}`)
        const device = await deviceOf(tx, caller)
        if (device === undefined) return refuse('not-signed-in')
        if (what !== '') trail.did({ actor: actorOf(caller), action: what, subject: device.id })
        return work(tx, device)
      }),
    )

  const save = async (tx: Tx, device: Device): Promise<Outcome<DeviceView>> => {
    await tx.devices.save(device)
    return done(deviceView(device, roster))
  }

  return {
    rotate: (caller) =>
      change(caller, 'device.rotate', async (tx, device) => {
        const token = newToken(random)
        await tx.devices.rotate(device.id, digest(token))
        return done({ device: deviceView(device, roster), token })
      }),

    subscribe: (caller, channel, address) =>
      change(caller, 'device.subscribe', async (tx, device) => {
        const out = parts.outOfReach?.(channel, address)
        return out === undefined ? save(tx, readdressed(device, channel, address, clock.now())) : refuse(out)
      }),

    clock: (caller, offset, uncertainty) =>
      change(caller, '', (tx, device) =>
        save(tx, { ...device, clock: { offset, uncertainty }, seen: clock.now() }),
      ),

    signOut: (caller) =>
      change(caller, 'device.sign-out', async (tx, device) => {
        await tx.devices.rotate(device.id, digest(newToken(random)))
        return save(tx, { ...device, state: 'signed-out', address: '' })
      }),

    revoke: (caller, id) =>
      allowed(parts, caller, 'device.enrol', async () => {
        let was: Device | undefined
        const out = await store.transact(async (tx) => {
          await tx.alone(`device/${id}`)
          const device = await tx.devices.get(id)
          if (device === undefined) return refuse('device-unknown')
          was = device
          await tx.devices.rotate(id, digest(newToken(random)))
          return save(tx, { ...device, state: 'revoked', address: '' })
        })
        await audit(parts, caller, 'device.revoke', id, out.ok ? 'done' : 'refused')
        inboxes.poke(id)
        // Not waited for: a push service may hang. What the phone holds goes when it next asks us anything.
        if (was !== undefined) parts.wipe?.(was).catch(() => undefined)
        return out
      }),

    devices: (caller) =>
      allowed(parts, caller, 'device.list', async () => {
        const devices: ReturnType<typeof listedView>[] = []
        for (const [i, device] of (await everyDevice(store)).entries()) {
          if (i % SLICE === SLICE - 1) await turn()
          devices.push(listedView(device, roster, caller.access))
        }
        return done({
          devices,
          nudges: parts.entered?.includes('nudge') === true,
          enters: [...(parts.entered ?? [])],
        })
      }),

    heard: (caller, heard) =>
      change(caller, 'device.heard', async (tx, device) => {
        const at = clock.now()
        // The ring reached the phone, and its holder says that they heard it.
        if (heard && device.owner.kind === 'person' && device.tested?.heard !== undefined)
          await drilled(tx, device.owner.person, at)
        return save(tx, { ...device, sound: { at, heard } })
      }),

    selfTest: (caller) =>
      allowed(parts, caller, 'device.self', async () => {
        const at = clock.now()
        const newId = () => uuid7(at, random.bytes(10))
        const started = await store.transact(async (tx) => {
          const own = await deviceOf(tx, caller)
          if (own === undefined) return undefined
          const { hasSocket, isSocket } = traitsOf(own.channel)
          const both = hasSocket && isSocket !== true
          const rings: SelfTest = { test: newId(), ...(both ? { lan: newId() } : {}) }
          const key = `self-test/${own.id}`
          const lan = rings.lan === undefined ? {} : { [rings.lan]: 'socket' as const }
          const byId = { [rings.test]: own.channel, ...lan }
          await tx.notes.set(key, selfTestNote(await tx.notes.get(key), byId, at), at)
          await tx.devices.save({ ...own, tested: { at } })
          return { device: own, rings }
        })
        if (started === undefined) return refuse('not-signed-in')
        const { device, rings } = started
        trail.did({ actor: actorOf(caller), action: 'device.self-test', subject: device.id })
        const taken = await Promise.all([
          parts.ring?.(device, rings.test, device.channel),
          ...(rings.lan === undefined ? [] : [parts.ring?.(device, rings.lan, 'socket')]),
        ])
        return taken.includes(true) ? done(rings) : refuse('self-test-impossible')
      }),
  }
}
