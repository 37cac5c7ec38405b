import { type AskWords, askText } from '../../core/bleep/asked.ts'
import type { Bleep, Page } from '../../core/bleep/bleep.ts'
import { relate } from '../../core/bleep/relate.ts'
import { say } from '../../core/catalogue/say.ts'
import type { Device } from '../../core/deliver/device.ts'
import type { AskView } from '../../core/desk/ask-views.ts'
import { askStand, isAnswer } from '../../core/desk/asked.ts'
import { mayAsk } from '../../core/directory/trust.ts'
import { given } from '../../core/given.ts'
import { asId, type BleepId, type RoleId, uuid7 } from '../../core/ids.ts'
import { type Instant, MINUTE, type Millis } from '../../core/instant.ts'
import type { AskRules } from '../../core/route/policy.ts'
import type { AskRow, Told } from '../../ports/asks.ts'
import type { AskDesk, NewAsk } from '../../ports/asks-desk.ts'
import type { Caller, Outcome } from '../../ports/desk.ts'
import type { Tx } from '../../ports/store.ts'
import { alertOf } from '../alert/earlier.ts'
import { createAskChoices } from './ask-choices.ts'
import { createAskLists } from './ask-lists.ts'
import { askView } from './ask-view.ts'
import { actorOf, allowed, type DeskParts, deviceOf, done, refuse } from './desk-parts.ts'
import { askerFor, outside } from './outside.ts'

/** How far back the same call may lie and still be the same. */
const LOOK_BACK: Millis = 10 * MINUTE

/** Asking from a ward's screen or a phone, and being told what became of it. */
export function createAsks(parts: DeskParts): AskDesk {
  const { store, clock, random, roster, metrics, trail, alerts } = parts
  const lists = createAskLists(parts)
  const rules = (): AskRules => parts.asks()

  /** One ask that this caller may see, alone until the transaction ends. */
  const mine = async (tx: Tx, caller: Caller, id: BleepId): Promise<AskRow | undefined> => {
    await tx.alone(`ask/${id}`)
    const row = await tx.asks.get(id)
    if (row === undefined || caller.kind === 'operator') return row
    const owner = (await deviceOf(tx, caller))?.owner
    return row.device === caller.device || (owner?.kind === 'ward' && owner.ward === row.ward)
      ? row
      : undefined
  }

  const make = async (tx: Tx, device: Device, ask: NewAsk, role: RoleId): Promise<Bleep | undefined> => {
    const at = clock.now()
    const directory = roster.current()
    const own = await tx.asks.of({ device: device.id }, at - MINUTE, 60)
    if (own.length >= rules().perMinute && ask.urgency !== 'emergency') return undefined
    const ward = device.owner.kind === 'ward' ? device.owner.ward : undefined
    // A number that stands for something of its own would say more than was asked.
    const plain = [...directory.numbers.values()].find(
      (n) => n.to.kind === 'role' && n.to.role === role && n.kind === undefined && n.class === undefined,
    )
    const number = plain?.number ?? role
    await tx.alone(`bleep/${number}`)
    const page = pageOf(ask.words, number, at)
    const fresh = { id: asId<BleepId>(uuid7(at, random.bytes(10))), number, page, received: at }
    const near = await tx.bleeps.recent(number, at - LOOK_BACK, 50)
    const related = relate(fresh, near, directory.extensions)
    const bleep: Bleep = {
      ...{ ...fresh, passed: { decoded: at }, stage: 'received', sightings: 1, repeats: 0 },
      ask: { role, urgency: ask.urgency, ...given({ ward }) },
      ...given({ related }),
    }
    await tx.bleeps.add(bleep)
    await tx.asks.add({
      ...{ bleep: bleep.id, at, device: device.id, told: [] },
      ...given({ ward, extension: ask.words.callBack }),
    })
    return bleep
  }

  return {
    ask: (caller, ask) =>
      allowed(parts, caller, 'ask.make', async () => {
        const { dial, emergency, urgencies } = rules()
        if (ask.urgency === 'emergency' ? !emergency : !urgencies.some((u) => u === ask.urgency))
          return ask.urgency === 'emergency'
            ? refuse('ask-emergency', dial)
            : refuse('request-invalid', 'body/urgency')
        if (!roster.current().roles.has(ask.role)) return refuse('role-unknown')
        const made = await store.transact(async (tx): Promise<Outcome<{ bleep: Bleep; ask: AskView }>> => {
          const device = await deviceOf(tx, caller)
          if (device === undefined) return refuse('not-signed-in')
          const who = askerFor(parts, device)
          if (!mayAsk(roster.current().trust, who, ask.urgency)) {
            outside(parts, caller, who.roles, 'ask-refused', ask.role)
            return refuse('ask-barred', dial)
          }
          const bleep = await make(tx, device, ask, ask.role)
          if (bleep === undefined) return refuse('asks-too-many')
          outside(parts, caller, who.roles, 'ask', bleep.id)
          const row = await tx.asks.get(bleep.id)
          return done({ bleep, ask: askView(row!, bleep, undefined, caller.access, roster.current()) })
        })
        if (!made.ok) return made
        store.wake.ring('bleeps')
        trail.did({ actor: actorOf(caller), action: 'ask.make', subject: made.value.bleep.id })
        const sounds = ask.urgency !== 'emergency' && parts.sounds(made.value.bleep) === 'emergency'
        return done({ bleep: made.value.bleep.id, ask: made.value.ask, ...(sounds ? { dial } : {}) })
      }),

    asks: (caller, since) => allowed(parts, caller, 'ask.read', () => lists.list(caller, since)),

    askChoices: createAskChoices(parts),

    askTold: (caller, id, said) =>
      allowed(parts, caller, 'ask.read', async () => {
        const told = await store.transact(async (tx): Promise<Outcome<AskView>> => {
          const row = await mine(tx, caller, id)
          const bleep = row && (await tx.bleeps.get(id))
          if (row === undefined || bleep === undefined) return refuse('ask-unknown')
          const alert = await alertOf(tx, bleep.id)
          const stand = askStand(bleep, alert, roster.current())
          // What was on the screen stands on the record; it counts as knowing where it is what stands.
          const at = clock.now()
          const known = row.known ?? (said === stand.said && isAnswer(stand.state) ? at : undefined)
          const way =
            caller.kind === 'operator' ? 'switchboard' : caller.access === 'ward' ? 'screen' : 'phone'
          const entry: Told = {
            way,
            at,
            said,
            ...(caller.kind === 'operator' ? { by: caller.operator } : {}),
          }
          const again = row.told.some((t) => t.said === said && t.way === way)
          const next = {
            ...row,
            told: again ? row.told : [...row.told, entry].slice(-60),
            ...given({ known }),
            ...(known !== undefined && alert?.phase === 'closed' ? { settled: true as const } : {}),
          }
          if (!again || known !== row.known) await tx.asks.save(next)
          return done(askView(next, bleep, alert, caller.access, roster.current()))
        })
        if (told.ok) {
          metrics.count('bleepbridge_reasons_total', { reason: 'asker-told' })
          store.wake.ring('alerts')
        }
        return told
      }),

    askReply: (caller, id, text) =>
      allowed(parts, caller, 'ask.make', async () => {
        const found = await store.transact(async (tx) => {
          const row = await mine(tx, caller, id)
          const bleep = row && (await tx.bleeps.get(id))
          return row && bleep && { ward: row.ward, alert: (await alertOf(tx, bleep.id))?.id }
        })
        if (found?.alert === undefined) return refuse('ask-unknown')
        const by = { kind: 'asker', ward: found.ward ?? say('timeline.whoAsked') } as const
        const applied = await alerts.apply(found.alert, {
          ...{ kind: 'said', at: clock.now(), by, said: { kind: 'note', text } },
        })
        if (applied === undefined || applied.alert.phase === 'closed') return refuse('answer-late')
        trail.did({ actor: actorOf(caller), action: 'ask.reply', subject: id })
        const row = await store.transact(async (tx) => {
          const kept = await tx.asks.get(id)
          return kept && lists.view(tx, caller, kept)
        })
        return row === undefined ? refuse('ask-unknown') : done(row)
      }),
  }
}

function pageOf(words: AskWords, number: string, at: Instant): Page {
  return {
    to: { scheme: 'number', number },
    ...{ type: 'alpha', text: askText(words), quality: 'clean', corrected: 0 },
    fields: given({ place: words.place, callBack: words.callBack, identifier: words.identifier }) as Readonly<
      Record<string, string>
    >,
    ...{ firstByte: at, lastByte: at },
  }
}
