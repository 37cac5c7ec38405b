import { traitsOf } from '../../core/deliver/channels.ts'
import type { Device } from '../../core/deliver/device.ts'
import { isReachable } from '../../core/deliver/gone.ts'
import { maskedNumber } from '../../core/deliver/nudge-number.ts'
import { byChoice } from '../../core/deliver/plan.ts'
import { waysTo } from '../../core/deliver/proof.ts'
import type { WaysView } from '../../core/desk/people-views.ts'
import { targetKey } from '../../core/directory/directory.ts'
import { given } from '../../core/given.ts'
import { printInstant } from '../../core/instant.ts'
import type { Caller, Desk, Outcome } from '../../ports/desk.ts'
import type { Tx } from '../../ports/store.ts'
import { actorOf, allowed, type DeskParts, deviceOf, done, refuse } from './desk-parts.ts'

/** The ways to whoever has the calling device, and the order in which they want to be rung. */
export function createWays(parts: DeskParts): Pick<Desk, 'ways' | 'orderWays'> {
  const { store, trail } = parts

  const own = async (
    tx: Tx,
    caller: Caller,
  ): Promise<{ mine: Device; all: readonly Device[] } | undefined> => {
    const mine = await deviceOf(tx, caller)
    if (mine === undefined || mine.owner.kind === 'ward') return undefined
    const { owner } = mine
    const found = await tx.devices.owned(
      owner.kind === 'person' ? { people: [owner.person] } : { people: [], roles: [owner.role] },
    )
    const all = found.filter((d) => targetKeyOf(d) === targetKeyOf(mine) && isReachable(d, 'socket'))
    return { mine, all: all.toSorted(byChoice) }
  }

  const view = ({ mine, all }: { mine: Device; all: readonly Device[] }): Outcome<WaysView> =>
    done({
      chosen: all.some(({ rank }) => rank !== undefined),
      ways: all.map((d) => ({
        ...{ device: d.id, label: d.label, channel: d.channel, here: d.id === mine.id },
        ...(traitsOf(d.channel).entered === 'number' ? { number: maskedNumber(d.address) } : {}),
        shown: waysTo(d).map(({ channel, proof }) => ({
          channel,
          ...given({ at: proof && printInstant(proof.at), how: proof?.by }),
        })),
      })),
    })

  return {
    ways: (caller) =>
      allowed(parts, caller, 'device.self', async () => {
        const found = await store.transact((tx) => own(tx, caller))
        return found === undefined ? refuse('not-signed-in') : view(found)
      }),

    orderWays: (caller, order) =>
      allowed(parts, caller, 'device.self', () =>
        store.transact(async (tx) => {
          const found = await own(tx, caller)
          if (found === undefined) return refuse('not-signed-in')
          if (order.some((id) => !found.all.some((d) => d.id === id))) return refuse('device-unknown')
          for (const { id } of found.all) {
            await tx.alone(`device/${id}`)
            const device = await tx.devices.get(id)
            if (device === undefined) continue
            const { rank: was, ...rest } = device
            const at = order.indexOf(id)
            const rank = at === -1 ? undefined : at + 1
            if (rank !== was) await tx.devices.save({ ...rest, ...given({ rank }) })
          }
          trail.did({ actor: actorOf(caller), action: 'ways.order', subject: found.mine.id })
          const now = await own(tx, caller)
          return now === undefined ? refuse('not-signed-in') : view(now)
        }),
      ),
  }
}

const targetKeyOf = ({ owner }: Device): string => (owner.kind === 'ward' ? '' : targetKey(owner))
