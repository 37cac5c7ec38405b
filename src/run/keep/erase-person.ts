import type { Alert } from '../../core/alert/alert.ts'
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
import type { PersonId } from '../../core/ids.ts'
import type { Instant } from '../../core/instant.ts'
import type { PageMark } from '../../ports/page-mark.ts'
import type { Store, Tx } from '../../ports/store.ts'
import type { Stored } from '../../ports/tools.ts'

/** Alerts in one transaction. */
const PAGE = 25
/** Entries about one person that can lose their content at once. */
const ENTRIES = 2000

/** Somebody who may still be asked cannot be erased; nor can anybody a hold names, or who is on an open alert. */
export async function mayGo(
  { store, directory }: { readonly store: Store; readonly directory: () => SiteDirectory },
  person: PersonId,
): Promise<Result<undefined>> {
  if (directory().people.get(person)?.active === true) return failed('person-active')
  return store.transact(async (tx) => {
    const held = (await tx.holds.list()).some((h) => h.person === person && h.released === undefined)
    if (held) return failed('erase-held')
    const open = await tx.alerts.list({ phase: 'open', limit: 100_000 })
    return open.some((alert) => names(alert, person)) ? failed('erase-open') : ok(undefined)
  })
}

/** Calls `each` with every alert that names a person, page by page; others have their turn between pages. */
export async function eachAlertOf(
  { store, clock }: Stored,
  person: PersonId,
  from: PageMark,
  each: (tx: Tx, alert: Alert) => Promise<void>,
  done: (tx: Tx, mark: PageMark) => Promise<void> = async () => undefined,
): Promise<void> {
  let mark = from
  for (;;) {
    const next = await store.transact(async (tx) => {
      const alerts = await tx.alerts.page(mark, PAGE)
      for (const alert of alerts)
        if (names(alert, person) || names(await tx.alerts.events(alert.id), person)) await each(tx, alert)
      const last = alerts.at(-1)
      if (last === undefined) return undefined
      const reached = { at: last.raised, id: last.id }
      await done(tx, reached)
      return reached
    })
    if (next === undefined) return
    mark = next
    await new Promise<void>((go) => clock.after(0, go))
  }
}

/** What one alert says of a person, from then on, of a pseudonym; what they wrote on it goes. */
export async function renameOn(
  tx: Tx,
  alert: Alert,
  person: PersonId,
  pseudonym: PersonId,
): Promise<'changed' | 'kept-open' | 'kept-held' | 'kept-changed'> {
  if (alert.phase !== 'closed') return 'kept-open'
  const bleep = await tx.bleeps.get(alert.bleep)
  if (bleep !== undefined && (await tx.holds.keeps(bleep))) return 'kept-held'
  const bare = renamed(alertWithoutWords(alert, person), person, pseudonym)
  if (!(await tx.alerts.save(bare, alert.revision, []))) return 'kept-changed'
  await tx.alerts.rewrite(alert.id, (event) => renamed(eventWithoutWords(event, person), person, pseudonym))
  await tx.purge.rename({ alert: alert.id, bleep: alert.bleep }, person, pseudonym)
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
