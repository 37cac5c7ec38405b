import type { MeView } from '../../core/desk/people-views.ts'
import { handedTo, openOffers } from '../../core/desk/rota.ts'
import { wardsOf } from '../../core/directory/wards.ts'
import { given } from '../../core/given.ts'
import { mayOf, permits } from '../../core/govern/permit.ts'
import type { PersonId } from '../../core/ids.ts'
import { printInstant } from '../../core/instant.ts'
import type { AskDesk } from '../../ports/asks-desk.ts'
import type { Caller, Desk, Outcome } from '../../ports/desk.ts'
import type { ForeseeDesk } from '../../ports/foresee-desk.ts'
import { createAlertPage } from './alert-page.ts'
import { createAnswers } from './answers.ts'
import { createAskWatch } from './ask-watch.ts'
import { createAsks } from './asks.ts'
import { createBoard } from './board.ts'
import { createCalls } from './calls.ts'
import { createConduct, termsFor } from './conduct.ts'
import type { DeskParts } from './desk-parts.ts'
import { allowed, deviceOf, done, peopleOf, refuse } from './desk-parts.ts'
import { deviceView } from './device-view.ts'
import { createDevices } from './devices.ts'
import { createDuty } from './duty.ts'
import { createEnrolment, newcomersOf, newcomerView } from './enrolment.ts'
import { createEntered } from './entered.ts'
import { createFind } from './find.ts'
import { createFirstAccount } from './first-account.ts'
import { createForesee } from './foresee.ts'
import { createInbox, keptViewOf } from './inbox.ts'
import { createInboxWatch } from './inbox-watch.ts'
import { createJoined } from './joined.ts'
import { createPolicyDesk } from './policy-desk.ts'
import { createRecords } from './records.ts'
import { createReview } from './review.ts'
import { createRolls } from './rolls.ts'
import { createRotaChanges } from './rota-changes.ts'
import { createSessionDesk } from './sessions.ts'
import { createShiftLog } from './shift-log.ts'
import { createSite } from './site.ts'
import { createWays } from './ways.ts'

/** Everything HTTP and MQTT may ask, over the store and the alert loop. */
export function createDesk(parts: DeskParts): Desk & AskDesk & ForeseeDesk {
  const { store, clock, roster } = parts
  const inboxes = createInboxWatch(parts)
  const asks = createAskWatch(parts)
  parts.onOut?.(inboxes.poke)
  const duty = createDuty(parts)
  const looking = { ...createBoard(parts), ...createFind(parts) }
  const { onDuty, setDuty, ...handovers } = duty

  const me = async (caller: Caller): Promise<Outcome<MeView>> => {
    const directory = roster.current()
    const now = clock.now()
    const common = {
      ...{ now: printInstant(now), access: caller.access, may: [...mayOf(caller.access)] },
      site: directory.site.name,
    }
    if (caller.kind === 'operator') {
      const offers = permits(caller.access, 'handover.offer') ? openOffers(directory) : []
      return done({
        ...{ ...common, kind: 'operator', name: caller.operator, people: [], roles: [], offers },
        ...(caller.until === undefined ? {} : { until: printInstant(caller.until) }),
        ...(caller.shut ? { shut: true } : {}),
        ...(caller.person === undefined ? {} : { person: caller.person }),
      })
    }
    const [device, own, acceptedUse] = await store.transact(async (tx) => {
      const device = await deviceOf(tx, caller)
      return [
        device,
        device?.owner.kind === 'person' ? await tx.devices.owned({ people: [device.owner.person] }) : [],
        device && (await termsFor(tx, parts, device)),
      ] as const
    })
    if (device === undefined) return refuse('not-signed-in')
    // A new phone has no say about itself.
    const newcomers = device.unconfirmed === true ? [] : newcomersOf(own, now)
    const people = peopleOf(parts, device)
    const [person] = people
    const view = deviceView(device, roster)
    return done({
      ...common,
      kind: 'device',
      device: view,
      ...given({ acceptedUse }),
      ...(newcomers.length === 0 ? {} : { newcomers: newcomers.map((one) => newcomerView(one, roster)) }),
      name: person === undefined ? view.owner.name : (directory.people.get(person)?.name ?? person),
      ...(person === undefined ? {} : { person, duty: await onDuty(person) }),
      people: people.map((p) => ({
        person: p,
        name: directory.people.get(p)?.name ?? p,
        staffGroup: directory.people.get(p)?.staffGroup ?? '',
      })),
      kept: keptViewOf(parts, device),
      roles: rolesOf(person, now),
      offers: openOffers(directory).filter((o) => people.some((p) => o.to === p || o.from === p)),
      handed: handedTo(directory, people, now),
    })
  }

  const rolesOf = (person: PersonId | undefined, now: number): MeView['roles'] => {
    const directory = roster.current()
    if (person === undefined) return []
    return [...directory.roles.values()]
      .filter((role) => directory.holders(role.id, now).some((h) => h.person === person))
      .map((role) => {
        const until = directory.duties(role.id, now, now + 1).find((d) => d.person === person)?.to
        return {
          role: role.id,
          name: role.name,
          ...(until === undefined || !Number.isFinite(until) ? {} : { until: printInstant(until) }),
        }
      })
  }

  return {
    ...createAlertPage(parts),
    ...createAnswers(parts),
    ...createCalls(parts),
    ...createConduct(parts, me),
    ...looking,
    ...createShiftLog(parts, looking),
    ...createAsks(parts),
    ...createDevices(parts, inboxes),
    ...createEnrolment(parts, inboxes),
    ...createInbox(parts),
    ...createEntered(parts),
    ...createWays(parts),
    ...createJoined(parts),
    ...createPolicyDesk(parts),
    ...createReview(parts),
    ...createRecords(parts),
    ...createSessionDesk(parts),
    ...createRolls(parts),
    ...createSite(parts),
    ...createForesee(parts),
    ...createFirstAccount(parts),
    ...createRotaChanges(parts),
    ...handovers,
    me,

    async identify(tokenDigest) {
      const device = await store.transact((tx) => tx.devices.byToken(tokenDigest))
      if (device?.state === 'waiting') return 'waiting'
      if (device?.state !== 'active' && device?.state !== 'dead') return undefined
      return { kind: 'device', access: device.owner.kind === 'ward' ? 'ward' : 'holder', device: device.id }
    },

    async permit(caller, actions) {
      const [wanted] = actions
      if (wanted === undefined || actions.some((action) => permits(caller.access, action)))
        return done(undefined)
      return allowed(parts, caller, wanted, async () => done(undefined))
    },

    async directory() {
      const directory = roster.current()
      return done({
        people: [...directory.people.values()]
          .filter((p) => p.active)
          .map((p) => ({ person: p.id, name: p.name, staffGroup: p.staffGroup })),
        roles: [...directory.roles.values()].map((r) => ({ role: r.id, name: r.name, crash: r.crash })),
        wards: [...wardsOf(directory)],
      })
    },

    async duty(caller, on) {
      const changed = await allowed(parts, caller, 'duty.set', () => setDuty(caller, on))
      return changed.ok ? me(caller) : changed
    },

    watch(caller, run) {
      if (caller.kind === 'device' && caller.access === 'ward') return asks.watch(caller.device, run)
      if (caller.kind === 'device') return inboxes.watch(caller.device, run)
      const stops = (['alerts', 'attempts', 'directory'] as const).map((topic) => store.wake.on(topic, run))
      return () => {
        for (const stop of stops) stop()
      }
    },
  }
}
