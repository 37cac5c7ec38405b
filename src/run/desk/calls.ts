import type { Actor, Alert } from '../../core/alert/alert.ts'
import type { Bleep } from '../../core/bleep/bleep.ts'
import { say } from '../../core/catalogue/say.ts'
import type { CallsView, StartedView } from '../../core/desk/call-views.ts'
import type { Directory } from '../../core/directory/directory.ts'
import { foreseePlan } from '../../core/foresee/foresee.ts'
import { foreseenView, type PreviewView } from '../../core/foresee/view.ts'
import { given } from '../../core/given.ts'
import { asId, type BleepId, uuid7 } from '../../core/ids.ts'
import { type Instant, MINUTE } from '../../core/instant.ts'
import { callKinds, placesOf } from '../../core/route/calls.ts'
import { confirmed, WAITING_KEY, waitingNow, waitingWith } from '../../core/route/confirm-call.ts'
import { type CallAsk, type CallToStart, callToStart } from '../../core/route/start-call.ts'
import type { Caller, Desk, Outcome } from '../../ports/desk.ts'
import type { Tx } from '../../ports/store.ts'
import type { Applied } from '../alert/alert-rows.ts'
import { everyDevice } from '../every-device.ts'
import { actorOf, allowed, audit, type Calling, type DeskParts, done, refuse } from './desk-parts.ts'

/** For how long a press is known again; within that, as many calls of its number are looked at. */
const PRESSED = 10 * MINUTE
const LOOKED_AT = 500

/** The switchboard starts a call of its own: stored, raised, and handed to phones and radio in one transaction. */
export function createCalls(parts: DeskParts): Pick<Desk, 'calls' | 'previewCall' | 'startCall'> {
  const { store, clock, roster, title } = parts

  const planned = (ask: CallAsk, calling: Calling, at: Instant) =>
    callToStart(ask, at, {
      ...{ directory: roster.current(), policies: calling.policies(), rules: calling.rules() },
      radio: calling.radio,
    })

  const what = ({ meaning, number }: CallToStart, directory: Directory) => {
    const calls = parts.calling?.policies().calls
    const kinds = calls === undefined ? [] : callKinds(calls, directory)
    const like = kinds.filter(({ kind }) => kind === meaning.kind)
    const name = (like.find((k) => k.number === number) ?? like[0])?.name ?? title(meaning.kind)
    return meaning.place === undefined ? name : `${name}, ${meaning.place}`
  }

  async function preview(ask: CallAsk, calling: Calling): Promise<Outcome<PreviewView>> {
    const at = clock.now()
    const call = planned(ask, calling, at)
    if (!call.ok) return call
    const directory = roster.current()
    const devices = await everyDevice(store)
    const { number, meaning, to, plan, mass, page } = call.value
    const foreseen = foreseePlan(
      { number, meaning, to, plan, reason: 'called-at-desk' },
      ...[at, { directory, devices, now: at, ...given({ channels: parts.ways && new Set(parts.ways) }) }],
    )
    // Whoever is asked because the first ones have no phone is rung in the same moment.
    const first = new Map(
      foreseen.steps
        .filter(({ after }) => after === 0)
        .flatMap(({ asks }) => asks)
        .map((one) => [one.person, one]),
    )
    const withoutPhone = [...first.values()].filter(({ ways }) => ways.length === 0).length
    return done({
      ...foreseenView(foreseen, at, directory),
      readBack: say('start.readBack', {
        what: what(call.value, directory),
        people: say('start.people', { n: first.size }),
        without:
          withoutPhone === 0 ? say('start.allWithPhone') : say('start.withoutPhone', { n: withoutPhone }),
      }),
      ...{ people: first.size, withoutPhone, words: page.text, radio: goesOut(call.value, calling) },
      ...(mass ? { confirm: calling.policies().calls.mass } : {}),
    })
  }

  /** The call that the same press has made already: its answer was lost, and whoever pressed does not know. */
  async function pressedBefore(
    tx: Tx,
    { number, page }: CallToStart,
    at: Instant,
  ): Promise<Alert | undefined> {
    const { press } = page.fields
    if (press === undefined) return undefined
    await tx.alone(`bleep/${number}`)
    const lately = await tx.bleeps.recent(number, at - PRESSED, LOOKED_AT)
    const bleep = lately.find(({ page: { fields } }) => fields.press === press)
    return bleep === undefined ? undefined : tx.alerts.byBleep(bleep.id)
  }

  /** T1 and T2 in one transaction: what is said to be sent is durable and raised. */
  async function start(tx: Tx, call: CallToStart, calling: Calling, by: Actor): Promise<Applied> {
    const at = call.page.firstByte
    const { number, page, meaning, plan } = call
    await tx.alone(`bleep/${number}`)
    const bleep: Bleep = {
      id: asId<BleepId>(uuid7(at, parts.random.bytes(10))),
      ...{ number, page, meaning, received: at, passed: { decoded: at, routed: at } },
      ...{ stage: 'routed', sightings: 1, repeats: 0 },
    }
    await tx.bleeps.add(bleep)
    return calling.raiseIn(tx, bleep, plan, at, by)
  }

  async function send(
    caller: Extract<Caller, { kind: 'operator' }>,
    asked: CallAsk,
    confirm: string | undefined,
    calling: Calling,
  ): Promise<Outcome<StartedView>> {
    const at = clock.now()
    const sent = await store.transact(async (tx) => {
      const second = confirm !== undefined && confirm !== 'held'
      let call = second ? undefined : planned(asked, calling, at)
      if (call?.ok === false) return call
      if (call === undefined || call.value.mass) {
        await tx.alone(WAITING_KEY)
        const waiting = waitingNow(await tx.notes.get(WAITING_KEY), at)
        const may = confirmed(asked, confirm, caller.operator, calling.policies().calls.mass, waiting)
        if (!may.ok) return may
        if (may.value === 'wait') {
          const id = uuid7(at, parts.random.bytes(10))
          const says = call === undefined ? '' : what(call.value, roster.current())
          const one = { id, by: caller.operator, at, says, ask: { ...asked } }
          await tx.notes.set(WAITING_KEY, waitingWith(waiting, one), at)
          return refuse('call-unconfirmed', id)
        }
        const { go, used } = may.value
        call = planned(go, calling, at)
        if (!call.ok) return call
        const left = waiting.filter(({ id }) => id !== used)
        if (used !== undefined) await tx.notes.set(WAITING_KEY, left, at)
      }
      const had = await pressedBefore(tx, call.value, at)
      if (had !== undefined) return { ok: true as const, value: { alert: had, call: call.value } }
      const by = { kind: 'switchboard', operator: caller.operator } as const
      const applied = await start(tx, call.value, calling, by)
      const { id: subject } = applied.alert
      const entry = { at, actor: actorOf(caller), action: 'call.started', subject, outcome: 'done' } as const
      await tx.audit.append(entry)
      return { ok: true as const, value: { applied, alert: applied.alert, call: call.value } }
    })
    store.wake.ring('alerts')
    if (!sent.ok) {
      if (sent.fault.code !== 'call-unconfirmed') await audit(parts, caller, 'call.started', '', 'refused')
      return sent
    }
    const { applied, alert, call } = sent.value
    if (applied === undefined) return done(startedView(alert, call, goesOut(call, calling)))
    calling.announce(applied)
    parts.metrics.count('bleepbridge_reasons_total', { reason: 'called-at-desk' })
    parts.metrics.count('bleepbridge_bleeps_total', { class: call.meaning.class })
    return done(startedView(alert, call, goesOut(call, calling)))
  }

  function startedView(alert: Alert, call: CallToStart, radio: boolean): StartedView {
    const directory = roster.current()
    const asks = Object.values(alert.responders).map(({ person, roles }) => ({
      ...{ person, name: directory.people.get(person)?.name ?? person },
      roles: roles.map((role) => directory.roles.get(role)?.name ?? role),
    }))
    const people = say('start.people', { n: asks.length })
    const sentence = say('start.sent', { what: what(call, directory), people })
    return { bleep: alert.bleep, alert: alert.id, number: call.number, radio, asks, sentence }
  }

  async function listed(calling: Calling): Promise<Outcome<CallsView>> {
    const directory = roster.current()
    const { calls } = calling.policies()
    return done({
      kinds: callKinds(calls, directory).map(({ kind, name, number, class: own, mass }) => ({
        ...{ kind, name: name ?? title(kind), number, mass },
        ...given({ class: own ?? directory.numbers.get(number)?.class }),
      })),
      places: [...placesOf(calls, directory)],
      ...{ mass: calls.mass, radio: calling.radio },
    })
  }

  const may = <T>(caller: Caller, work: (calling: Calling) => Promise<Outcome<T>>) =>
    allowed(parts, caller, 'alert.manage', async () =>
      parts.calling === undefined ? refuse('call-unknown') : work(parts.calling),
    )

  return {
    calls: (caller) => may(caller, listed),
    previewCall: (caller, ask) => may(caller, (calling) => preview(ask, calling)),
    startCall: (caller, { confirm, ...ask }) =>
      may(caller, async (calling) =>
        caller.kind === 'operator' ? send(caller, ask, confirm, calling) : refuse('not-permitted'),
      ),
  }
}

const goesOut = ({ pager }: CallToStart, { radio }: Calling): boolean => pager && radio
