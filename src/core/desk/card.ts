import type { Alert, Responder } from '../alert/alert.ts'
import { coverOf } from '../alert/cover.ts'
import { isComing, responderOf } from '../alert/responder.ts'
import { askerOf } from '../bleep/asked.ts'
import { type Bleep, trustIn } from '../bleep/bleep.ts'
import { unclearIn } from '../bleep/unclear.ts'
import { type Key, say } from '../catalogue/say.ts'
import { type Attempt, FAILED, UNSETTLED } from '../deliver/attempt.ts'
import { isOnAir } from '../deliver/channels.ts'
import { maskedFor, maskText, type Viewer } from '../deliver/mask.ts'
import type { Directory } from '../directory/directory.ts'
import { hospitalOf } from '../directory/number-plan.ts'
import { askedOf, type OpenedWords, openedWords } from '../directory/trust.ts'
import { given } from '../given.ts'
import type { Reading } from '../govern/permit.ts'
import { type Reader, readingOf, readsWords } from '../govern/reader.ts'
import { type AlertId, asId, type PersonId } from '../ids.ts'
import { type Instant, MINUTE, type Millis, printInstant } from '../instant.ts'
import { REASONS, type ReasonCode } from '../reasons.ts'
import { visible } from '../visible.ts'
import { dueOf, isAwaited, isRing, type OwnKind, type Purpose } from '../vocabulary.ts'
import { missingOf } from './missing.ts'
import { nameOfActor, nameOfRole, reachOf } from './names.ts'
import { orderOf, orderOfClosed } from './order.ts'
import type { Card, ResponderView } from './views.ts'

/** What a card needs besides the alert itself. */
export interface CardContext {
  readonly directory: Directory
  /** Kind id → the words people know it by. */
  readonly title: (kind: string) => string
  readonly now: Instant
}

/** One alert as a reader may see it. */
export function cardOf(
  alert: Alert,
  bleep: Bleep,
  reader: Reader,
  context: CardContext,
  /** The alert of the bleep this one is shown together with. */
  related?: AlertId,
): Card {
  const { directory } = context
  const meaning = bleep.meaning
  const kind = meaning?.kind ?? ('unclassified' satisfies OwnKind)
  const reads = readingOf(reader)
  const you = reader.person === undefined ? undefined : responderOf(alert, reader.person)
  const words = wordsFor(bleep.page.text, reader, directory)
  const todo = must(alert, directory)
  const raised = printInstant(alert.raised)
  const asked = Object.values(alert.responders).toSorted((a, b) => a.asked - b.asked)
  return {
    id: alert.id,
    version: alert.version,
    revision: alert.revision,
    order:
      alert.closed === undefined
        ? orderOf({
            ...{ class: alert.plan.class, level: todo.level, since: raised },
            covered: alert.phase === 'covered',
          })
        : orderOfClosed(alert.closed.at),
    phase: alert.phase,
    class: alert.plan.class,
    kind,
    title: context.title(kind),
    number: bleep.number,
    to: nameOfNumber(bleep.number, directory),
    ...given({ hospital: hospitalOf(bleep.number, directory) }),
    ...(words === undefined ? {} : { words }),
    ...(bleep.erased === undefined ? {} : { erased: printInstant(bleep.erased) }),
    quality: trustIn(bleep.page),
    ...given({ unclear: bleep.erased === undefined ? unclearIn(bleep.page) : undefined }),
    ...(reads === 'nothing' || meaning === undefined
      ? {}
      : stated(meaning, words === undefined ? 'masked' : reads, directory)),
    ...(reads === 'nothing' ? {} : given({ ward: askerOf(bleep, directory)?.ward })),
    raised,
    ...(alert.closed === undefined
      ? {}
      : {
          closed: {
            at: printInstant(alert.closed.at),
            by: alert.closed.operator ?? nameOfActor(alert.closed.by, reader, directory),
            sentence: REASONS[alert.closed.reason],
          },
        }),
    responders: asked.map((r) => responderView(r, reader, directory)),
    coming: asked.filter((r) => isComing(r, alert.plan.class)).map((r) => r.person),
    awaited: asked.filter((r) => isAwaited(r.state)).map((r) => r.person),
    missing: missingOf(alert, reader, directory, context.now),
    ...given({
      pagers: alert.plan.unrung?.map(({ role, why }) => ({
        ...{ role, name: nameOfRole(role, directory), sentence: REASONS[why] },
      })),
    }),
    must: todo,
    ...(alert.takenOver === undefined
      ? {}
      : { acting: { by: alert.takenOver.by, since: printInstant(alert.takenOver.at) } }),
    ...next(alert),
    repeats: bleep.repeats + alert.repeats.length,
    sightings: bleep.sightings,
    ...(related === undefined ? {} : { related }),
    ...given({ again: bleep.related?.reason === 'echo-bleep' ? say('card.likelyOne') : undefined }),
    ...(you === undefined ? {} : { you: { person: you.person, state: you.state } }),
  }
}

/**
 * What there is to show of an alert without working anything out: for when that failed. Somebody calls, where to and in
 * which words; the rest a person must find out by telephone.
 */
export function bareCard(alert: Alert, bleep: Bleep, { access }: Reader): Card {
  return {
    ...{ id: alert.id, version: alert.version, revision: alert.revision, phase: alert.phase },
    order: orderOf({ class: alert.plan.class, level: 'act', since: printInstant(alert.raised) }),
    ...{ class: alert.plan.class, kind: bleep.meaning?.kind ?? 'unclassified', number: bleep.number },
    ...{ title: bleep.meaning?.kind ?? 'Bleep', to: bleep.number, quality: trustIn(bleep.page) },
    // Masking may be what failed: only the switchboard, for whom nothing is masked, is given the words.
    ...(access === 'switchboard' && bleep.erased === undefined ? { words: bleep.page.text } : {}),
    ...{ raised: printInstant(alert.raised), responders: [], missing: [], coming: [], awaited: [] },
    must: { level: 'act', sentence: REASONS['card-failed'] },
    ...{ repeats: bleep.repeats, sightings: bleep.sightings },
  }
}

function responderView(r: Responder, reader: Reader, directory: Directory): ResponderView {
  return {
    ...reachOf(r.person, reader, directory),
    roles: r.roles.map((role) => nameOfRole(role, directory)),
    state: r.state,
    since: printInstant(r.since),
    ...(r.eta === undefined ? {} : { eta: r.eta }),
    ...(r.unreachable === true ? { unreachable: true } : {}),
  }
}

/** Who counts as coming, as this reader may see them. */
export function comingOf(alert: Alert, reader: Reader, directory: Directory): ResponderView[] {
  return Object.values(alert.responders)
    .filter((r) => isComing(r, alert.plan.class))
    .map((r) => responderView(r, reader, directory))
}

/** The sender's words as far as this reader may see them. */
export function wordsFor(text: string, reader: Reader, directory: Directory): string | undefined {
  if (!readsWords(reader)) return undefined
  const opened = openedOn(reader, directory)
  if (opened === 'none') return undefined
  const viewer = opened === 'masked' ? ({ kind: 'report' } as const) : viewerOf(reader, directory)
  return visible(maskText(text, maskedFor(viewer), directory.hospitalNumbers))
}

/**
 * Whether this reader reads who a patient is: no identifier is masked for them, and the trust's policy lets them see all.
 * Whoever does not is told no patient's name by any other door either.
 */
export function readsPatient(reader: Reader, directory: Directory): boolean {
  if (!readsWords(reader) || openedOn(reader, directory) !== 'all') return false
  const viewer = viewerOf(reader, directory)
  return viewer.kind === 'console' || maskedFor(viewer).length === 0
}

/** What the trust's policy lets a device show; at the console it says nothing. */
function openedOn(reader: Reader, directory: Directory): OpenedWords {
  if (reader.access !== 'holder') return 'all'
  if (reader.unsigned === true) return 'none'
  const { person, roles = [], devices, channel } = reader
  const shown = { ...askedOf(directory, person, roles), ...given({ devices, way: channel }) }
  return openedWords(directory.trust, shown)
}

/** Staff groups who treat patients and so read who the patient is. */
const CLINICAL: ReadonlySet<string> = new Set(['doctor', 'nurse', 'midwife', 'pharmacist', 'allied'])

function viewerOf(reader: Reader, directory: Directory): Viewer {
  if (readingOf(reader) === 'masked') return { kind: 'report' }
  if (reader.access !== 'holder') return { kind: 'console' }
  const group = reader.person === undefined ? undefined : directory.people.get(reader.person)?.staffGroup
  return {
    kind: 'device',
    channel: reader.channel ?? 'socket',
    clinical: group !== undefined && CLINICAL.has(group),
  }
}

/**
 * What the sender stated; a call-back number is for those who ring it. Where no place was stated it is the one at which
 * the extension to ring stands: that is where somebody waits.
 */
function stated(meaning: NonNullable<Bleep['meaning']>, reads: Reading, { extensions }: Directory) {
  const place = meaning.place ?? extensions?.get(meaning.callBack?.replace(/\D/g, '') ?? '')
  return {
    ...(place === undefined ? {} : { place }),
    ...(meaning.callBack === undefined || reads !== 'all' ? {} : { callBack: meaning.callBack }),
    ...(meaning.eta === undefined ? {} : { eta: meaning.eta }),
  }
}

/** What a bleep number is called here; for a call to a role, the role; for one in no plan, that it is unknown. */
export function nameOfNumber(number: string, directory: Directory): string {
  const row = directory.numbers.get(number)
  if (row === undefined && directory.roles.has(asId(number))) return nameOfRole(asId(number), directory)
  if (row === undefined)
    return number.startsWith('ric:') ? say('card.unknownAddress') : say('card.unknownBleep')
  if (row.description !== '') return row.description
  const { to } = row
  if (to.kind === 'role') return nameOfRole(to.role, directory)
  if (to.kind === 'team') return directory.teams.get(to.team)?.name ?? to.team
  return directory.people.get(to.person)?.name ?? to.person
}

/** What the switchboard has to do now: the alert's own call for attention, in words with the roles it is about. */
function must(alert: Alert, directory: Directory): Card['must'] {
  const { attention, takenOver } = alert
  if (attention !== undefined) {
    const missing = coverOf(alert).missing
    const still = attention.roles.filter((role) => missing.includes(role))
    const concerned = still.length > 0 ? still : attention.roles
    const roles = concerned.map((role) => nameOfRole(role, directory)).join(', ')
    const sentence = REASONS[attention.reason]
    return { level: attention.level, sentence: roles === '' ? sentence : `${sentence} (${roles})` }
  }
  if (alert.phase === 'closed') return { level: 'none', sentence: say('card.closed') }
  if (takenOver !== undefined) return { level: 'none', sentence: say('card.acting', { by: takenOver.by }) }
  return {
    level: 'none',
    sentence: say(alert.phase === 'covered' ? 'card.covered' : 'card.asking'),
  }
}

/** What a due time stands for, in words. */
export function dueSays(name: string): string {
  const sort = dueOf(name)
  return sort === undefined ? name : say(`card.${sort}` satisfies Key)
}

function next(alert: Alert): Pick<Card, 'next'> {
  const [first] = Object.entries(alert.due)
    .filter(([name]) => dueOf(name) !== undefined && name !== 'insist')
    .toSorted((a, b) => a[1] - b[1])
  return first === undefined ? {} : { next: { at: printInstant(first[1]), what: dueSays(first[0]) } }
}

/** What became of the last wish to page again by radio. */
export function radioOf(alert: Alert, attempts: readonly Attempt[]): Pick<Card, 'radio'> {
  const last = attempts.filter((a) => isOnAir(a.channel)).toSorted((a, b) => b.created - a.created)[0]
  // Without an attempt nothing goes out: there is no way on to the air here.
  if (alert.radioed === undefined || last === undefined) return {}
  const failed = FAILED.includes(last.state)
  const sent = !UNSETTLED.includes(last.state)
  return { radio: { at: printInstant(alert.radioed), state: failed ? 'failed' : sent ? 'sent' : 'asked' } }
}

/** How long after a call was stood down a phone that hears of it late still rings for it. */
const TURN_ROUND: Millis = 5 * MINUTE

/** A device pulls what it was told; whether that still rings is judged now, by our clock. */
export function rings(
  alert: Alert,
  purpose: Purpose,
  expires: Instant,
  person: PersonId | undefined,
  now: Instant,
): boolean {
  if (expires <= now) return false
  // Somebody is running: told to turn round as loudly as they were called.
  if (purpose === 'cancel') return alert.closed !== undefined && now - alert.closed.at < TURN_ROUND
  if (!isRing(purpose) || alert.phase === 'closed') return false
  const r = person === undefined ? undefined : responderOf(alert, person)
  return r === undefined || isAwaited(r.state)
}

/** Reasons in words, each once, in the order of their first coming; a code that is no reason is left out. */
export function sentencesOf(codes: Iterable<string>): { code: string; sentence: string }[] {
  return [...new Set(codes)].filter(isReason).map((code) => ({ code, sentence: REASONS[code] }))
}

function isReason(code: string): code is ReasonCode {
  return Object.hasOwn(REASONS, code)
}
