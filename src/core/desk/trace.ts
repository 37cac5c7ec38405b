import type { Device } from '../deliver/device.ts'
import type { Directory } from '../directory/directory.ts'
import type { AuditRow } from '../govern/audit.ts'
import { asId, type DeviceId, type PersonId } from '../ids.ts'
import { type Instant, printInstant } from '../instant.ts'
import type { StampedHop } from '../measure/hops.ts'
import type { SeenEntry } from './govern-views.ts'
import { nameOfRole } from './names.ts'

/** Acts by which somebody was shown what an alert says. */
const LOOKS: Readonly<Record<string, string>> = {
  'board.read': 'Had the board on the screen while it was open',
  'alert.read': 'Opened it',
  'inbox.read': 'Their phone fetched it',
  'review.read': 'Read it on the list of bleeps that wait',
  'subject.find': 'Found it in a search for governance',
  'subject.copy': 'Copied it for governance',
  'subject.trace': 'Traced it for governance',
}

/** A phone's own report says more than that it fetched something. */
const REPORTS: Readonly<Record<string, string>> = {
  'on-device': 'Their phone has it',
  presented: 'Their phone showed it',
  opened: 'Opened on their phone',
}

/** What a trace cannot know: said with every one, so that nobody reads more into it. */
export const TRACE_SAYS: readonly string[] = [
  'The page itself went out by radio to every receiver with that address: who read it there nobody can know.',
  'A board shows what is open: everybody who had it on the screen then could read this.',
  'A shared phone is told by its role; who held it comes from the rota.',
]

/** Everybody who was shown it, from the audit and from what phones reported, oldest first. */
export function seenBy(
  audit: readonly AuditRow[],
  hops: readonly (StampedHop & { readonly person?: PersonId; readonly device?: DeviceId })[],
  devices: ReadonlyMap<string, Device>,
  directory: Directory,
): SeenEntry[] {
  const looks = audit.flatMap(({ at, actor, action, outcome }): (SeenEntry & { when: Instant })[] => {
    const what = LOOKS[action]
    if (what === undefined || outcome !== 'done') return []
    return [{ when: at, at: printInstant(at), what, ...whoActed(actor, at, devices, directory) }]
  })
  const reports = hops.flatMap(({ hop, at, person, clock }) => {
    const what = REPORTS[hop]
    if (what === undefined || person === undefined || clock !== 'ours') return []
    const name = directory.people.get(person)?.name
    const who = { who: person, ...(name === undefined ? {} : { name }), how: 'phone' }
    return [{ when: at, at: printInstant(at), what, ...who }]
  })
  return [...looks, ...reports].toSorted((a, b) => a.when - b.when).map(({ when: _, ...entry }) => entry)
}

function whoActed(
  actor: string,
  at: Instant,
  devices: ReadonlyMap<string, Device>,
  directory: Directory,
): Pick<SeenEntry, 'who' | 'name' | 'how'> {
  const id = /^device:(.+)$/.exec(actor)?.[1]
  if (id === undefined) return { who: actor, how: 'console' }
  const owner = devices.get(id)?.owner
  if (owner === undefined) return { who: actor, how: 'phone no longer on record' }
  if (owner.kind === 'person') {
    const name = directory.people.get(owner.person)?.name
    return { who: owner.person, ...(name === undefined ? {} : { name }), how: 'phone' }
  }
  if (owner.kind === 'ward') return { who: owner.ward, how: 'screen of the ward' }
  const holders = directory
    .holders(owner.role, at)
    .map(({ person }) => directory.people.get(asId<PersonId>(person))?.name ?? person)
  const how = `shared phone of ${nameOfRole(owner.role, directory)}`
  return { who: owner.role, ...(holders.length === 0 ? {} : { name: holders.join(', ') }), how }
}
