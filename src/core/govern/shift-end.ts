import type { Alert } from '../alert/alert.ts'
import { isOut, responderOf } from '../alert/responder.ts'
import type { Device } from '../deliver/device.ts'
import type { SiteDirectory } from '../directory/build.ts'
import type { PersonId, RoleId } from '../ids.ts'
import type { Instant, Millis } from '../instant.ts'

/**
 * What the end of a shift does to the bleeps on a device (UK GDPR article 5(1)(e), storage limitation). The device
 * stays enrolled and rings again when its holder is next on; only what it was told goes.
 */
export interface ShiftEndRules {
  /** A person's own phone. */
  readonly own: boolean
  /** A ward handset or baton device: whoever had it is signed out, the handset stays the role's. */
  readonly shared: boolean
  /** How long after the last duty ends. It leaves time to write notes, and bridges a short gap between two duties. */
  readonly grace: Millis
}

/**
 * How many duties in a row are followed. Whatever ends after that is far off, and is worked out again when it comes.
 */
const IN_A_ROW = 10

/**
 * When the duty that this person is on at `at` ends. A duty that begins within the grace goes on from it. Infinity
 * where no rota ends it, undefined off duty.
 */
export function dutyEnds(
  directory: SiteDirectory,
  roles: readonly RoleId[],
  person: PersonId,
  at: Instant,
  grace: Millis,
): Instant | undefined {
  let end: Instant | undefined
  let look = at
  for (let i = 0; i < IN_A_ROW; i++) {
    const held = roles.filter((role) => directory.holders(role, look).some((h) => h.person === person))
    if (held.length === 0) return end
    const ends = held.flatMap((role) =>
      directory
        .duties(role, look, look + 1)
        .filter((d) => d.person === person)
        .map((d) => d.to),
    )
    end = Math.max(look, ...ends)
    if (!Number.isFinite(end)) return end
    look = end + grace
  }
  return end
}

const rolesOf = ({ owner }: Pick<Device, 'owner'>, directory: SiteDirectory): readonly RoleId[] =>
  owner.kind === 'role' ? [owner.role] : [...directory.roles.keys()]

const holdersOf = ({ owner }: Pick<Device, 'owner'>, directory: SiteDirectory, at: Instant) =>
  owner.kind === 'person'
    ? [owner.person]
    : owner.kind === 'ward'
      ? []
      : directory.holders(owner.role, at).map((h) => h.person)

/** Whether the site's rules take anything off this device; a ward's screen belongs to no shift. */
export const shiftsCount = ({ owner }: Pick<Device, 'owner'>, rules: ShiftEndRules): boolean =>
  owner.kind !== 'ward' && (owner.kind === 'person' ? rules.own : rules.shared)

/** Asked on an open alert, or coming to it: nothing of that alert leaves the device before it is over for them. */
export function isEngaged(alert: Alert, person: PersonId): boolean {
  const r = responderOf(alert, person)
  return alert.phase !== 'closed' && r !== undefined && r.state !== 'stood-down' && !isOut(r)
}

/**
 * Until when a device keeps what this person was told on it at `told`; undefined: no shift ends it. Somebody who has
 * not been on duty since the device was enrolled is on no rota that could end.
 */
export function keptUntil(
  device: Device,
  person: PersonId,
  told: Instant,
  at: Instant,
  directory: SiteDirectory,
  rules: ShiftEndRules,
): Instant | undefined {
  if (!shiftsCount(device, rules)) return undefined
  const { grace } = rules
  const end = dutyEnds(directory, rolesOf(device, directory), person, at, grace)
  if (end !== undefined) return finite(end + grace)
  if (device.owner.kind === 'role') {
    const ended = directory
      .duties(device.owner.role, at - grace, at)
      .flatMap((d) => (d.person === person ? [d.to] : []))
    return finite(Math.max(told, ...ended) + grace)
  }
  if (device.keepsUntil === undefined && device.cleared === undefined) return undefined
  return finite(Math.max(device.keepsUntil ?? -Infinity, told + grace))
}

const finite = (at: Instant): Instant | undefined => (Number.isFinite(at) ? at : undefined)

/** Whose bleeps a device keeps now, and until when; on a shared handset whoever is not named is signed out. */
export function keeping(
  device: Device,
  at: Instant,
  directory: SiteDirectory,
  rules: ShiftEndRules,
): readonly { readonly person: PersonId; readonly until?: Instant }[] {
  const now = holdersOf(device, directory, at)
  const lately =
    device.owner.kind !== 'role'
      ? []
      : directory.duties(device.owner.role, at - rules.grace, at).map((d) => d.person)
  return [...new Set([...now, ...lately])].map((person) => {
    const until = keptUntil(device, person, -Infinity, at, directory, rules)
    return until === undefined ? { person } : { person, until }
  })
}

/**
 * Whether a device may still be given what this person was told on it at `told`. A shared handset speaks of its
 * holders' own shift alone, so that nobody reads what the one before them was told.
 */
export function mayKeep(
  device: Device,
  alert: Alert,
  person: PersonId,
  told: Instant,
  at: Instant,
  directory: SiteDirectory,
  rules: ShiftEndRules,
): boolean {
  if (isEngaged(alert, person)) return true
  // Nobody has said yet that this phone is theirs: what was told before it came stays with the phones of then.
  if (device.unconfirmed === true && told < device.enrolled) return false
  if (!shiftsCount(device, rules)) return true
  if (device.cleared !== undefined && told <= device.cleared) return false
  if (device.owner.kind !== 'role') return true
  const own = directory.duties(device.owner.role, at - rules.grace, at + 1).filter((d) => d.person === person)
  return own.some((d) => told >= d.from - rules.grace)
}

/** What a look at one device found: nothing to do, another time to look, an open alert to wait for, or the end. */
export type ShiftLook =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'later'; readonly device: Device }
  | { readonly kind: 'engaged' }
  | { readonly kind: 'ended'; readonly device: Device }

/**
 * Looks at one device whose content may have to go.
 * @param engaged whether this person is on any open alert (`isEngaged`)
 */
export function lookAtShift(
  device: Device,
  at: Instant,
  directory: SiteDirectory,
  rules: ShiftEndRules,
  engaged: (person: PersonId) => boolean,
): ShiftLook {
  const { keepsUntil } = device
  if (keepsUntil === undefined || !shiftsCount(device, rules)) return { kind: 'nothing' }
  const { grace } = rules
  const shared = device.owner.kind === 'role'
  const roles = rolesOf(device, directory)
  const end = keepsUntil - grace
  const people = shared
    ? holdersOf(device, directory, Math.min(end - 1, at))
    : holdersOf(device, directory, at)
  const ends = people.flatMap((p) => dutyEnds(directory, roles, p, at, grace) ?? [])
  const on = ends.length > 0
  if (keepsUntil > at) {
    // Off before the rota said so, by hand-over or by the duty switch: the grace counts from when it was seen.
    return on || keepsUntil <= at + grace
      ? { kind: 'nothing' }
      : { kind: 'later', device: { ...device, keepsUntil: at + grace } }
  }
  const { keepsUntil: _over, ...rest } = device
  if (on) return { kind: 'later', device: withUntil(rest, Math.max(...ends) + grace) }
  if (people.some(engaged)) return { kind: 'engaged' }
  if (!shared) return { kind: 'ended', device: { ...rest, cleared: at } }
  const next = holdersOf(device, directory, at).flatMap((p) => dutyEnds(directory, roles, p, at, grace) ?? [])
  return {
    kind: 'ended',
    device: withUntil({ ...rest, cleared: end }, next.length === 0 ? Infinity : Math.max(...next) + grace),
  }
}

/**
 * The next time to look, from the moment the device is first given something in a shift.
 * @param told when it was told what it is given now
 */
export function firstLook(
  device: Device,
  told: readonly Instant[],
  at: Instant,
  directory: SiteDirectory,
  rules: ShiftEndRules,
): Device {
  if (!shiftsCount(device, rules)) return device
  const last = Math.max(...told)
  if (device.keepsUntil !== undefined) {
    // Told something after the duty was over: that is kept for the grace as well. A shared handset's next holder is
    // told things in that time, and they are not a reason to keep the last one's.
    const later = device.owner.kind === 'person' && last + rules.grace > device.keepsUntil
    return later ? { ...device, keepsUntil: last + rules.grace } : device
  }
  const ends = holdersOf(device, directory, at).flatMap(
    (p) => keptUntil(device, p, last, at, directory, rules) ?? [],
  )
  return ends.length === 0 ? device : { ...device, keepsUntil: Math.max(...ends) }
}

function withUntil(device: Device, until: Instant): Device {
  return Number.isFinite(until) ? { ...device, keepsUntil: until } : device
}
