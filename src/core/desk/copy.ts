import type { Actor, AlertEvent } from '../alert/alert.ts'
import { say } from '../catalogue/say.ts'
import { csvLine } from '../csv.ts'
import type { Attempt } from '../deliver/attempt.ts'
import type { Directory } from '../directory/directory.ts'
import { names } from '../govern/erase.ts'
import type { Reader } from '../govern/reader.ts'
import type { Whole } from '../govern/subject.ts'
import type { DeviceId, PersonId } from '../ids.ts'
import { printInstant } from '../instant.ts'
import type { StampedHop } from '../measure/hops.ts'
import { nameOfNumber } from './card.ts'
import type { CopiedBleep, SeenEntry, SubjectCopy } from './govern-views.ts'
import { nameOfActor } from './names.ts'
import { timelineOf } from './timeline.ts'

/** Whoever copies or traces one person's data sees every name and word in it, because that is the purpose of a copy. */
const FULL: Reader = { access: 'switchboard' }

export interface Traces {
  readonly hops: readonly (StampedHop & { readonly person?: PersonId; readonly device?: DeviceId })[]
  readonly attempts: readonly Attempt[]
  readonly seen: readonly SeenEntry[]
}

/**
 * One bleep as it goes into a copy.
 * @param staff a member of staff whose copy it is: it tells their own part, and no words, which are a patient's
 */
export function copyOf(
  { bleep, sightings, alert, events }: Whole,
  { hops, attempts, seen }: Traces,
  directory: Directory,
  staff?: PersonId,
): CopiedBleep {
  const { page, meaning, erased } = bleep
  const own = <T extends { readonly person?: PersonId }>(all: readonly T[]) =>
    staff === undefined ? all : all.filter(({ person }) => person === staff)
  const told = staff === undefined ? events : events.filter((event) => names(event, staff))
  const readable = staff === undefined && erased === undefined
  const named = (by: PersonId | 'switchboard') => ({ by, name: nameOfActor(by, FULL, directory) })
  return {
    bleep: bleep.id,
    received: printInstant(bleep.received),
    number: bleep.number,
    to: nameOfNumber(bleep.number, directory),
    ...(meaning === undefined ? {} : { class: meaning.class, kind: meaning.kind }),
    ...(readable ? { words: page.text, fields: { ...page.fields } } : {}),
    ...(erased === undefined ? {} : { erased: printInstant(erased) }),
    readings: readable
      ? sightings.map(({ feed, tap, begun, page }) => ({
          ...{ feed, tap, stored: printInstant(begun), words: page.text },
        }))
      : [],
    ...(alert === undefined
      ? {}
      : {
          alert: {
            alert: alert.id,
            phase: alert.phase,
            raised: printInstant(alert.raised),
            ...(alert.closed === undefined ? {} : { closed: printInstant(alert.closed.at) }),
            written: told.flatMap((event) =>
              writingOf(event).flatMap(({ by, kind, text }) =>
                staff === undefined || by === staff
                  ? [{ at: printInstant(event.at), ...named(by), kind, text }]
                  : [],
              ),
            ),
            timeline: timelineOf(
              { alert, hops: own(hops), events: told, attempts: own(attempts), start: page.firstByte },
              FULL,
              directory,
            ),
          },
        }),
    seen: [...seen],
  }
}

/** What somebody wrote to the thread, with an answer, or on closing. */
function writingOf(event: AlertEvent) {
  if (event.kind === 'said') return [{ by: writer(event.by), ...event.said }]
  if ((event.kind !== 'answered' && event.kind !== 'closed') || event.note === undefined) return []
  return [{ by: writer(event.by), kind: event.kind, text: event.note }]
}

function writer(actor: Actor): PersonId | 'switchboard' {
  return actor.kind === 'person' ? actor.person : 'switchboard'
}

const HEADINGS = ['at', 'bleep', 'number', 'alert', 'what', 'sentence', 'person', 'name', 'channel', 'device']

/** The time lines of a copy as one table, for a spreadsheet. Holds no words: they are in the document. */
export function copyCsv({ bleeps }: Pick<SubjectCopy, 'bleeps'>): string {
  return `${csvLine(HEADINGS)}\r\n${bleeps.map(copyLines).join('')}`
}

/** The lines of one bleep. */
export function copyLines({ bleep, number, received, alert, seen }: CopiedBleep): string {
  const lines = [
    [received, bleep, number, alert?.alert, 'received', say('watch.theBleepWasReceived')],
    ...(alert?.timeline ?? []).map((t) => [
      ...[t.at, bleep, number, alert?.alert, t.what, t.sentence, t.person, t.name, t.channel, t.device],
    ]),
    ...seen.map((s) => [s.at, bleep, number, alert?.alert, 'seen', s.what, s.who, s.name, s.how]),
  ]
  return lines.map((line) => `${csvLine(line)}\r\n`).join('')
}
