import { traitsOf } from '../../core/deliver/channels.ts'
import { type Device, ownerId } from '../../core/deliver/device.ts'
import { maskedNumber } from '../../core/deliver/nudge-number.ts'
import type { DeviceView } from '../../core/desk/people-views.ts'
import type { Directory } from '../../core/directory/directory.ts'
import { wardsOf } from '../../core/directory/wards.ts'
import type { FaultCode } from '../../core/faults.ts'
import { type AccessRole, permits } from '../../core/govern/permit.ts'
import { printInstant } from '../../core/instant.ts'
import type { Roster } from '../roster.ts'

export function deviceView(device: Device, roster: Roster): DeviceView {
  return {
    id: device.id,
    label: device.label,
    channel: device.channel,
    owner: ownerView(device.owner, roster),
    state: device.state,
    enrolled: printInstant(device.enrolled),
    ...(device.seen === undefined ? {} : { seen: printInstant(device.seen) }),
    ...(device.clock === undefined ? {} : { clock: device.clock }),
    ...(device.tested === undefined ? {} : { tested: testedView(device.tested) }),
    ...(device.sound === undefined
      ? {}
      : { sound: { at: printInstant(device.sound.at), heard: device.sound.heard } }),
    ...(device.cleared === undefined ? {} : { cleared: printInstant(device.cleared) }),
  }
}

/** A device in the list; how its number ends is for those who enrol, and no more of it is for anybody. */
export function listedView(device: Device, roster: Roster, access: AccessRole): DeviceView {
  const view = deviceView(device, roster)
  return traitsOf(device.channel).entered === 'number' && permits(access, 'device.enrol')
    ? { ...view, number: maskedNumber(device.address) }
    : view
}

/** Why nothing can be enrolled for this owner: nobody has this id, or not any more. */
export function ownerUnknown(owner: Device['owner'], directory: Directory): FaultCode | undefined {
  if (owner.kind === 'ward') return wardsOf(directory).includes(owner.ward) ? undefined : 'ward-unknown'
  const { people, roles } = directory
  if (owner.kind === 'role') return roles.has(owner.role) ? undefined : 'role-unknown'
  return people.get(owner.person)?.active === true ? undefined : 'person-unknown'
}

function testedView({ at, heard }: NonNullable<Device['tested']>): NonNullable<DeviceView['tested']> {
  return { at: printInstant(at), ...(heard === undefined ? {} : { heard: printInstant(heard) }) }
}

export function ownerView(owner: Device['owner'], roster: Roster): DeviceView['owner'] {
  const directory = roster.current()
  const id = ownerId(owner)
  if (owner.kind === 'ward') return { kind: 'ward', id, name: id }
  const name =
    owner.kind === 'person' ? directory.people.get(owner.person)?.name : directory.roles.get(owner.role)?.name
  return { kind: owner.kind, id, name: name ?? id }
}
