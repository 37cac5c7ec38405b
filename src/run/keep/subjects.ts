import { say } from '../../core/catalogue/say.ts'
import { traitsOf } from '../../core/deliver/channels.ts'
import type { Device } from '../../core/deliver/device.ts'
import { nameOfNumber, wordsFor } from '../../core/desk/card.ts'
import { copyOf, type Traces } from '../../core/desk/copy.ts'
import type {
  CopiedBleep,
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
import type { BleepId, PersonId } from '../../core/ids.ts'
import { MINUTE, type Millis, printInstant } from '../../core/instant.ts'
import { hopsOf } from '../../core/measure/hops.ts'
import type { Random } from '../../ports/random.ts'
import type { Tx } from '../../ports/store.ts'
import type { Stored } from '../../ports/tools.ts'
import type { Elsewhere } from './erase-elsewhere.ts'
import { type Found, searchAll } from './search.ts'
import { wholeOf } from './whole.ts'

export interface GovernParts extends Stored, Elsewhere {
  readonly random: Random
  readonly directory: () => SiteDirectory
}

/** Found at most by words; beyond it the search was too wide to be about one person. */
const MOST = 2000
/** And of somebody who was asked on them, or by number: eight years of work. */
const MOST_ASKED = 50_000
/** Audit entries read of one thing. */
const ENTRIES = 5000
/** A board that was looked at this long before may still have been on the screen. */
const ON_SCREEN: Millis = 15 * MINUTE

/** A copy on its way: what stands at its head, and its bleeps one by one. */
export interface Copying {
  readonly head: Omit<SubjectCopy, 'bleeps'>
  readonly bleeps: AsyncIterable<CopiedBleep>
}

export interface Subjects {
  /** Bleeps that hold what is sought, oldest first, words masked. */
  find(actor: string, about: About, reason: string): Promise<Result<FoundView>>
  /** The same as one document, with every word that is theirs, and everybody who saw it. */
  copy(actor: string, about: About, reason: string, most?: number): Promise<Result<Copying>>
  /** One bleep as a copy has it, for whoever put its look on the record already. */
  one(bleep: BleepId, staff: PersonId | undefined): Promise<CopiedBleep | undefined>
  /** Hops, attempts and looks of one bleep, for whoever put its look on the record already. */
  traces(whole: Whole): Promise<Traces>
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

  async function search(about: About, most = mostOf(about)): Promise<Result<readonly Found[]>> {
    if (about.to <= about.from) return failed('request-invalid', say('refusals.toAfterFrom'))
    const found = await searchAll({ store, clock }, about, most, directory().hospitalNumbers)
    return found === undefined ? failed('subject-too-wide', `${most}`) : ok(found)
  }

  return {
    async find(actor, about, reason) {
      const found = await search(about, MOST)
      const n = found.ok ? found.value.length : 0
      const outcome = found.ok ? 'done' : 'refused'
      await record({ actor, action: 'subject.find', subject: '', outcome, detail: detail(about, reason, n) })
      if (!found.ok) return found
      const bleeps: FoundBleep[] = []
      for (const { bleep, where } of found.value) {
        const view = await store.transact(async (tx) => {
          const whole = await wholeOf(tx, bleep)
          if (whole === undefined) return undefined
          await recordLook(tx, actor, 'subject.find', whole, clock.now())
          return foundView(whole, where, await tx.holds.keeps(whole.bleep), directory())
        })
        if (view !== undefined) bleeps.push(view)
      }
      return ok({ bleeps })
    },

    async copy(actor, about, reason, most) {
      const found = await search(about, most)
      const n = found.ok ? found.value.length : 0
      const outcome = found.ok ? 'done' : 'refused'
      await record({ actor, action: 'subject.copy', subject: '', outcome, detail: detail(about, reason, n) })
      if (!found.ok) return found
      // A copy of what a member of staff did is theirs; the words of the pages they answered are the patients'.
      const staff = about.text === undefined ? about.person : undefined
      const { text, number, person, from, to } = about
      return ok({
        head: {
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
        },
        bleeps: copied(actor, found.value, staff),
      })
    },

    one: (bleep, staff) =>
      store.transact(async (tx) => {
        const whole = await wholeOf(tx, bleep)
        if (whole === undefined) return undefined
        const devices = staff === undefined ? await devicesById(tx) : undefined
        return copyOf(whole, await tracesOf(tx, whole, directory(), clock.now(), devices), directory(), staff)
      }),

    traces: (whole) =>
      store.transact(async (tx) => tracesOf(tx, whole, directory(), clock.now(), await devicesById(tx))),

    async trace(actor, id, reason) {
      const whole = await store.transact((tx) => wholeOf(tx, id))
      const outcome = whole === undefined ? 'refused' : 'done'
      const subject = whole?.alert?.id ?? whole?.bleep.id ?? id
      await record({ actor, action: 'subject.trace', subject, outcome, detail: { reason } })
      if (whole === undefined) return failed('bleep-unknown')
      const { attempts, seen } = await store.transact(async (tx) =>
        tracesOf(tx, whole, directory(), clock.now(), await devicesById(tx)),
      )
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

  /** One at a time: eight years of somebody's work are more than should be held at once. */
  async function* copied(
    actor: string,
    found: readonly Found[],
    staff: PersonId | undefined,
  ): AsyncGenerator<CopiedBleep> {
    const devices = await store.transact(devicesById)
    for (const { bleep } of found) {
      const one = await store.transact(async (tx) => {
        const whole = await wholeOf(tx, bleep)
        if (whole === undefined) return undefined
        if (staff === undefined) await recordLook(tx, actor, 'subject.copy', whole, clock.now())
        const traces = await tracesOf(
          tx,
          whole,
          directory(),
          clock.now(),
          staff === undefined ? devices : undefined,
        )
        return copyOf(whole, traces, directory(), staff)
      })
      if (one !== undefined) yield one
      await new Promise<void>((next) => void clock.after(0, next))
    }
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
  say('record.everythingSystemHoldsFound'),
  say('record.wordsWhoseKeepTimeOver'),
  say('record.notHereRawLineCaptures'),
]
const STAFF_SAYS: readonly string[] = [
  say('record.wordsPagesLeftOutThey'),
  say('record.notHereSitesOwnFiles'),
]

const mostOf = ({ text }: About): number => (text === undefined ? MOST_ASKED : MOST)

type Devices = ReadonlyMap<string, Device>

const devicesById = async (tx: Tx): Promise<Devices> =>
  new Map((await tx.devices.list()).map((device) => [device.id as string, device]))

/** @param devices absent: who saw it is not told */
async function tracesOf(
  tx: Tx,
  { bleep, alert }: Whole,
  directory: SiteDirectory,
  now: number,
  devices: Devices | undefined,
): Promise<Traces> {
  const hops = hopsOf(bleep, await tx.hops.of(bleep.id))
  const attempts = alert === undefined ? [] : await tx.attempts.ofAlert(alert.id)
  if (devices === undefined) return { hops, attempts, seen: [] }
  const about = await tx.audit.about([bleep.id, ...(alert === undefined ? [] : [alert.id])], ENTRIES)
  const boards: readonly AuditRow[] =
    alert === undefined
      ? []
      : await tx.audit.during(
          'board.read',
          { from: alert.raised - ON_SCREEN, to: (alert.closed?.at ?? now) + 1 },
          ENTRIES,
        )
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
