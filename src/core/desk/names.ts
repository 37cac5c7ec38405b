import { say } from '../catalogue/say.ts'
import type { Directory } from '../directory/directory.ts'
import { namesPeople } from '../govern/permit.ts'
import type { Reader } from '../govern/reader.ts'
import type { PersonId, RoleId } from '../ids.ts'

export function nameOfRole(role: RoleId, directory: Directory): string {
  return directory.roles.get(role)?.name ?? role
}

/** A person's name where the reader may see names; otherwise their id. */
export function nameOfActor(
  by: PersonId | 'switchboard' | 'system' | 'asker',
  reader: Reader,
  directory: Directory,
): string {
  if (by === 'switchboard') return 'Switchboard'
  if (by === 'system') return 'Bleep Bridge'
  if (by === 'asker') return say('timeline.whoAsked')
  return namesPeople(reader.access) ? (directory.people.get(by)?.name ?? by) : by
}

/** A name and, for whoever rings people up, the number to ring. */
export function reachOf(
  person: PersonId,
  reader: Reader,
  directory: Directory,
): { readonly person: PersonId; readonly name?: string; readonly phone?: string } {
  const known = namesPeople(reader.access) ? directory.people.get(person) : undefined
  if (known === undefined) return { person }
  const phone = reader.access === 'switchboard' ? known.phone : undefined
  return { person, name: known.name, ...(phone === undefined ? {} : { phone }) }
}
