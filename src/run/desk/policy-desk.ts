import { policyLines } from '../../core/desk/policy-rules.ts'
import type { DataPlaces, PolicyView } from '../../core/desk/policy-view.ts'
import type { SiteDirectory } from '../../core/directory/build.ts'
import { dayAt, parseDay } from '../../core/directory/civil.ts'
import { drillKey, drillNote, drillOf } from '../../core/directory/drill.ts'
import { isCrash } from '../../core/directory/live.ts'
import { signedKey, signedNote } from '../../core/directory/trust.ts'
import { given } from '../../core/given.ts'
import { ACCESS_ROLES, namesPeople, reading } from '../../core/govern/permit.ts'
import type { PersonId } from '../../core/ids.ts'
import { type Instant, printInstant } from '../../core/instant.ts'
import type { Caller, Desk } from '../../ports/desk.ts'
import type { Tx } from '../../ports/store.ts'
import { actorOf, allowed, type DeskParts, done } from './desk-parts.ts'

const NOWHERE: DataPlaces = { data: [], leaves: [], kept: [] }

/** What policy is in force, where data lies and who sees it: all from what runs. */
export function createPolicyDesk(parts: DeskParts): Pick<Desk, 'policy'> {
  const { store, clock, roster, trail } = parts
  return {
    policy: (caller) =>
      allowed(parts, caller, 'audit.read', async () => {
        const directory = roster.current()
        const now = clock.now()
        const people = await store.transact((tx) => peopleOf(tx, directory, caller, now))
        trail.did({ actor: actorOf(caller), action: 'policy.read', subject: '' })
        return done({
          ...{ site: directory.site.name, made: printInstant(now) },
          ...(parts.dataPlaces ?? NOWHERE),
          ...given({ approval: approvalOf(directory, now) }),
          readers: ACCESS_ROLES.map((role) => ({ role, words: reading(role), names: namesPeople(role) })),
          rules:
            directory.trust === undefined ? [] : [...policyLines(directory.trust, directory, parts.title)],
          ...people,
        })
      }),
  }
}

function approvalOf({ trust, zone }: SiteDirectory, now: Instant): PolicyView['approval'] {
  if (trust === undefined) return undefined
  const { title, version, approved } = trust
  const review = approved && parseDay(approved.review)
  return { title, version, ...approved, overdue: review !== undefined && dayAt(now, zone) > review }
}

async function peopleOf(
  tx: Tx,
  directory: SiteDirectory,
  caller: Caller,
  now: Instant,
): Promise<Pick<PolicyView, 'terms' | 'drill'>> {
  const { trust } = directory
  const named = namesPeople(caller.access)
  const name = (person: PersonId) => directory.people.get(person)?.name ?? person
  const notes = async (prefix: string) =>
    new Map((await tx.notes.list(prefix)).map((one) => [one.key, one.value]))
  const asked = trust?.acceptedUse
  const drill = trust?.drill
  let terms: PolicyView['terms']
  if (asked !== undefined) {
    const signed = await notes(signedKey('' as PersonId))
    const active = [...directory.people.values()].filter((p) => p.active && p.pagerOnly !== true)
    const without = active.filter(
      ({ id }) => signedNote.safeParse(signed.get(signedKey(id))).data?.version !== asked.version,
    )
    terms = {
      ...{ version: asked.version, people: active.length, signed: active.length - without.length },
      ...(named ? { unsigned: without.map((p) => p.name) } : {}),
    }
  }
  if (drill === undefined) return given({ terms })
  const known = await notes(drillKey('' as PersonId))
  const holders = [...directory.roles.values()]
    .filter(isCrash)
    .flatMap(({ id }) => directory.holders(id, now).map(({ person }) => person))
  const undrilled = [...new Set(holders)].filter(
    (person) => drillOf(directory, person, known.get(drillKey(person)), now) === 'undone',
  )
  const byWord = [...directory.people.keys()].flatMap((person) => {
    const waived = drillNote.safeParse(known.get(drillKey(person))).data?.waived
    if (waived === undefined || waived.until <= now) return []
    return [{ name: name(person), by: waived.by, reason: waived.reason, until: printInstant(waived.until) }]
  })
  const inFile = drill.waived.map(({ person, ...why }) => ({ ...why, name: name(person as PersonId) }))
  return {
    ...given({ terms }),
    drill: {
      ...{ months: drill.months, undrilled: undrilled.length },
      ...(named ? { names: undrilled.map(name) } : {}),
      waived: named ? [...inFile, ...byWord] : [],
    },
  }
}
