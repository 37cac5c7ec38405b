import type { Alert } from '../../core/alert/alert.ts'
import { responderOf } from '../../core/alert/responder.ts'
import { askerOf } from '../../core/bleep/asked.ts'
import { type Bleep, trustIn } from '../../core/bleep/bleep.ts'
import { say } from '../../core/catalogue/say.ts'
import { isOnAir } from '../../core/deliver/channels.ts'
import type { AlertView } from '../../core/desk/alert-views.ts'
import { radioOf, sentencesOf, wordsFor } from '../../core/desk/card.ts'
import { mergedIn } from '../../core/desk/joined.ts'
import { nameOfActor, nameOfRole } from '../../core/desk/names.ts'
import { timelineOf } from '../../core/desk/timeline.ts'
import type { Directory } from '../../core/directory/directory.ts'
import { given } from '../../core/given.ts'
import type { Reader } from '../../core/govern/reader.ts'
import { readingOf } from '../../core/govern/reader.ts'
import { asId, type BleepId, type PersonId } from '../../core/ids.ts'
import { MINUTE, printInstant } from '../../core/instant.ts'
import { hopsOf } from '../../core/measure/hops.ts'
import { REASONS, type ReasonCode } from '../../core/reasons.ts'
import { newFiling } from '../../core/record/filing.ts'
import { filingNoteOf } from '../../core/record/view.ts'
import { sheetOf } from '../../core/route/calls.ts'
import type { Desk } from '../../ports/desk.ts'
import type { Tx } from '../../ports/store.ts'
import { apart } from '../defect.ts'
import { termsFor } from './conduct.ts'
import type { DeskParts } from './desk-parts.ts'
import {
  allowed,
  cardFor,
  contextOf,
  deviceOf,
  done,
  isGiven,
  readerOf,
  refuse,
  relatedOf,
  saw,
  speakersOf,
  waterfallFor,
} from './desk-parts.ts'
import { joinedCard } from './joined.ts'
import { outside } from './outside.ts'

/** Bleeps to the same number later than this are not looked at for a relation (core/bleep/relate.ts). */
const RELATED_WITHIN = 15 * MINUTE
const RELATED_AT_MOST = 50

/** One alert with all that is known of it: who, when, by which way, why, and what belongs with it. */
export function createAlertPage(parts: DeskParts): Pick<Desk, 'alert'> {
  const { store } = parts
  return {
    alert: (caller, id) =>
      allowed(parts, caller, 'alert.read', () =>
        store.transact(async (tx) => {
          const alert = await tx.alerts.get(id)
          const bleep = alert && (await tx.bleeps.get(alert.bleep))
          if (alert === undefined || bleep === undefined) return refuse('alert-unknown')
          const device = await deviceOf(tx, caller)
          const people = device === undefined ? [] : await speakersOf(parts, tx, device, alert)
          if (caller.kind === 'device') {
            const asked = people.filter((p) => responderOf(alert, p) !== undefined)
            if (device === undefined || asked.length === 0) return refuse('alert-unknown')
            if (!asked.some((p) => isGiven(parts, device, alert, p))) return refuse('content-cleared')
          }
          saw(parts, caller, 'alert.read', [alert])
          const unsigned = device !== undefined && (await termsFor(tx, parts, device)) !== undefined
          const reader = readerOf(caller, people, alert, device, unsigned)
          outside(parts, caller, reader.roles ?? [], 'read', alert.id)
          const context = contextOf(parts)
          const { directory } = context
          // A phone looks every few seconds: it is told of nobody else's devices and attempts, and shows no record.
          const asPhone = device !== undefined
          const hops = asPhone ? [] : hopsOf(bleep, await tx.hops.of(bleep.id))
          const events = asPhone ? [] : await tx.alerts.events(id)
          const all = await tx.attempts.ofAlert(id)
          const attempts = asPhone ? all.filter((a) => a.device === device.id) : all
          const start = hops.find((h) => h.hop === 'first-byte')?.at ?? bleep.page.firstByte
          const part = <T>(work: () => Promise<T> | T, instead: T): Promise<T> =>
            apart(parts, 'view-failed', id, work, () => instead)
          const timeline = asPhone
            ? []
            : await part(() => timelineOf({ alert, hops, events, attempts, start }, reader, directory), [])
          const devices = new Map(asPhone ? [[device.id, device.label]] : [])
          if (!asPhone)
            for (const one of new Set(attempts.map((a) => a.device))) {
              const known = await tx.devices.get(one)
              if (known !== undefined) devices.set(one, known.label)
            }
          const joined = asPhone ? [] : await part(() => joinedOf(tx, alert, bleep, reader, directory), [])
          saw(
            parts,
            caller,
            'alert.read',
            joined.map(({ bleep: id }) => ({ id })),
          )
          return done({
            ...(await cardFor(parts, alert, bleep, reader, context, await relatedOf(tx, bleep))),
            ...radioOf(alert, all),
            ...(await joinedCard(tx, parts, caller, alert, bleep)),
            firstByte: printInstant(start),
            timeline,
            ...(await part(
              () => waterfallFor(alert, hops, (one) => nameOfActor(asId<PersonId>(one), reader, directory)),
              {},
            )),
            hops: hops
              .map((h) => ({
                hop: h.hop,
                at: printInstant(h.at),
                after: h.at - start,
                ...(h.person === undefined ? {} : { person: nameOfActor(h.person, reader, directory) }),
                clock: h.clock,
                ...given({ offset: h.offset, uncertainty: h.uncertainty }),
              }))
              .sort((a, b) => a.after - b.after),
            attempts: attempts.map((a) => ({
              id: a.id,
              person: a.person,
              name: isOnAir(a.channel)
                ? say('call.everybodyWithThisBleep')
                : nameOfActor(a.person, reader, directory),
              device: a.device,
              ...(devices.has(a.device) ? { label: devices.get(a.device) ?? '' } : {}),
              channel: a.channel,
              purpose: a.purpose,
              state: a.state,
              try: a.try,
              created: printInstant(a.created),
              reason: a.reason,
              sentence: REASONS[a.reason],
              ...(a.fault === undefined ? {} : { fault: a.fault }),
            })),
            ...(await part(() => filingFor(parts, tx, alert), {})),
            sheet: asPhone ? [] : sheetFor(parts, alert, bleep),
            thread: alert.thread.map((s) => ({
              ...(s.role === undefined ? {} : { role: nameOfRole(s.role, directory) }),
              at: printInstant(s.at),
              by: s.by,
              name:
                s.by === 'asker'
                  ? (askerOf(bleep, directory)?.ward ?? say('timeline.whoAsked'))
                  : (s.operator ?? nameOfActor(s.by, reader, directory)),
              kind: s.kind,
              text: wordsFor(s.text, reader, directory) ?? '',
            })),
            reasons: sentencesOf([
              ...(bleep.meaning === undefined ? [] : [bleep.meaning.reason]),
              ...timeline.flatMap((line) => (line.reason === undefined ? [] : [line.reason])),
              ...alert.plan.steps.slice(0, alert.step + 1).map((s) => s.reason),
            ]),
            steps: await part(() => stepsOf(alert, reader, directory), []),
            heard: asPhone ? [] : await part(() => heardOf(tx, bleep, reader, directory), []),
            joined,
          })
        }),
      ),
  }
}

/** What becomes of it in the patient's record; before its end only whose record that is. */
async function filingFor(
  { filing }: DeskParts,
  tx: Tx,
  { id, bleep, raised, plan }: Alert,
): Promise<Pick<AlertView, 'filing'>> {
  if (filing === undefined || plan.class === 'test') return {}
  const { filing: filed, sends } = (await tx.filings.get(id)) ?? {
    ...{ filing: newFiling(id, bleep, raised), sends: [] },
  }
  return { filing: filingNoteOf(filed, sends) }
}

/** The site's steps as they are now, and whatever was ticked under other words. */
function sheetFor({ calling }: DeskParts, { ticks = {} }: Alert, { meaning }: Bleep): AlertView['sheet'] {
  const listed = calling === undefined ? [] : sheetOf(calling.policies().calls, meaning?.kind ?? '')
  return [...new Set([...listed, ...Object.keys(ticks)])].map((step) => {
    const done = ticks[step]
    return { step, ...(done === undefined ? {} : { done: { at: printInstant(done.at), by: done.by } }) }
  })
}

function stepsOf(alert: Alert, reader: Reader, directory: Directory): AlertView['steps'] {
  return alert.plan.steps.map((s, i) => ({
    after: s.after,
    ask: s.ask.map((t) => {
      if (t.kind === 'role') return nameOfRole(t.role, directory)
      if (t.kind === 'team') return directory.teams.get(t.team)?.name ?? t.team
      return nameOfActor(t.person, reader, directory)
    }),
    radio: s.radio,
    switchboard: s.switchboard,
    sentence: REASONS[s.reason],
    fired: i <= alert.step,
  }))
}

/** Every tap that heard it, in the order of arrival; where a copy read otherwise, what it read. */
async function heardOf(
  tx: Tx,
  bleep: Bleep,
  reader: Reader,
  directory: Directory,
): Promise<AlertView['heard']> {
  const sightings = await tx.bleeps.sightings(bleep.id)
  const merged = new Set(mergedIn(sightings).map((s) => s.id))
  return [...sightings]
    .sort((a, b) => a.begun - b.begun)
    .map(({ id, feed, tap, node, page, begun, reason }) => {
      const words = wordsFor(page.text, reader, directory)
      return {
        feed,
        tap,
        node,
        ...(merged.has(id) ? { joined: id } : {}),
        at: printInstant(begun),
        quality: trustIn(page),
        ...given({ doubt: page.radio?.doubt }),
        corrected: page.corrected,
        ...given({ inferred: page.radio?.inferred }),
        ...(words === undefined ? {} : { words }),
        // What else the sender said may hold more than a mask knows: only for who reads everything.
        fields: readingOf(reader) === 'all' ? page.fields : {},
        reason,
        sentence: REASONS[reason],
      }
    })
}

/** Other bleeps that belong with it: merged into it, before it, and after it. */
async function joinedOf(
  tx: Tx,
  alert: Alert,
  bleep: Bleep,
  reader: Reader,
  directory: Directory,
): Promise<AlertView['joined']> {
  const line = async (
    other: Bleep,
    how: AlertView['joined'][number]['how'],
    reason: ReasonCode,
  ): Promise<AlertView['joined'][number]> => {
    const words = wordsFor(other.page.text, reader, directory)
    const own = how === 'repeat' ? undefined : await tx.alerts.byBleep(other.id)
    return {
      how,
      bleep: other.id,
      at: printInstant(other.received),
      ...(own === undefined ? {} : { alert: own.id, phase: own.phase }),
      ...(words === undefined ? {} : { words }),
      reason,
      sentence: REASONS[reason],
    }
  }
  const get = async (id: BleepId | undefined) => (id === undefined ? undefined : tx.bleeps.get(id))
  const out: AlertView['joined'] = []
  const { related } = bleep
  const earlier = await get(related?.bleep)
  if (related !== undefined && earlier !== undefined) out.push(await line(earlier, 'earlier', related.reason))
  for (const id of alert.repeats) {
    const again = await get(id)
    if (again !== undefined) out.push(await line(again, 'repeat', again.related?.reason ?? 'same-call-again'))
  }
  const later = (await tx.bleeps.recent(bleep.number, bleep.received, RELATED_AT_MOST)).filter(
    (b) =>
      b.related?.bleep === bleep.id &&
      !alert.repeats.includes(b.id) &&
      b.received - bleep.received <= RELATED_WITHIN,
  )
  for (const b of later) if (b.related !== undefined) out.push(await line(b, 'later', b.related.reason))
  return out.sort((a, b) => a.at.localeCompare(b.at))
}
