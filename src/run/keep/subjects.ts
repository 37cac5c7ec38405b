import { traitsOf } from '../../core/deliver/channels.ts'
import { nameOfNumber, wordsFor } from '../../core/desk/card.ts'
import { copyOf, type Traces } from '../../core/desk/copy.ts'
import type {
  CopiedPerson,
  FoundBleep,
  FoundView,
  SubjectCopy,
  TraceView,
} from '../../core/desk/govern-views.ts'
import { seenBy, TRACE_SAYS } from '../../core/desk/trace.ts'
import type { SiteDirectory } from '../../core/directory/build.ts'
import { failed, ok, type Result } from '../../core/faults.ts'
import type { AuditEntry, AuditRow } from '../../core/govern/audit.ts'
import { names } from '../../core/govern/erase.ts'
import type { About, Place, Whole } from '../../core/govern/subject.ts'
import { type AlertId, asId, type BleepId, type PersonId } from '../../core/ids.ts'
import { DAY, MINUTE, type Millis, printInstant } from '../../core/instant.ts'
import { hopsOf } from '../../core/measure/hops.ts'
import type { Random } from '../../ports/random.ts'
import type { Tx } from '../../ports/store.ts'
import type { Stored } from '../../ports/tools.ts'
import { searchAll } from './search.ts'

export interface GovernParts extends Stored {
  readonly random: Random
  readonly directory: () => SiteDirectory
}

/** Found at most; beyond it the search was too wide to be about one person. */
const MOST = 500
/** The longest span of one search. */
const LONGEST: Millis = 400 * DAY
/** Audit entries read of one thing. */
const ENTRIES = 5000
/** A board that was looked at this long before may still have been on the screen. */
const ON_SCREEN: Millis = 15 * MINUTE

export interface Subjects {
  /** Bleeps that hold what is sought, oldest first, words masked. */
  find(actor: string, about: About, reason: string): Promise<Result<FoundView>>
  /** The same as one document, with every word that is theirs, and everybody who saw it. */
  copy(actor: string, about: About, reason: string): Promise<Result<SubjectCopy>>
  /** Who was sent one bleep or alert, whose phone had it, who looked. */
  trace(actor: string, id: string, reason: string): Promise<Result<TraceView>>
}

export function createSubjects(parts: GovernParts): Subjects {
  const { store, clock, directory } = parts

  const record = (entry: Omit<AuditEntry, 'at'>) =>
    store.transact((tx) => tx.audit.append({ at: clock.now(), ...entry }))

  /** What was sought is somebody's data, and the audit is kept for years: it says how, and not what. */
  const detail = (about: About, reason: string, found: number) => ({
    ...{ reason, found, from: printInstant(about.from), to: printInstant(about.to) },
    by: [about.text && 'text', about.number && 'number', about.person && 'person'].filter(Boolean).join('+'),
  })

  async function search(about: About): Promise<Result<readonly [Whole, readonly Place[]][]>> {
    if (about.to <= about.from || about.to - about.from > LONGEST)
      return failed('request-invalid', 'from and to: a span of at most 400 days')
    const found = await searchAll({ store, clock }, about, MOST + 1)
    return found.length > MOST ? failed('subject-too-wide', `${MOST}`) : ok(found)
  }

  return {
    async find(actor, about, reason) {
      const found = await search(about)
      const n = found.ok ? found.value.length : 0
      const outcome = found.ok ? 'done' : 'refused'
      await record({ actor, action: 'subject.find', subject: '', outcome, detail: detail(about, reason, n) })
      if (!found.ok) return found
      const bleeps: FoundBleep[] = []
      for (const [whole, where] of found.value) {
        const held = await store.transact(async (tx) => {
          const keeps = await tx.holds.keeps(whole.bleep)
          await recordLook(tx, actor, 'subject.find', whole, clock.now())
          return keeps
        })
        bleeps.push(foundView(whole, where, held, directory()))
      }
      return ok({ bleeps })
    },

    async copy(actor, about, reason) {
      const found = await search(about)
      const n = found.ok ? found.value.length : 0
      const outcome = found.ok ? 'done' : 'refused'
      await record({ actor, action: 'subject.copy', subject: '', outcome, detail: detail(about, reason, n) })
      if (!found.ok) return found
      // A copy of what a member of staff did is theirs; the words of the pages they answered are the patients'.
      const staff = about.text === undefined ? about.person : undefined
      const bleeps = []
      for (const [whole] of found.value) {
        const traces = await store.transact(async (tx) => {
          if (staff === undefined) await recordLook(tx, actor, 'subject.copy', whole, clock.now())
          return tracesOf(tx, whole, directory(), clock.now())
        })
        bleeps.push(copyOf(whole, staff === undefined ? traces : { ...traces, seen: [] }, directory(), staff))
      }
      const { text, number, person, from, to } = about
      return ok({
        ...{ document: 'bleep-bridge/subject-copy', version: 1 },
        ...{ site: directory().site.name, made: printInstant(clock.now()), by: actor, reason },
        about: {
          ...(text === undefined ? {} : { text }),
          ...(number === undefined ? {} : { number }),
          ...(person === undefined ? {} : { person }),
          ...{ from: printInstant(from), to: printInstant(to) },
        },
        says: [...COPY_SAYS, ...(staff === undefined ? TRACE_SAYS : STAFF_SAYS)],
        ...(staff === undefined ? {} : { person: await personOf(staff) }),
        bleeps,
      })
    },

    async trace(actor, id, reason) {
      const whole = await store.transact((tx) => wholeOf(tx, id))
      const outcome = whole === undefined ? 'refused' : 'done'
      const subject = whole?.alert?.id ?? whole?.bleep.id ?? id
      await record({ actor, action: 'subject.trace', subject, outcome, detail: { reason } })
      if (whole === undefined) return failed('bleep-unknown')
      const { attempts, seen } = await store.transact((tx) => tracesOf(tx, whole, directory(), clock.now()))
      return ok({
        ...{ bleep: whole.bleep.id, received: printInstant(whole.bleep.received) },
        number: whole.bleep.number,
        ...(whole.alert === undefined ? {} : { alert: whole.alert.id }),
        sent: attempts.map(({ created, person, device, channel, state }) => {
          const name = directory().people.get(person)?.name
          return {
            ...{ at: printInstant(created), person, device, channel, state },
            ...(name === undefined ? {} : { name }),
          }
        }),
        seen: [...seen],
        says: [...TRACE_SAYS],
      })
    },
  }

  async function personOf(person: PersonId): Promise<CopiedPerson> {
    const known = directory().people.get(person)
    return store.transact(async (tx) => {
      const devices = await tx.devices.owned({ people: [person] })
      const edits = (await tx.directory.list()).filter(({ edit }) => names(edit, person))
      const acts = [
        ...(await tx.audit.about([person], ENTRIES)),
        ...(await tx.audit.by(
          devices.map(({ id }) => `device:${id}`),
          ENTRIES,
        )),
      ]
      return {
        person,
        ...(known === undefined ? {} : { name: known.name, staffGroup: known.staffGroup }),
        ...(known?.phone === undefined ? {} : { phone: known.phone }),
        active: known?.active ?? false,
        devices: devices.map(({ id, label, channel, address, state, enrolled, seen }) => ({
          ...{ device: id, label, channel, state, enrolled: printInstant(enrolled) },
          ...(traitsOf(channel).entered === 'number' && address !== '' ? { number: address } : {}),
          ...(seen === undefined ? {} : { seen: printInstant(seen) }),
        })),
        rota: edits.map(({ at, by, edit }) => ({ at: printInstant(at), by, change: edit })),
        acts: acts
          .toSorted((a, b) => a.seq - b.seq)
          .map(({ at, actor, action, subject, outcome }) => ({
            ...{ at: printInstant(at), who: actor, action, subject, outcome },
          })),
      }
    })
  }
}

const COPY_SAYS: readonly string[] = [
  'Everything this system holds that was found by the search named above, as it stood when this was made.',
  'Words whose keep time is over are gone; what is left says who, when and how urgent.',
  'Not in here: raw line captures and copies of the database, which go by their own keep times; the patient’s record, which is kept elsewhere.',
]
const STAFF_SAYS: readonly string[] = [
  'The words of the pages are left out: they are the patients’. Other people’s answers are left out.',
  'Not in here: the site’s own files of people and rota.',
]

/** A bleep by its own id or by its alert's, with all that may hold somebody's data. */
async function wholeOf(tx: Tx, id: string): Promise<Whole | undefined> {
  const named = await tx.alerts.get(asId<AlertId>(id))
  const bleep = await tx.bleeps.get(named?.bleep ?? asId<BleepId>(id))
  if (bleep === undefined) return undefined
  const alert = named ?? (await tx.alerts.byBleep(bleep.id))
  const sightings = await tx.bleeps.sightings(bleep.id)
  return { bleep, sightings, alert, events: alert === undefined ? [] : await tx.alerts.events(alert.id) }
}

async function tracesOf(
  tx: Tx,
  { bleep, alert }: Whole,
  directory: SiteDirectory,
  now: number,
): Promise<Traces> {
  const hops = hopsOf(bleep, await tx.hops.of(bleep.id))
  const attempts = alert === undefined ? [] : await tx.attempts.ofAlert(alert.id)
  const about = await tx.audit.about([bleep.id, ...(alert === undefined ? [] : [alert.id])], ENTRIES)
  const boards: readonly AuditRow[] =
    alert === undefined
      ? []
      : await tx.audit.during(
          'board.read',
          { from: alert.raised - ON_SCREEN, to: (alert.closed?.at ?? now) + 1 },
          ENTRIES,
        )
  const devices = new Map((await tx.devices.list()).map((device) => [device.id as string, device]))
  return { hops, attempts, seen: seenBy([...about, ...boards], hops, devices, directory) }
}

/** What was found and copied shows words: each alert's own record says so. */
function recordLook(
  tx: Tx,
  actor: string,
  action: string,
  { bleep, alert }: Whole,
  at: number,
): Promise<void> {
  return tx.audit.append({ at, actor, action, subject: alert?.id ?? bleep.id, outcome: 'done' })
}

function foundView(
  { bleep, alert }: Whole,
  where: readonly Place[],
  held: boolean,
  directory: SiteDirectory,
): FoundBleep {
  const words = wordsFor(bleep.page.text, { access: 'governance' }, directory)
  return {
    bleep: bleep.id,
    ...(alert === undefined ? {} : { alert: alert.id }),
    received: printInstant(bleep.received),
    number: bleep.number,
    to: nameOfNumber(bleep.number, directory),
    ...(bleep.meaning === undefined ? {} : { class: bleep.meaning.class, kind: bleep.meaning.kind }),
    where: [...where],
    ...(words === undefined || bleep.erased !== undefined ? {} : { words }),
    open: alert !== undefined && alert.phase !== 'closed',
    held,
  }
}
