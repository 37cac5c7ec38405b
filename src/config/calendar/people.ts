import { say } from '../../core/catalogue/say.ts'
import type { Person } from '../../core/directory/directory.ts'
import type { PersonId } from '../../core/ids.ts'
import type { CalendarEvent } from './event.ts'
import type { Property } from './lines.ts'

/** People as a calendar may name them: by id, by a mail address that begins with the id, by the name exactly. */
export interface Finder {
  readonly byId: (id: string) => PersonId | undefined
  readonly byName: (name: string) => PersonId | undefined
}

export function finderOf(people: readonly Person[]): Finder {
  const ids = new Map<string, PersonId>(people.map((p) => [p.id, p.id]))
  const loose = only(people.map((p) => [p.id.toLowerCase(), p.id]))
  const names = only(people.map((p) => [p.name, p.id]))
  return { byId: (id) => ids.get(id) ?? loose.get(id.toLowerCase()), byName: (name) => names.get(name) }
}

/** What only one person is called by. */
function only(pairs: readonly (readonly [string, PersonId])[]): ReadonlyMap<string, PersonId> {
  const found = new Map<string, PersonId | undefined>()
  for (const [name, id] of pairs) found.set(name, found.has(name) ? undefined : id)
  return new Map([...found].flatMap(([name, id]) => (id === undefined ? [] : [[name, id]])))
}

/**
 * Who does the duty: every attendee whom the site knows, or else whom the summary names. Rooms, equipment, those only told
 * of it and those who declined do not.
 * @returns the people, and a sentence where it is not clear that they are all
 */
export function whoOf(
  event: CalendarEvent,
  { byId, byName }: Finder,
): { readonly people: readonly PersonId[]; readonly doubt?: string } {
  const asked = event.attendees.filter(isPerson)
  const coming = asked.filter((a) => a.params.get('PARTSTAT')?.toUpperCase() !== 'DECLINED')
  const known = coming.map((a) => byId(mailbox(a)) ?? byName((a.params.get('CN') ?? '').trim()))
  const people = [...new Set(known.flatMap((person) => person ?? []))]
  if (people.length > 0) {
    if (known.includes(undefined)) return { people, doubt: say('settings.oneItsAttendeesNotKnown') }
    return coming.length < asked.length
      ? { people, doubt: say('settings.oneItsAttendeesHasDeclined') }
      : { people }
  }
  if (asked.length > 0 && coming.length === 0)
    return { people, doubt: say('settings.everybodyHasDeclinedIt') }
  const named = byId(event.summary) ?? byName(event.summary)
  return named === undefined ? { people } : { people: [named] }
}

function isPerson({ params }: Property): boolean {
  const type = params.get('CUTYPE')?.toUpperCase() ?? 'INDIVIDUAL'
  return type !== 'ROOM' && type !== 'RESOURCE' && params.get('ROLE')?.toUpperCase() !== 'NON-PARTICIPANT'
}

function mailbox({ value }: Property): string {
  return /^(?:mailto:)?([^@]+)@/i.exec(value.trim())?.[1] ?? ''
}
