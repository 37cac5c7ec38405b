import type { Device } from '../../core/deliver/device.ts'
import { dutiesOf, type PhoneState, phoneOf } from '../../core/deliver/readiness.ts'
import type { PersonId, RoleId } from '../../core/ids.ts'
import type { DeskParts } from './desk-parts.ts'

/** The devices of everybody who holds a crash role now or next, and those that go with the roles. */
export async function crashDevices({ store, clock, roster }: DeskParts): Promise<readonly Device[]> {
  const duties = dutiesOf(roster.current(), clock.now())
  if (duties.length === 0) return []
  const people = [...new Set(duties.map(({ holder }) => holder))]
  const roles = [...new Set(duties.map(({ role }) => role))]
  return store.transact((tx) => tx.devices.owned({ people, roles }))
}

/** Whether each holder of each of these roles can be rung now, as far as was shown. */
export async function holdersPhones(
  { store, clock, roster }: DeskParts,
  roles: readonly RoleId[],
): Promise<(role: RoleId, person: PersonId) => PhoneState> {
  const directory = roster.current()
  const now = clock.now()
  const people = [...new Set(roles.flatMap((role) => directory.holders(role, now).map((h) => h.person)))]
  const owners = new Map<string, Device[]>()
  for (const device of await store.transact((tx) => tx.devices.owned({ people, roles }))) {
    const { owner } = device
    if (owner.kind === 'ward') continue
    const key = owner.kind === 'person' ? owner.person : `role/${owner.role}`
    owners.set(key, [...(owners.get(key) ?? []), device])
  }
  return (role, person) =>
    phoneOf([...(owners.get(person) ?? []), ...(owners.get(`role/${role}`) ?? [])], now)
}
