import { say } from '../../core/catalogue/say.ts'
import type { HoldView } from '../../core/desk/govern-views.ts'
import { failed, ok, type Result } from '../../core/faults.ts'
import { type BleepId, uuid7 } from '../../core/ids.ts'
import { printInstant } from '../../core/instant.ts'
import type { Hold } from '../../ports/govern.ts'
import type { HoldAsk } from '../../ports/govern-desk.ts'
import { eachAlertOf } from './erase-person.ts'
import type { GovernParts } from './subjects.ts'

export interface Holds {
  add(actor: string, ask: HoldAsk, reason: string): Promise<Result<HoldView>>
  release(actor: string, id: string, reason: string): Promise<Result<HoldView>>
  list(): Promise<readonly HoldView[]>
}

/** What must stay while an investigation or a claim lasts: neither keep time nor request takes it away. */
export function createHolds(parts: GovernParts): Holds {
  const { store, clock, random } = parts
  return {
    async add(actor, ask, reason) {
      const at = clock.now()
      const made = { id: uuid7(at, random.bytes(10)), reason, by: actor, at }
      const bleeps: BleepId[] = 'bleeps' in ask ? [...ask.bleeps] : []
      if ('person' in ask)
        await eachAlertOf(parts, ask.person, async (_, { bleep }) => {
          bleeps.push(bleep.id)
        })
      if ('span' in ask && ask.span.to <= ask.span.from)
        return failed('request-invalid', say('refusals.toAfterFrom'))
      const hold: Hold =
        'span' in ask
          ? { ...made, kind: 'span', span: ask.span }
          : 'person' in ask
            ? { ...made, kind: 'person', person: ask.person }
            : { ...made, kind: 'bleeps' }
      const unknown = await store.transact(async (tx) => {
        for (const id of 'bleeps' in ask ? bleeps : [])
          if ((await tx.bleeps.get(id)) === undefined) return true
        await tx.holds.add(hold, bleeps)
        await tx.audit.append({
          ...{ at, actor, action: 'hold.add', subject: hold.id, outcome: 'done' },
          detail: { reason, kind: hold.kind, bleeps: bleeps.length },
        })
        return false
      })
      return unknown ? failed('bleep-unknown') : ok(viewOf(hold))
    },

    async release(actor, id, reason) {
      const at = clock.now()
      const released = await store.transact(async (tx) => {
        const done = await tx.holds.release(id, at)
        const outcome = done ? 'done' : 'refused'
        await tx.audit.append({ at, actor, action: 'hold.release', subject: id, outcome, detail: { reason } })
        return done ? tx.holds.get(id) : undefined
      })
      return released === undefined ? failed('hold-unknown') : ok(viewOf(released))
    },

    list: async () => (await store.transact((tx) => tx.holds.list())).map(viewOf),
  }
}

function viewOf({ id, kind, span, person, reason, by, at, released }: Hold): HoldView {
  return {
    ...{ id, kind, reason, by, at: printInstant(at) },
    ...(span === undefined ? {} : { from: printInstant(span.from), to: printInstant(span.to) }),
    ...(person === undefined ? {} : { person }),
    ...(released === undefined ? {} : { released: printInstant(released) }),
  }
}
