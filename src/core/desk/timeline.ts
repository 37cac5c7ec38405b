import type { Actor, Alert, AlertEvent } from '../alert/alert.ts'
import { say } from '../catalogue/say.ts'
import type { Attempt } from '../deliver/attempt.ts'
import { isOnAir } from '../deliver/channels.ts'
import { reportSays } from '../deliver/reports.ts'
import { WAY_SAYS } from '../deliver/way-words.ts'
import type { Directory } from '../directory/directory.ts'
import { FAULTS } from '../faults.ts'
import { namesPeople } from '../govern/permit.ts'
import type { Reader } from '../govern/reader.ts'
import type { DeviceId, PersonId } from '../ids.ts'
import { type Instant, printInstant } from '../instant.ts'
import { HOPS, isHop, type StampedHop } from '../measure/hops.ts'
import { never } from '../never.ts'
import { REASONS } from '../reasons.ts'
import type { TimelineEntry } from './alert-views.ts'
import { dueSays } from './card.ts'
import { nameOfActor, nameOfRole } from './names.ts'

export interface Past {
  readonly alert: Alert
  readonly hops: readonly (StampedHop & { readonly person?: PersonId; readonly device?: DeviceId })[]
  readonly events: readonly AlertEvent[]
  readonly attempts: readonly Attempt[]
  /** Zero of the time line. */
  readonly start: Instant
}

/** Everything that happened to an alert, in order, each line a sentence. */
export function timelineOf(past: Past, reader: Reader, directory: Directory): TimelineEntry[] {
  const named = (person: PersonId) => {
    const name = directory.people.get(person)?.name
    return name !== undefined && namesPeople(reader.access) ? { person, name } : { person }
  }
  const entry = (at: Instant, rest: Omit<TimelineEntry, 'at' | 'after'>): [Instant, TimelineEntry] => [
    at,
    { at: printInstant(at), after: at - past.start, ...rest },
  ]
  const hops = past.hops.map((h) =>
    entry(h.at, {
      what: h.hop,
      sort: 'hop',
      sentence: capital(isHop(h.hop) ? HOPS[h.hop].says : (reportSays(h.hop) ?? h.hop)),
      ...(h.person === undefined ? {} : named(h.person)),
      ...(h.device === undefined ? {} : { device: h.device }),
      clock: h.clock,
      ...(h.uncertainty === undefined ? {} : { uncertainty: h.uncertainty }),
    }),
  )
  const events = past.events
    // A receipt is already there as the hop it stamped.
    .filter((e) => e.kind !== 'receipt')
    .map((e) => entry(e.at, eventLine(e, past.alert, reader, directory, named)))
  const attempts = past.attempts.map((a) =>
    entry(a.created, {
      what: a.state,
      sort: 'attempt',
      sentence:
        a.fault === undefined
          ? say('timeline.sentBy', { channel: WAY_SAYS[a.channel] })
          : say('timeline.notBy', { channel: WAY_SAYS[a.channel], why: FAULTS[a.fault].sentence }),
      // On the air it is nobody's in particular.
      ...(isOnAir(a.channel) ? {} : named(a.person)),
      device: a.device,
      channel: a.channel,
      reason: a.reason,
    }),
  )
  return [...hops, ...events, ...attempts].sort((a, b) => a[0] - b[0]).map(([, line]) => line)
}

/** A due step says what the plan does then; the other due times are waits that ended. */
function dueLine(name: string, alert: Alert, line: (sentence: string, more?: Partial<Line>) => Line): Line {
  const step = /^step-(\d+)$/.exec(name)?.[1]
  const planned = step === undefined ? undefined : alert.plan.steps[Number(step)]
  if (planned)
    return line(say('timeline.step', { step: Number(step) + 1, why: REASONS[planned.reason] }), {
      reason: planned.reason,
    })
  return line(dueSays(name))
}

type Named = (person: PersonId) => { person: PersonId; name?: string }
type Line = Omit<TimelineEntry, 'at' | 'after'>

function eventLine(e: AlertEvent, alert: Alert, reader: Reader, directory: Directory, named: Named): Line {
  const by = (actor: Actor) =>
    actor.kind === 'person'
      ? nameOfActor(actor.person, reader, directory)
      : actor.kind === 'switchboard'
        ? say('timeline.switchboard', { operator: actor.operator })
        : actor.kind === 'asker'
          ? actor.ward
          : say('timeline.telephoneExchange')
  const line = (sentence: string, more: Partial<Line> = {}): Line => ({
    what: e.kind,
    sort: 'event',
    sentence,
    ...more,
  })
  switch (e.kind) {
    case 'raised':
      if (e.apart !== undefined && e.by !== undefined)
        return line(say('call.takenApart', { by: by(e.by) }), { reason: 'joined-undone' })
      return e.by === undefined
        ? line(say('timeline.alertRaised'))
        : line(say('timeline.startedAtTheCallDesk', { by: by(e.by) }), { reason: 'called-at-desk' })
    case 'ticked':
      return line(say(e.done ? 'timeline.done' : 'timeline.notDoneAfterAll', { step: e.step, by: by(e.by) }))
    case 'receipt':
      return line(capital(HOPS[e.stage].says), named(e.person))
    case 'unreachable':
      return line(REASONS[e.reason], { ...named(e.person), reason: e.reason })
    case 'answered':
      if (e.by.kind === 'pbx')
        return line(
          say('timeline.calledBackImplicitNobody', { how: REASONS['call-back-answered'].toLowerCase() }),
          {
            ...named(e.person),
            reason: 'call-back-answered',
          },
        )
      return line(
        by(e.by) === nameOfActor(e.person, reader, directory)
          ? say('timeline.answered', { answer: e.answer })
          : say('timeline.answeredFor', { answer: e.answer, by: by(e.by) }),
        named(e.person),
      )
    case 'due':
      return e.engaged === undefined ? dueLine(e.name, alert, line) : line(say('timeline.insistsButFor'))
    case 'separated':
      return line(`${REASONS['joined-undone']} (${by(e.by)})`, { reason: 'joined-undone' })
    case 'repeated':
    case 'upgraded':
    case 'reread':
      return line(REASONS[e.reason], { reason: e.reason })
    case 'cancelled':
      return line(
        say('timeline.cancelledBy', { by: e.by === 'page' ? say('timeline.aStandDownPage') : by(e.by) }),
        { reason: e.reason },
      )
    case 'finished':
      return line(say('timeline.finishedBy', { by: by(e.by) }))
    case 'answer-undone':
      return line(say('timeline.answerTakenBackBy', { by: by(e.by) }), {
        ...named(e.person),
        reason: 'answer-undone',
      })
    case 'paged-again':
      return line(say('timeline.pagedAgainByRadioBy', { by: by(e.by) }), { reason: 'paged-again' })
    case 'closed':
      return line(say('timeline.closedBy', { by: by(e.by) }))
    case 'released':
      return line(say('timeline.releasedBy', { by: by(e.by) }), named(e.person))
    case 'taken-over':
      return line(say('timeline.isActingOnIt', { by: by(e.by) }))
    case 'asked-again':
      return line(say('timeline.askedAgain', { by: by(e.by) }), { reason: 'asked-again' })
    case 'left':
      return line(REASONS['holder-left'], { ...named(e.person), reason: 'holder-left' })
    case 'handed-over':
      return line(say('timeline.handedOver', { role: nameOfRole(e.role, directory) }), named(e.to))
    case 'said':
      return line(
        e.said.role === undefined
          ? say('timeline.wroteToTheThread', { by: by(e.by) })
          : say('timeline.askedAsWell', { by: by(e.by), whom: nameOfRole(e.said.role, directory) }),
      )
    case 'also-ask':
      return line(
        say('timeline.askedAsWell', {
          by: by(e.by),
          whom: e.target.kind === 'role' ? nameOfRole(e.target.role, directory) : say('timeline.others'),
        }),
      )
    case 'clock-set-back':
      return line(say('timeline.ourClockSetBackDue'))
    case 'obliged':
      return line(say('timeline.auditorFoundNothingPlanned'))
    default:
      return never(e)
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
