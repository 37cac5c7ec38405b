import { say } from '../catalogue/say.ts'
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
  'board.read': say('record.hadBoardScreenWhileOpen'),
  'alert.read': say('record.openedIt'),
  'inbox.read': say('record.theirPhoneFetchedIt'),
  'review.read': say('record.readListBleepsWait'),
  'subject.find': say('record.foundSearchGovernance'),
  'subject.copy': say('record.copiedItForGovernance'),
  'subject.trace': say('record.tracedItForGovernance'),
}

/** A phone's own report says more than that it fetched something. */
const REPORTS: Readonly<Record<string, string>> = {
  'on-device': say('record.theirPhoneHasIt'),
  presented: say('record.theirPhoneShowedIt'),
  opened: say('record.openedOnTheirPhone'),
}

/** What a trace cannot know: said with every one, so that nobody reads more into it. */
export const TRACE_SAYS: readonly string[] = [
  say('record.pageItselfWentOutRadio'),
  say('record.boardShowsWhatOpenEverybody'),
  say('record.sharedPhoneToldItsRole'),
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
  if (owner === undefined) return { who: actor, how: say('record.phoneNoLongerOnRecord') }
  if (owner.kind === 'person') {
    const name = directory.people.get(owner.person)?.name
    return { who: owner.person, ...(name === undefined ? {} : { name }), how: 'phone' }
  }
  if (owner.kind === 'ward') return { who: owner.ward, how: say('record.screenOfTheWard') }
  const holders = directory
    .holders(owner.role, at)
    .map(({ person }) => directory.people.get(asId<PersonId>(person))?.name ?? person)
  const how = say('record.sharedPhoneOf', { role: nameOfRole(owner.role, directory) })
  return { who: owner.role, ...(holders.length === 0 ? {} : { name: holders.join(', ') }), how }
}
