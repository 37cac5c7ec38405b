import { mayAsk } from '../../core/directory/trust.ts'
import { extensionsOf } from '../../core/directory/wards.ts'
import { given } from '../../core/given.ts'
import type { PersonId, RoleId } from '../../core/ids.ts'
import type { Class } from '../../core/vocabulary.ts'
import type { AskDesk } from '../../ports/asks-desk.ts'
import { everyOpen } from '../every-open.ts'
import { allowed, type DeskParts, deviceOf, done, refuse } from './desk-parts.ts'
import { askerFor } from './outside.ts'

/** Most open calls that are counted, to say how busy somebody is. */
const COUNTED = 500

/** Who can be asked from a screen or a phone, whether they can be reached, and how many calls they have open. */
export function createAskChoices(parts: DeskParts): AskDesk['askChoices'] {
  const { store, clock, roster } = parts

  async function countedFor(
    held: readonly { readonly role: RoleId; readonly people: readonly PersonId[] }[],
  ): Promise<ReadonlyMap<RoleId, number>> {
    const counts = new Map<RoleId, number>()
    let counted = 0
    for await (const { responders } of everyOpen(store)) {
      for (const { role, people } of held)
        if (people.some((p) => responders[p] !== undefined)) counts.set(role, (counts.get(role) ?? 0) + 1)
      counted += 1
      if (counted === COUNTED) break
    }
    return counts
  }

  return (caller) =>
    allowed(parts, caller, 'ask.make', async () => {
      const directory = roster.current()
      const now = clock.now()
      const held = [...directory.roles.values()].map((r) => {
        const people = directory.holders(r.id, now).map((h) => h.person)
        return { role: r.id, name: r.name, people }
      })
      const open = await countedFor(held)
      return store.transact(async (tx) => {
        const device = await deviceOf(tx, caller)
        if (device === undefined) return refuse('not-signed-in')
        const { urgencies, emergency, dial, templates } = parts.asks()
        const owned = await tx.devices.owned({
          people: [...new Set(held.flatMap(({ people }) => people))],
          roles: held.map(({ role }) => role),
        })
        const active = owned.filter(({ state }) => state === 'active').map(({ owner }) => owner)
        const ward = device.owner.kind === 'ward' ? device.owner.ward : undefined
        const who = askerFor(parts, device)
        const may = (c: Class) => mayAsk(directory.trust, who, c)
        const calls = emergency && may('emergency')
        return done({
          ...given({ ward }),
          callBacks: ward === undefined ? [] : [...extensionsOf(ward, directory)],
          urgencies: [...(calls ? (['emergency'] as const) : []), ...urgencies.filter(may)],
          ...(calls ? {} : { dial }),
          templates: templates.map(({ roles, ...t }) => ({
            ...t,
            ...given({ roles: roles && [...roles] }),
          })),
          roles: held.map(({ role, name, people }) => ({
            ...{ role, name },
            holders: people.map((p) => directory.people.get(p)?.name ?? p),
            reachable: active.some((o) =>
              o.kind === 'role' ? o.role === role : o.kind === 'person' && people.includes(o.person),
            ),
            open: open.get(role) ?? 0,
          })),
        })
      })
    })
}
