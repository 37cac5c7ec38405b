import type { Device } from '../deliver/device.ts'
import type { Directory } from '../directory/directory.ts'

/** More leavers than this at once, and than a fifth of all devices, are taken for a broken list and not for people. */
const AT_ONCE = 10
const SHARE = 0.2

/** Whether whoever owns a device is nobody here any more: somebody not active or not listed, or a role that is gone. */
export function isOwnerGone({ owner }: Pick<Device, 'owner'>, { people, roles }: Directory): boolean {
  if (owner.kind === 'role') return !roles.has(owner.role)
  return owner.kind === 'person' && people.get(owner.person)?.active !== true
}

/**
 * The devices to take out of use, and how many are held back: revoking cannot be undone from here, so a list of people
 * that has lost most of them is for a person to look at.
 */
export function leaversOf(
  devices: readonly Device[],
  directory: Directory,
): { readonly out: readonly Device[]; readonly held: number } {
  const used = devices.filter((d) => d.state === 'active' || d.state === 'dead')
  const out = used.filter((d) => isOwnerGone(d, directory))
  if (out.length > Math.max(AT_ONCE, used.length * SHARE)) return { out: [], held: out.length }
  return { out, held: 0 }
}
