import type { FaultValue, Result, StandingCode } from '../../core/faults.ts'
import { asId, type PersonId } from '../../core/ids.ts'
import type { Millis } from '../../core/instant.ts'
import type { Finding } from '../../core/measure/watch/standing.ts'
import type { ListedRow } from '../../ports/listed.ts'
import type { Store } from '../../ports/store.ts'
import { type Loop, type LoopTools, startLoop } from '../loop.ts'

export interface LdapParts extends LoopTools {
  readonly store: Store
  readonly every: Millis
  /** Everybody who is there now. */
  readonly read: () => Promise<
    Result<
      {
        readonly people: readonly (Pick<ListedRow, 'key' | 'login' | 'name' | 'staffGroup' | 'phone'> & {
          readonly person: string
        })[]
        readonly leftOut: number
      },
      FaultValue<StandingCode>
    >
  >
}

const AT_ONCE = 200

/** Reads the trust's directory again and again: who is found is listed, and who is not found any more leaves. */
export function startLdap(parts: LdapParts): Loop & { troubles(): readonly Finding[] } {
  const { store, clock, read } = parts
  let fault: FaultValue<StandingCode> | undefined

  async function look(): Promise<void> {
    const said = await read()
    fault = said.ok ? undefined : said.fault
    if (!said.ok) return
    const now = clock.now()
    const known = new Map(
      (await store.transact((tx) => tx.listed.find({ source: 'ldap' }))).map((row) => [row.key, row]),
    )
    const changed: ListedRow[] = []
    for (const { person, ...one } of said.value.people) {
      const row: ListedRow = {
        ...{ ...one, source: 'ldap', kind: 'user', person: asId<PersonId>(person), active: true },
        ...{ changed: now, doc: '{}' },
      }
      const before = known.get(row.key)
      known.delete(row.key)
      if (before === undefined || !same(before, row)) changed.push(row)
    }
    for (const gone of known.values())
      if (gone.active) changed.push({ ...gone, active: false, leaves: gone.leaves ?? now, changed: now })
    for (let i = 0; i < changed.length; i += AT_ONCE)
      await store.transact(async (tx) => {
        for (const row of changed.slice(i, i + AT_ONCE)) await tx.listed.put(row)
      })
  }

  return {
    ...startLoop('ldap', [], parts.every, look, parts),
    troubles: () => (fault === undefined ? [] : [{ code: fault.code, subject: 'ldap' }]),
  }
}

function same(a: ListedRow, b: ListedRow): boolean {
  return (
    a.active === b.active &&
    a.person === b.person &&
    a.login === b.login &&
    a.name === b.name &&
    a.staffGroup === b.staffGroup &&
    a.phone === b.phone
  )
}
