import { traitsOf } from '../../core/deliver/channels.ts'
import { type Device, ownerId } from '../../core/deliver/device.ts'
import type { NewcomerView, OpenCodeView } from '../../core/desk/people-views.ts'
import { permits } from '../../core/govern/permit.ts'
import { readingOf } from '../../core/govern/reader.ts'
import { asId, type DeviceId, uuid7 } from '../../core/ids.ts'
import { DAY, type Instant, type Millis, printInstant } from '../../core/instant.ts'
import type { Desk } from '../../ports/desk.ts'
import type { EnrolCode } from '../../ports/devices.ts'
import type { Tx } from '../../ports/store.ts'
import { actorOf, allowed, audit, type DeskParts, deviceOf, done, newToken, refuse } from './desk-parts.ts'
import { deviceView, ownerUnknown, ownerView } from './device-view.ts'
import { CODE_LASTS, CODE_LENGTH, newCode, plain } from './enrol-codes.ts'
import type { InboxWatch } from './inbox-watch.ts'

type Enrolment = Pick<Desk, 'code' | 'codes' | 'withdraw' | 'enrol' | 'confirm'>

/** A phone that was taken up lately is told to its person and to the board for so long. */
const NEW_FOR: Millis = 7 * DAY

/** Tells our own app that this ring is no bleep. */
const NEW_PHONE = 'phone-'

/** A note for each of them. */
const NOTE = 'new-phone/'

/** Phones of one person or role that were taken up lately and that nobody has said yes to. */
export function newcomersOf(devices: readonly Device[], now: Instant): readonly Device[] {
  return devices.filter(
    (d) =>
      d.owner.kind === 'person' &&
      (d.state === 'active' || d.state === 'waiting') &&
      d.unconfirmed === true &&
      now - d.enrolled < NEW_FOR,
  )
}

/** Those of everybody, without reading every device. */
export async function newPhonesIn(tx: Tx, now: Instant): Promise<readonly Device[]> {
  const devices: Device[] = []
  for (const { key } of await tx.notes.list(NOTE)) {
    const device = await tx.devices.get(asId<DeviceId>(key.slice(NOTE.length)))
    if (device !== undefined) devices.push(device)
  }
  return newcomersOf(devices, now)
}

export function newcomerView(device: Device, roster: DeskParts['roster']): NewcomerView {
  const { id, label, enrolled, state, owner } = device
  return {
    id,
    label,
    at: printInstant(enrolled),
    waiting: state === 'waiting',
    owner: ownerView(owner, roster).name,
  }
}

/**
 * How a phone becomes somebody's. Whoever may not read the words of bleeps may not take a phone up for anybody who does. A
 * second phone of a person is told to the first, and waits for a word there where the site wants that; what was told
 * before it came it is not given until then.
 */
export function createEnrolment(parts: DeskParts, inboxes: InboxWatch): Enrolment {
  const { store, clock, random, roster, digest, trail } = parts

  const others = async (tx: Tx, owner: Device['owner']): Promise<readonly Device[]> =>
    owner.kind === 'person'
      ? (await tx.devices.owned({ people: [owner.person] })).filter(
          (d) => d.state === 'active' && traitsOf(d.channel).entered === undefined,
        )
      : []

  const codeView = ({ digest: id, owner, made, expires, by }: EnrolCode): OpenCodeView => ({
    ...{ id, owner: ownerView(owner, roster), by },
    ...{ made: printInstant(made), expires: printInstant(expires) },
  })

  return {
    code: (caller, owner) =>
      allowed(parts, caller, 'device.enrol', async () => {
        const unknown = ownerUnknown(owner, roster.current())
        if (unknown) return refuse(unknown)
        if (owner.kind !== 'ward' && readingOf(caller) !== 'all') {
          await audit(parts, caller, 'device.code', ownerId(owner), 'refused')
          return refuse('enrol-as-other')
        }
        const code = newCode(random.bytes(CODE_LENGTH))
        const made = clock.now()
        const expires = made + CODE_LASTS
        const by = caller.kind === 'operator' ? caller.operator : caller.device
        await store.transact(async (tx) => {
          await tx.alone(`codes/${ownerId(owner)}`)
          await tx.codes.endOf(owner)
          await tx.codes.add({ digest: digest(plain(code)), owner, made, expires, by })
        })
        await audit(parts, caller, 'device.code', ownerId(owner), 'done')
        return done({ code, expires: printInstant(expires), owner: ownerView(owner, roster) })
      }),

    codes: (caller) =>
      allowed(parts, caller, 'device.list', async () => {
        const open = await store.transact((tx) => tx.codes.list(clock.now()))
        return done({ codes: open.map(codeView) })
      }),

    withdraw: (caller, id) =>
      allowed(parts, caller, 'device.enrol', async () => {
        const taken = await store.transact((tx) => tx.codes.take(id, clock.now()))
        if (taken === undefined) return refuse('code-gone')
        await audit(parts, caller, 'device.code-withdrawn', ownerId(taken.owner), 'done')
        return done(codeView(taken))
      }),

    async enrol({ code, label, channel, address }) {
      const out = parts.outOfReach?.(channel, address)
      if (out !== undefined) return refuse(out)
      const now = clock.now()
      const token = newToken(random)
      const made = await store.transact(async (tx) => {
        const taken = await tx.codes.take(digest(plain(code)), now)
        if (taken === undefined) return undefined
        const known = await others(tx, taken.owner)
        const device: Device = {
          ...{
            id: asId<DeviceId>(uuid7(now, random.bytes(10))),
            owner: taken.owner,
            label,
            channel,
            address,
          },
          state: known.length > 0 && parts.confirms === true ? 'waiting' : 'active',
          ...{ enrolled: now, seen: now },
          ...(known.length > 0 ? { unconfirmed: true as const } : {}),
        }
        await tx.devices.add(device, digest(token))
        for (const { key, at } of await tx.notes.list(NOTE))
          if (now - at > NEW_FOR) await tx.notes.forget(key)
        if (known.length > 0) await tx.notes.set(NOTE + device.id, {}, now)
        await tx.audit.append({
          ...{ at: now, actor: taken.by, action: 'device.enrol', subject: device.id, outcome: 'done' },
        })
        return { device, known }
      })
      if (made === undefined) {
        trail.did({ actor: 'unknown', action: 'device.enrol', subject: '', outcome: 'refused' })
        return refuse('code-wrong')
      }
      for (const known of made.known) {
        inboxes.poke(known.id)
        // Not waited for: whoever enrols stands there, and a push service may hang.
        parts.newPhone?.(known, `${NEW_PHONE}${uuid7(now, random.bytes(10))}`).catch(() => undefined)
      }
      store.wake.ring('directory')
      return done({ device: deviceView(made.device, roster), token })
    },

    async confirm(caller, id, mine) {
      if (!permits(caller.access, 'device.self') && !permits(caller.access, 'device.enrol'))
        return allowed(parts, caller, 'device.enrol', async () => refuse('device-unknown'))
      const said = await store.transact(async (tx) => {
        await tx.alone(`device/${id}`)
        const device = await tx.devices.get(id)
        if (device === undefined || device.unconfirmed !== true) return refuse('device-unknown')
        if (caller.kind === 'device') {
          const own = await deviceOf(tx, caller)
          // Only an older phone of the same person may speak for it, and never a new one for itself.
          const same = own !== undefined && own.id !== id && ownerId(own.owner) === ownerId(device.owner)
          if (!same || own.owner.kind !== 'person' || own.unconfirmed === true)
            return refuse('device-unknown')
        }
        const { unconfirmed: _, ...rest } = device
        const next: Device = mine
          ? { ...rest, state: device.state === 'waiting' ? 'active' : device.state }
          : { ...rest, state: 'revoked', address: '' }
        await tx.devices.save(next)
        await tx.notes.forget(NOTE + id)
        if (!mine) await tx.devices.rotate(id, digest(newToken(random)))
        await tx.audit.append({
          ...{ at: clock.now(), actor: actorOf(caller), subject: id, outcome: 'done' },
          action: mine ? 'device.confirm' : 'device.disown',
        })
        return done({ view: deviceView(next, roster), was: device })
      })
      if (!said.ok) return said
      inboxes.poke(id)
      store.wake.ring('directory')
      if (!mine) parts.wipe?.(said.value.was).catch(() => undefined)
      return done(said.value.view)
    },
  }
}
