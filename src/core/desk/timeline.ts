import type { Actor, Alert, AlertEvent } from '../alert/alert.ts'
import { say } from '../catalogue/say.ts'
import type { Attempt } from '../deliver/attempt.ts'
import { isOnAir } from '../deliver/channels.ts'
import { reportSays } from '../deliver/reports.ts'
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
          ? `Sent by ${CHANNEL_SAYS[a.channel]}`
          : `Not by ${CHANNEL_SAYS[a.channel]}: ${FAULTS[a.fault].sentence}`,
      // On the air it is nobody's in particular.
      ...(isOnAir(a.channel) ? {} : named(a.person)),
      device: a.device,
      channel: a.channel,
      reason: a.reason,
    }),
  )
  return [...hops, ...events, ...attempts].sort((a, b) => a[0] - b[0]).map(([, line]) => line)
}

const CHANNEL_SAYS: Readonly<Record<Attempt['channel'], string>> = {
  webpush: 'Web Push',
  apn: 'Apple push',
  fcm: 'Android push',
  socket: 'hospital network',
  mqtt: 'MQTT',
  ntfy: 'ntfy',
  voice: 'a telephone call',
  notify: 'a text by GOV.UK Notify',
  modem: 'a text by the modem',
  nudge: 'a nudge',
  radio: 'radio',
}

/** A due step says what the plan does then; the other due times are waits that ended. */
function dueLine(name: string, alert: Alert, line: (sentence: string, more?: Partial<Line>) => Line): Line {
  const step = /^step-(\d+)$/.exec(name)?.[1]
  const planned = step === undefined ? undefined : alert.plan.steps[Number(step)]
  if (planned) return line(`Step ${Number(step) + 1}: ${REASONS[planned.reason]}`, { reason: planned.reason })
  return line(dueSays(name))
}

type Named = (person: PersonId) => { person: PersonId; name?: string }
type Line = Omit<TimelineEntry, 'at' | 'after'>

function eventLine(e: AlertEvent, alert: Alert, reader: Reader, directory: Directory, named: Named): Line {
  const by = (actor: Actor) =>
    actor.kind === 'person'
      ? nameOfActor(actor.person, reader, directory)
      : actor.kind === 'switchboard'
        ? `Switchboard (${actor.operator})`
        : actor.kind === 'asker'
          ? actor.ward
          : 'Telephone exchange'
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
        ? line('Alert raised')
        : line(`Started at the call desk by ${by(e.by)}`, { reason: 'called-at-desk' })
    case 'ticked':
      return line(`${e.done ? 'Done' : 'Not done after all'}: ${e.step} (${by(e.by)})`)
    case 'receipt':
      return line(capital(HOPS[e.stage].says), named(e.person))
    case 'unreachable':
      return line(REASONS[e.reason], { ...named(e.person), reason: e.reason })
    case 'answered':
      if (e.by.kind === 'pbx')
        return line(
          `Called back: ${REASONS['call-back-answered'].toLowerCase()} (implicit: nobody pressed a key)`,
          {
            ...named(e.person),
            reason: 'call-back-answered',
          },
        )
      return line(
        `Answered “${e.answer}”${by(e.by) === nameOfActor(e.person, reader, directory) ? '' : `, by ${by(e.by)}`}`,
        named(e.person),
      )
    case 'due':
      return dueLine(e.name, alert, line)
    case 'separated':
      return line(`${REASONS['joined-undone']} (${by(e.by)})`, { reason: 'joined-undone' })
    case 'repeated':
    case 'upgraded':
    case 'reread':
      return line(REASONS[e.reason], { reason: e.reason })
    case 'cancelled':
      return line(`Cancelled by ${e.by === 'page' ? 'a stand-down page' : by(e.by)}`, { reason: e.reason })
    case 'finished':
      return line(`Finished by ${by(e.by)}`)
    case 'answer-undone':
      return line(`Answer taken back by ${by(e.by)}`, { ...named(e.person), reason: 'answer-undone' })
    case 'paged-again':
      return line(`Paged again by radio, by ${by(e.by)}`, { reason: 'paged-again' })
    case 'closed':
      return line(`Closed by ${by(e.by)}`)
    case 'released':
      return line(`Released by ${by(e.by)}`, named(e.person))
    case 'taken-over':
      return line(`${by(e.by)} is acting on it`)
    case 'asked-again':
      return line(`${by(e.by)} asked again`, { reason: 'asked-again' })
    case 'left':
      return line(REASONS['holder-left'], { ...named(e.person), reason: 'holder-left' })
    case 'handed-over':
      return line(`${nameOfRole(e.role, directory)} handed over`, named(e.to))
    case 'said':
      return line(
        e.said.role === undefined
          ? `${by(e.by)} wrote to the thread`
          : `${by(e.by)} asked ${nameOfRole(e.said.role, directory)} as well`,
      )
    case 'also-ask':
      return line(
        `${by(e.by)} asked ${e.target.kind === 'role' ? nameOfRole(e.target.role, directory) : 'others'} as well`,
      )
    case 'clock-set-back':
      return line('Our clock was set back; due times moved with it')
    case 'obliged':
      return line('The auditor found nothing planned for this alert and asked the switchboard')
    default:
      return never(e)
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
