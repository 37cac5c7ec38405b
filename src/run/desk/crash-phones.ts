import type { Device } from '../../core/deliver/device.ts'
import { dutiesOf, type HolderReadiness, readinessOf } from '../../core/deliver/readiness.ts'
import type { DeskParts } from './desk-parts.ts'

/** The devices of everybody who holds a crash role now or next, and those that go with the roles. */
export async function crashDevices({ store, clock, roster }: DeskParts): Promise<readonly Device[]> {
  const duties = dutiesOf(roster.current(), clock.now())
  if (duties.length === 0) return []
  const people = [...new Set(duties.map(({ holder }) => holder))]
  const roles = [...new Set(duties.map(({ role }) => role))]
  return store.transact((tx) => tx.devices.owned({ people, roles }))
}

/** Whether each of them can be rung, as far as was shown. */
export async function crashReadiness(parts: DeskParts): Promise<readonly HolderReadiness[]> {
  return readinessOf(parts.roster.current(), await crashDevices(parts), parts.clock.now())
}
