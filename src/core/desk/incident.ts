import type { AlertEvent } from '../alert/alert.ts'
import { say } from '../catalogue/say.ts'
import type { Directory } from '../directory/directory.ts'
import type { PackRecord } from '../govern/incident-chain.ts'
import type { Reader } from '../govern/reader.ts'
import type { Whole } from '../govern/subject.ts'
import type { PersonId } from '../ids.ts'
import { type Instant, MINUTE, printInstant } from '../instant.ts'
import { nameOfNumber } from './card.ts'
import type { Traces } from './copy.ts'
import { nameOfRole } from './names.ts'
import { timelineOf } from './timeline.ts'

/** Bytes of a line as its capture holds them. */
export interface Heard {
  readonly feed: string
  readonly at: Instant
  /** In hexadecimal. */
  readonly bytes: string
}

export interface IncidentHead {
  readonly site: string
  readonly made: Instant
  readonly by: string
  readonly reason: string
}

/**
 * One call in the order of its minutes: what was heard, what happened and why, what each phone had by then, who had the
 * board open. From stored events, attempts, receipts and looks; nothing is worked out anew.
 * @param open whether the reader may see names and every word: otherwise people are their roles, and of words stands how many there were
 */
export function incidentOf(
  head: IncidentHead,
  whole: Whole,
  traces: Traces,
  heard: readonly Heard[],
  directory: Directory,
  open: boolean,
): readonly PackRecord[] {
  const reader: Reader = { access: open ? 'switchboard' : 'governance' }
  const { bleep, alert, sightings } = whole
  const events = open ? whole.events : whole.events.map(withoutOperator)
  // Names stand in words too, of patients, callers and relatives: nobody can tell them all apart.
  const words = (text: string) =>
    open ? text : say('incident.wordsOut', { n: text.split(/\s+/).filter(Boolean).length })
  const who = (person: PersonId | undefined) =>
    person === undefined ? {} : personOf(whole, person, directory, open)
  const timeline =
    alert === undefined
      ? []
      : timelineOf(
          { alert, hops: traces.hops, events, attempts: traces.attempts, start: bleep.page.firstByte },
          reader,
          directory,
        )
  const dated: (readonly [Instant, PackRecord])[] = [
    [
      bleep.received,
      {
        ...{
          sort: 'event',
          what: 'received',
          sentence: say('incident.received'),
          words: words(bleep.page.text),
        },
        ...{ number: bleep.number, to: nameOfNumber(bleep.number, directory) },
      },
    ],
    ...sightings.map((one): readonly [Instant, PackRecord] => [
      one.begun,
      {
        ...{ sort: 'reading', feed: one.feed, tap: one.tap, reason: one.reason, words: words(one.page.text) },
        quality: one.page.quality,
      },
    ]),
    ...heard.map((one): readonly [Instant, PackRecord] => [
      one.at,
      { sort: 'bytes', feed: one.feed, bytes: one.bytes },
    ]),
    ...events.flatMap((event): (readonly [Instant, PackRecord])[] =>
      event.kind === 'said' ? [[event.at, { sort: 'words', words: words(event.said.text) }]] : [],
    ),
    ...timeline.map(({ at, after: _, person, name: __, sort, ...line }): readonly [Instant, PackRecord] => [
      Date.parse(at),
      { ...line, sort, ...who(person as PersonId | undefined) },
    ]),
    ...traces.seen.map(({ at, who: looker, name, how, what }): readonly [Instant, PackRecord] => [
      Date.parse(at),
      { sort: 'seen', how, what, ...(open ? { who: looker, name } : who(looker as PersonId)) },
    ]),
  ]
  const inOrder = dated.toSorted((a, b) => a[0] - b[0])
  return [
    {
      ...{ sort: 'head', document: 'bleep-bridge/incident', version: 1, site: head.site, by: head.by },
      ...{ made: printInstant(head.made), reason: head.reason, bleep: bleep.id, names: open },
      ...(alert === undefined ? {} : { alert: alert.id, class: alert.plan.class }),
    },
    ...minutes(inOrder),
  ]
}

/**
 * Each minute in which something happened, and at its end how the call stood by its last event, what each phone had by then
 * and who looked at the console.
 */
function minutes(inOrder: readonly (readonly [Instant, PackRecord])[]): readonly PackRecord[] {
  const records: PackRecord[] = []
  const phones = new Map<string, unknown>()
  let board = new Set<unknown>()
  let call: unknown
  const close = (at: Instant): void => {
    const minute = printInstant(Math.floor(at / MINUTE) * MINUTE)
    records.push({ sort: 'minute', minute, call, phones: Object.fromEntries(phones), board: [...board] })
    board = new Set()
  }
  for (const [i, [at, record]] of inOrder.entries()) {
    records.push({ at: printInstant(at), ...record })
    if (typeof record.device === 'string') phones.set(record.device, record.what)
    if (record.sort === 'event') call = record.what
    if (record.sort === 'seen' && record.how === 'console') board.add(record.who ?? record.how)
    const next = inOrder[i + 1]?.[0]
    if (next === undefined || Math.floor(next / MINUTE) !== Math.floor(at / MINUTE)) close(at)
  }
  return records
}

function withoutOperator<E extends AlertEvent>(event: E): E {
  if (!('by' in event) || typeof event.by !== 'object' || event.by.kind !== 'switchboard') return event
  return { ...event, by: { ...event.by, operator: say('incident.operator') } }
}

/** Somebody by the roles in which they were asked, and by name for a reader who may see names. */
function personOf({ alert }: Whole, person: PersonId, directory: Directory, open: boolean): PackRecord {
  const roles = alert?.responders[person]?.roles.map((role) => nameOfRole(role, directory)) ?? []
  const name = directory.people.get(person)?.name
  return { roles, ...(open ? { person, ...(name === undefined ? {} : { name }) } : {}) }
}
