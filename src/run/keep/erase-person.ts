import type { SiteDirectory } from '../../core/directory/build.ts'
import { editSchema } from '../../core/directory/edits.ts'
import { failed, ok, type Result } from '../../core/faults.ts'
import { ERASED } from '../../core/govern/audit.ts'
import {
  alertWithoutWords,
  deviceWithoutOwner,
  eventWithoutWords,
  names,
  renamed,
} from '../../core/govern/erase.ts'
import type { Whole } from '../../core/govern/subject.ts'
import type { PersonId } from '../../core/ids.ts'
import type { Instant } from '../../core/instant.ts'
import type { Store, Tx } from '../../ports/store.ts'
import type { Stored } from '../../ports/tools.ts'
import { everyOpen } from '../every-open.ts'
import { searchAll } from './search.ts'
import { reindex } from './search-index.ts'
import { wholeOf } from './whole.ts'

/** Entries about one person that can lose their content at once. */
const ENTRIES = 2000

/** Somebody who may still be asked cannot be erased; nor can anybody a hold names, or who is on an open alert. */
export async function mayGo(
  { store, directory }: { readonly store: Store; readonly directory: () => SiteDirectory },
  person: PersonId,
): Promise<Result<undefined>> {
  if (directory().people.get(person)?.active === true) return failed('person-active')
  const held = await store.transact(async (tx) =>
    (await tx.holds.list()).some((h) => h.person === person && h.released === undefined),
  )
  if (held) return failed('erase-held')
  for await (const alert of everyOpen(store)) if (names(alert, person)) return failed('erase-open')
  return ok(undefined)
}

/** Calls `each` with every alert that names a person, one by one; others have their turn between them. */
export async function eachAlertOf(
  parts: Stored,
  person: PersonId,
  each: (tx: Tx, whole: Whole) => Promise<void>,
): Promise<void> {
  const { store, clock } = parts
  const found = await searchAll(
    parts,
    { person, from: 0, to: Number.MAX_SAFE_INTEGER },
    Number.POSITIVE_INFINITY,
  )
  for (const { bleep } of found ?? []) {
    await store.transact(async (tx) => {
      const whole = await wholeOf(tx, bleep)
      if (whole !== undefined) await each(tx, whole)
    })
    await new Promise<void>((go) => void clock.after(0, go))
  }
}

/** What one alert says of a person, from then on, of a pseudonym; what they wrote on it goes. */
export async function renameOn(
  tx: Tx,
  whole: Whole,
  person: PersonId,
  pseudonym: PersonId,
): Promise<'changed' | 'kept-open' | 'kept-held' | 'kept-changed'> {
  const { alert, bleep } = whole
  if (alert === undefined) return 'changed'
  if (alert.phase !== 'closed') return 'kept-open'
  if (await tx.holds.keeps(bleep)) return 'kept-held'
  const bare = renamed(alertWithoutWords(alert, person), person, pseudonym)
  if (!(await tx.alerts.save(bare, alert.revision, []))) return 'kept-changed'
  await tx.alerts.rewrite(alert.id, (event) => renamed(eventWithoutWords(event, person), person, pseudonym))
  await tx.purge.rename({ alert: alert.id, bleep: alert.bleep }, person, pseudonym)
  await reindex(tx, whole)
  return 'changed'
}

/** Everything of a person outside alerts: devices, rota, notes, holds that are over, what the audit says of them. */
export async function renameRest(
  store: Store,
  person: PersonId,
  pseudonym: PersonId,
  deadToken: () => string,
  now: Instant,
): Promise<void> {
  await store.transact(async (tx) => {
    for (const device of await tx.devices.list()) {
      await tx.purge.renameInbox(device.id, person, pseudonym)
      if (device.owner.kind !== 'person' || device.owner.person !== person) continue
      await tx.devices.rotate(device.id, deadToken())
      await tx.devices.save(deviceWithoutOwner(device, pseudonym))
      await tx.notes.forget(`self-test/${device.id}`)
    }
    await tx.notes.forget(`off-duty/${person}`)
    for (const { key, value, at } of await tx.notes.list())
      if (names(value, person)) await tx.notes.set(key, renamed(value, person, pseudonym), at)
    for (const { id, edit } of await tx.directory.list())
      if (names(edit, person)) await tx.directory.replace(id, editOf(edit, person, pseudonym))
    await tx.purge.renameHolds(person, pseudonym)
    for (const account of await tx.accounts.list())
      if (account.person === person) await tx.accounts.forget(account.name)
    for (const listed of await tx.listed.of(person)) await tx.listed.forget(listed.key)
    const about = (await tx.audit.about([person], ENTRIES)).map(({ seq }) => seq)
    if (about.length === 0) return
    await tx.audit.forget(about)
    await tx.audit.append({
      ...{ at: now, actor: 'bleepd', action: ERASED, subject: pseudonym, outcome: 'done' },
      detail: { entries: about.join(' ') },
    })
  })
  store.wake.ring('directory')
}

function editOf(edit: unknown, person: PersonId, pseudonym: PersonId): unknown {
  const anew = renamed(edit, person, pseudonym)
  const read = editSchema.safeParse(anew)
  if (!read.success) return anew
  const { data } = read
  if (data.kind === 'person' && data.person === pseudonym) return { ...data, name: pseudonym, active: false }
  if (data.kind !== 'override' && data.kind !== 'leave') return anew
  const { note: _, ...silent } = data
  return silent
}
