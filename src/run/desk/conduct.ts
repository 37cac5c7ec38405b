import type { Device } from '../../core/deliver/device.ts'
import type { MeView } from '../../core/desk/people-views.ts'
import { drillKey, drillNote, drillOf, wantsDrill } from '../../core/directory/drill.ts'
import { signedKey, signedNote } from '../../core/directory/trust.ts'
import type { AlertId, PersonId, RoleId } from '../../core/ids.ts'
import { DAY, type Instant, printInstant } from '../../core/instant.ts'
import type { Desk, Outcome } from '../../ports/desk.ts'
import type { Tx } from '../../ports/store.ts'
import { actorOf, allowed, type DeskParts, deviceOf, done, refuse } from './desk-parts.ts'

/** Longest that somebody may do without a drill on another's word. */
const WAIVED_FOR = 92 * DAY

/** What people must have done by the trust's policy: signed its terms of use, and answered a test ring. */
export function createConduct(parts: DeskParts, me: Desk['me']): Pick<Desk, 'acceptUse' | 'waiveDrill'> {
  const { store, clock, roster, trail } = parts
  return {
    acceptUse: (caller, version) =>
      allowed(parts, caller, 'device.self', async () => {
        const signed = await store.transact(async (tx) => {
          const device = await deviceOf(tx, caller)
          if (device === undefined || device.owner.kind !== 'person') return refuse('not-signed-in')
          const asked = roster.current().trust?.acceptedUse
          if (asked === undefined) return refuse('route-unknown')
          // What they have not read they cannot sign.
          if (asked.version !== version) return refuse('request-invalid', 'body/version')
          const { person } = device.owner
          const at = clock.now()
          await tx.notes.set(signedKey(person), { version, at }, at)
          await tx.audit.append({
            ...{ at, actor: actorOf(caller), action: 'accepted-use.signed', subject: person },
            ...{ outcome: 'done', detail: { version } },
          })
          return done(undefined)
        })
        return signed.ok ? me(caller) : signed
      }),

    waiveDrill: (caller, person, { reason, until }) =>
      allowed(parts, caller, 'handover.force', async () => {
        const now = clock.now()
        if (roster.current().people.get(person)?.active !== true) return refuse('person-unknown')
        if (!(until > now && until - now <= WAIVED_FOR)) return refuse('request-invalid', 'body/until')
        const by = actorOf(caller)
        await store.transact(async (tx) => {
          const known = drillNote.safeParse(await tx.notes.get(drillKey(person))).data
          await tx.notes.set(drillKey(person), { ...known, waived: { by, reason, until } }, now)
        })
        trail.did({ actor: by, action: 'drill.waived', subject: person, detail: { reason } })
        return done({ person, reason, until: printInstant(until) })
      }),
  }
}

/** What the holder of a device has yet to sign; nothing on a shared one, where nobody knows who reads. */
export async function termsFor(
  tx: Tx,
  { roster }: DeskParts,
  device: Device,
): Promise<MeView['acceptedUse']> {
  const asked = roster.current().trust?.acceptedUse
  if (asked === undefined || device.owner.kind !== 'person') return undefined
  const signed = signedNote.safeParse(await tx.notes.get(signedKey(device.owner.person))).data
  return signed?.version === asked.version ? undefined : asked
}

/** A real test ring that somebody answered is their drill. */
export async function drilled(tx: Tx, person: PersonId, at: Instant): Promise<void> {
  const known = drillNote.safeParse(await tx.notes.get(drillKey(person))).data
  await tx.notes.set(drillKey(person), { ...known, at }, at)
}

/** The same where it was a test call, such as the daily one, that they answered on a device of theirs. */
export async function drilledBy({ store, clock }: DeskParts, id: AlertId, person: PersonId): Promise<void> {
  await store.transact(async (tx) => {
    const alert = await tx.alerts.get(id)
    if (alert?.plan.class === 'test') await drilled(tx, person, clock.now())
  })
}

/** Refused where somebody would take a crash role without a drill that the policy wants. */
export async function undrilled(
  { store, roster, clock }: DeskParts,
  takers: readonly { readonly role: RoleId; readonly person: PersonId }[],
): Promise<Outcome<never> | undefined> {
  const directory = roster.current()
  for (const { role, person } of takers) {
    if (!wantsDrill(directory, role)) continue
    const note = await store.transact((tx) => tx.notes.get(drillKey(person)))
    if (drillOf(directory, person, note, clock.now()) === 'undone')
      return refuse('drill-undone', directory.people.get(person)?.name ?? person)
  }
  return undefined
}
