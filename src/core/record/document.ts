import type { Actor, Alert, AlertEvent } from '../alert/alert.ts'
import { isComing } from '../alert/responder.ts'
import { askerOf } from '../bleep/asked.ts'
import type { Bleep } from '../bleep/bleep.ts'
import { identifiersIn } from '../bleep/identifiers.ts'
import { titleOf } from '../bleep/title.ts'
import { type Key, say } from '../catalogue/say.ts'
import { maskText } from '../deliver/mask.ts'
import { nameOfNumber } from '../desk/card.ts'
import { nameOfActor, nameOfRole } from '../desk/names.ts'
import type { SiteDirectory } from '../directory/build.ts'
import { given } from '../given.ts'
import type { AlertId, PersonId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import type { StampedHop } from '../measure/hops.ts'
import { REASONS, type ReasonCode, standDownReason } from '../reasons.ts'
import { type Class, type ResponderState, STAND_DOWNS } from '../vocabulary.ts'
import type { LocalNumbers, Patient } from './patient.ts'
import type { Before, FilingSend } from './send.ts'

/** Somebody of the hospital, as the record names them. */
interface Staff {
  readonly person: PersonId
  readonly name: string
}

/**
 * What is filed of one call, in no format yet: what was asked, by whom and of whom, when each stage was, who came, what
 * was said, and how it ended. Made anew each time it is sent, so that it lies nowhere else.
 */
export interface FiledDocument {
  readonly alert: AlertId
  readonly document: number
  readonly version: number
  readonly act: FilingSend['act']
  readonly before: Before
  /** When this version was decided on: the same however often it is sent. */
  readonly made: Instant
  readonly patient: Patient
  readonly site: { readonly id: string; readonly name: string }
  readonly title: string
  readonly class: Class
  readonly number: string
  readonly to: string
  readonly place?: string
  readonly asker?: { readonly ward?: string; readonly extension?: string }
  /** Absent where there were none, or where they are left out. */
  readonly words?: string
  readonly wordsOut?: true
  readonly raised: Instant
  readonly ended: Instant
  readonly stages: readonly { readonly at: Instant; readonly says: string }[]
  readonly received?: Instant
  readonly people: readonly (Staff & {
    readonly roles: readonly string[]
    readonly state: ResponderState
    readonly says: string
    readonly at: Instant
  })[]
  readonly came: readonly Staff[]
  readonly thread: readonly { readonly at: Instant; readonly by: string; readonly text: string }[]
  readonly outcome: 'came' | 'coming' | 'stood-down' | 'nobody'
  readonly outcomeSays: string
}

/** All that it is made of. */
export interface FiledFrom {
  readonly alert: Alert
  readonly bleep: Bleep
  readonly events: readonly AlertEvent[]
  readonly hops: readonly StampedHop[]
  /** Further bleeps that joined the call. */
  readonly repeats: readonly Bleep[]
  readonly directory: SiteDirectory
  readonly local: LocalNumbers
  readonly many: boolean
}

/** The staff of the record are named: it is the patient's own record of who cared for them. */
const READER = { access: 'switchboard' } as const

/** What is filed for one patient, made anew from the alert: the same send gives the same document. */
export function documentOf(
  send: FilingSend,
  patient: Patient,
  before: Before,
  from: FiledFrom,
): FiledDocument {
  const { alert, bleep, directory, many } = from
  const { document, version, act } = send
  const meaning = bleep.meaning
  const clean = (text: string) => withoutOthers(text, patient, from)
  const words = many ? '' : clean(bleep.page.text)
  const people = peopleOf(alert, directory)
  const came = people.filter(({ state }) => state === 'arrived')
  const received = firstOf(from.hops, ['presented', 'opened'])
  return {
    ...{ alert: alert.id, document, version, act, before, patient, made: send.created },
    site: { id: directory.site.id, name: directory.site.name },
    title: titleOf(meaning?.kind ?? 'bleep'),
    class: alert.plan.class,
    ...{ number: bleep.number, to: nameOfNumber(bleep.number, directory) },
    ...given({ place: many ? undefined : meaning?.place && clean(meaning.place) }),
    ...given({ asker: askerOf(bleep, directory) }),
    ...(words === '' ? {} : { words }),
    ...(many ? { wordsOut: true } : {}),
    ...{ raised: alert.raised, ended: alert.closed?.at ?? alert.raised },
    stages: stagesOf(from, clean),
    ...given({ received }),
    ...{ people, came },
    thread: many ? [] : threadOf(from, clean),
    ...outcomeOf(alert, came, people),
  }
}

/** Numbers of anybody but the patient do not go into the patient's record. */
function withoutOthers(text: string, patient: Patient, { local }: FiledFrom): string {
  const own = (scheme: Patient['scheme'], key: string) =>
    patient.scheme === scheme && patient.value === key.toUpperCase().replace(/\s/g, '')
  let clean = text
  for (const number of local(text)) if (!own('local', number)) clean = clean.replaceAll(number, '[number]')
  if (identifiersIn(clean, ['nhs-number']).every(({ key }) => own('nhs', key))) return clean
  return maskText(clean, ['nhs-number'])
}

const SAYS = {
  asked: 'common.isSent',
  'on-device': 'common.phoneHasIt',
  presented: 'common.onTheScreen',
  opened: 'common.readingIt',
  accepted: 'common.isComing',
  'call-back': 'common.willCallBack',
  attending: 'common.onTheWay',
  arrived: 'common.isThere',
  declined: 'common.cannotCome',
  'not-me': 'common.notThem',
  'stood-down': 'common.stoodDown',
} as const satisfies Readonly<Record<ResponderState, Key>>

const saidOf = (state: ResponderState): string => say(SAYS[state])

function peopleOf(alert: Alert, directory: SiteDirectory): FiledDocument['people'] {
  return Object.values(alert.responders)
    .toSorted((a, b) => a.asked - b.asked)
    .map((r) => ({
      ...{ person: r.person, name: nameOfActor(r.person, READER, directory) },
      roles: r.roles.map((role) => nameOfRole(role, directory)),
      ...{ state: r.state, says: saidOf(r.state), at: r.since },
    }))
}

function firstOf(hops: readonly StampedHop[], names: readonly string[]): Instant | undefined {
  const times = hops.filter(({ hop }) => names.includes(hop)).map(({ at }) => at)
  return times.length === 0 ? undefined : Math.min(...times)
}

const STAGES = [
  [['presented'], 'filed.stageShown'],
  [['opened'], 'filed.stageOpened'],
  [['accepted'], 'filed.stageAccepted'],
  [['covered'], 'filed.stageCovered'],
  [['arrived'], 'filed.stageArrived'],
] as const satisfies readonly (readonly [readonly string[], Key])[]

function stagesOf(
  { alert, bleep, events, hops, repeats, directory, many }: FiledFrom,
  clean: (text: string) => string,
): FiledDocument['stages'] {
  const stages = [
    { at: bleep.page.firstByte, says: say('filed.stageReceived') },
    { at: alert.raised, says: say('filed.stageRaised') },
    ...STAGES.flatMap(([names, key]) => {
      const at = firstOf(hops, names)
      return at === undefined ? [] : [{ at, says: say(key) }]
    }),
    ...events.flatMap((e) =>
      e.kind === 'answered'
        ? [
            {
              at: e.at,
              says: say('filed.answered', {
                who: nameOfActor(e.person, READER, directory),
                what: saidOf(e.answer),
              }),
            },
          ]
        : [],
    ),
    ...repeats.map((again) => ({
      at: again.received,
      says: say('filed.again', { words: many ? '' : clean(again.page.text) }),
    })),
    ...(alert.closed === undefined
      ? []
      : [{ at: alert.closed.at, says: say('filed.stageEnded', { how: REASONS[alert.closed.reason] }) }]),
  ]
  return stages.toSorted((a, b) => a.at - b.at)
}

/** Replies of the thread, and what was written with an answer or at the end. */
function threadOf(
  { events, directory }: FiledFrom,
  clean: (text: string) => string,
): FiledDocument['thread'] {
  const by = (actor: Actor) =>
    actor.kind === 'person'
      ? nameOfActor(actor.person, READER, directory)
      : actor.kind === 'asker'
        ? actor.ward
        : nameOfActor('switchboard', READER, directory)
  return events.flatMap((e) => {
    if (e.kind === 'said') return [{ at: e.at, by: by(e.by), text: clean(e.said.text) }]
    if ((e.kind !== 'answered' && e.kind !== 'closed') || e.note === undefined) return []
    return [{ at: e.at, by: by(e.by), text: clean(e.note) }]
  })
}

const STOOD_DOWN: ReadonlySet<ReasonCode> = new Set(STAND_DOWNS.map(standDownReason))

function outcomeOf(
  alert: Alert,
  came: readonly Staff[],
  people: FiledDocument['people'],
): Pick<FiledDocument, 'outcome' | 'outcomeSays'> {
  const names = (of: readonly Staff[]) => of.map(({ name }) => name).join(', ')
  if (came.length > 0) return { outcome: 'came', outcomeSays: say('filed.came', { who: names(came) }) }
  if (alert.closed !== undefined && STOOD_DOWN.has(alert.closed.reason))
    return { outcome: 'stood-down', outcomeSays: REASONS[alert.closed.reason] }
  const coming = people.filter(({ person }) => {
    const r = alert.responders[person]
    return r !== undefined && isComing(r, alert.plan.class)
  })
  const firm = coming.filter(({ state }) => state !== 'call-back')
  if (firm.length > 0) return { outcome: 'coming', outcomeSays: say('filed.spoke', { who: names(firm) }) }
  if (coming.length > 0) return { outcome: 'coming', outcomeSays: say('filed.rang', { who: names(coming) }) }
  return { outcome: 'nobody', outcomeSays: say('filed.nobodyCame') }
}
