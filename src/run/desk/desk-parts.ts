import type { Alert, AlertEffect, AlertEvent } from '../../core/alert/alert.ts'
import { responderOf } from '../../core/alert/responder.ts'
import type { Bleep } from '../../core/bleep/bleep.ts'
import type { Rules } from '../../core/bleep/rules.ts'
import type { ChannelId, ENTERED } from '../../core/deliver/channels.ts'
import { type Device, deviceClass } from '../../core/deliver/device.ts'
import type { ProfiledLine } from '../../core/deliver/never-proved.ts'
import { bareCard, type CardContext, cardOf } from '../../core/desk/card.ts'
import type { DataPlaces } from '../../core/desk/policy-view.ts'
import type { Card, HealthView } from '../../core/desk/views.ts'
import type { FaultCode } from '../../core/faults.ts'
import { given } from '../../core/given.ts'
import type { AuditEntry } from '../../core/govern/audit.ts'
import { type AccessRole, type Action, permits } from '../../core/govern/permit.ts'
import { type Reader, readsWords } from '../../core/govern/reader.ts'
import { isEngaged, mayKeep, type ShiftEndRules } from '../../core/govern/shift-end.ts'
import type { AlertId, BleepId, DeviceId, PersonId, RoleId } from '../../core/ids.ts'
import type { Millis } from '../../core/instant.ts'
import { type StampedHop, stampsOf } from '../../core/measure/hops.ts'
import type { SiteFound } from '../../core/measure/watch/found.ts'
import { waterfallOf } from '../../core/measure/waterfall.ts'
import type { AskRules, Policies } from '../../core/route/policy.ts'
import type { Class } from '../../core/vocabulary.ts'
import type { Caller, Outcome } from '../../ports/desk.ts'
import type { FilingSite } from '../../ports/filings.ts'
import type { Random } from '../../ports/random.ts'
import type { Tx } from '../../ports/store.ts'
import type { MakerTools } from '../../ports/tools.ts'
import type { Alerts, MakeEvent } from '../alert/alerts.ts'
import type { TestRecord } from '../alert/daily-test.ts'
import { alertOf } from '../alert/earlier.ts'
import type { createSeparate } from '../alert/separate.ts'
import { apart } from '../defect.ts'
import type { FilingWayNow } from '../keep/filing-watch.ts'
import type { Trail } from '../keep/trail.ts'
import type { Roster } from '../roster.ts'

/** Steps one alert, stores what came of it and acts on it; undefined when there is no such alert. */
interface AlertWork {
  apply(id: AlertId, event: AlertEvent | MakeEvent): Promise<Applied | undefined>
}

interface Applied {
  readonly alert: Alert
  readonly effects: readonly AlertEffect[]
}

/** The rules as they are by the time a call is started, and the way into the alert loop's own transaction. */
export interface Calling {
  readonly rules: () => Rules
  readonly policies: () => Policies
  /** Whether there is a way on to the air. */
  readonly radio: boolean
  readonly raiseIn: Alerts['raiseIn']
  readonly announce: Alerts['announce']
}

export interface DeskParts extends MakerTools {
  readonly roster: Roster
  readonly alerts: AlertWork
  readonly trail: Trail
  /** Kind id → the words people know it by. */
  readonly title: CardContext['title']
  /** sha-256, hex: tokens and codes are only ever stored as this. */
  readonly digest: (secret: string) => string
  readonly dailyTests?: () => Promise<readonly TestRecord[]>
  /** What filing in the patient's record needs; absent: nothing is filed from here. */
  readonly filing?: { readonly site: FilingSite; now(): readonly FilingWayNow[] }
  /** Makes a daily test's call now; undefined where there is no such test. */
  readonly callTest?: (id: string) => Promise<Alert | undefined>
  /** Puts a bleep that rang nobody to a role; undefined when it does not wait any more. */
  readonly askRole?: (bleep: BleepId, role: RoleId) => Promise<Alert | undefined>
  /** Takes what was joined to a call from it and rings for it; undefined where nothing of that name is joined there. */
  readonly separate?: ReturnType<typeof createSeparate>
  /** What starting a call needs; absent: none can be started here. */
  readonly calling?: Calling
  /** Fit to page, and every reason why not. */
  readonly ready?: () => Promise<HealthView>
  /** Everything supervised on the site, what the air was heard to carry, and the lines. */
  readonly found?: () => SiteFound
  /** The configured lines, with what their profiles rest on. */
  readonly lines?: readonly ProfiledLine[]
  /** The ways that this site has. */
  readonly ways?: readonly ChannelId[]
  /** Serial ports that are plugged in here, and the line that uses each. */
  readonly ports?: () => Promise<readonly { readonly path: string; readonly feed?: string }[]>
  /** Whether copies of the database are made here. */
  readonly copies?: boolean
  /** Where data lies, what leaves and how long it is kept, as the configuration has it. */
  readonly dataPlaces?: DataPlaces
  /** Names of those who may sign in at the console. */
  readonly operators?: ReadonlySet<string>
  /** Why an address that a phone gives for a channel can never be rung from here; absent: any can. */
  readonly outOfReach?: (channel: Device['channel'], address: string) => FaultCode | undefined
  /** A second phone of somebody waits until they have said on the first that it is theirs. */
  readonly confirms?: boolean
  /** How long it may be left alone before words are hidden until a new sign-in. */
  readonly shutAfter?: Readonly<Partial<Record<AccessRole, Millis>>>
  /** Whether the session of a person stands, whatever this console knows of it. */
  readonly standsFor?: (session: string) => Promise<boolean>
  /** How long a console session of each role may be left alone. */
  readonly idle?: Readonly<Partial<Record<AccessRole, Millis>>>
  readonly shiftEnd: ShiftEndRules
  /** What the switchboard can enter here for somebody: the channels of this site that it is for. */
  readonly entered?: readonly (typeof ENTERED)[number][]
  /** What the site lets people ask from a screen. */
  readonly asks: () => AskRules
  /** How urgent the words of a bleep sound. */
  readonly sounds: (bleep: Bleep) => Class
  /** Wakes a device that was taken out of use, so that it wipes itself. */
  readonly wipe?: (device: Device) => Promise<boolean>
  /** Devices that were taken out of use elsewhere: their streams end. */
  readonly onOut?: (run: (device: DeviceId) => void) => void
  /** Rings one device for its self-test, by one way or by all; false when none took it. */
  readonly ring?: (device: Device, test: string, only?: ChannelId) => Promise<boolean>
  /** Rings a device because a role is offered or given to whoever has it; false when no way took it. */
  readonly handOver?: (device: Device, ring: string) => Promise<boolean>
  /** Rings a device because another was taken up in the name of its holder; false when no way took it. */
  readonly newPhone?: (device: Device, ring: string) => Promise<boolean>
  /** Whether the open line of a device's app is with this node now. */
  readonly listens?: (device: DeviceId) => boolean
}

export const refuse = (code: FaultCode, detail?: string): Outcome<never> => ({
  ok: false,
  fault: detail === undefined ? { code } : { code, detail },
})

export const done = <T>(value: T): Outcome<T> => ({ ok: true, value })

/** Runs `work` when the role table lets this caller; refusals go on the record. */
export async function allowed<T>(
  parts: DeskParts,
  caller: Caller,
  action: Action,
  work: () => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  if (permits(caller.access, action)) return work()
  parts.trail.refused(actorOf(caller), action)
  return refuse('not-permitted', action)
}

export async function audit(
  { store, clock, metrics }: DeskParts,
  caller: Caller,
  action: string,
  subject: string,
  outcome: AuditEntry['outcome'],
): Promise<void> {
  await store.transact((tx) =>
    tx.audit.append({ at: clock.now(), actor: actorOf(caller), action, subject, outcome }),
  )
  metrics.count('bleepbridge_audit_total', { outcome })
}

/** Puts on the record that a caller was shown what these say; who reads no words has seen nothing. */
export function saw(
  { trail }: DeskParts,
  caller: Caller,
  action: string,
  what: readonly { readonly id: string }[],
): void {
  if (!readsWords(caller)) return
  for (const { id } of what) trail.looked(actorOf(caller), action, id)
}

/** A device's secret; only its digest is kept. */
export function newToken(random: Random): string {
  return Buffer.from(random.bytes(32)).toString('base64url')
}

export function actorOf(caller: Caller): string {
  return caller.kind === 'device' ? `device:${caller.device}` : caller.operator
}

/** The calling device while it may still speak; undefined once revoked or signed out. */
export async function deviceOf(tx: Tx, caller: Caller): Promise<Device | undefined> {
  if (caller.kind !== 'device') return undefined
  const device = await tx.devices.get(caller.device)
  return device?.state === 'active' || device?.state === 'dead' ? device : undefined
}

/** Whom a device may speak for now: its owner, or whoever holds the role that owns it. */
export function peopleOf({ roster, clock }: DeskParts, device: Device): readonly PersonId[] {
  const { owner } = device
  if (owner.kind === 'ward') return []
  return owner.kind === 'person'
    ? [owner.person]
    : roster
        .current()
        .holders(owner.role, clock.now())
        .map((h) => h.person)
}

/**
 * Whom a device may speak for on one alert: its people, and whoever was told of it there and is still on it although
 * the shift has passed to others.
 */
export async function speakersOf(
  parts: DeskParts,
  tx: Tx,
  device: Device,
  alert: Alert,
): Promise<readonly PersonId[]> {
  const people = peopleOf(parts, device)
  if (device.owner.kind === 'person' || alert.phase === 'closed') return people
  const told = (await tx.attempts.ofAlert(alert.id)).filter((a) => a.device === device.id)
  const still = told.map((a) => a.person).filter((p) => isEngaged(alert, p))
  return [...new Set([...people, ...still])]
}

/** Whether this person was told of the alert on this device in a shift that is not over. */
export function isGiven(parts: DeskParts, device: Device, alert: Alert, person: PersonId): boolean {
  const r = responderOf(alert, person)
  if (r === undefined) return false
  const told = Math.max(r.rung, r.since)
  return mayKeep(device, alert, person, told, parts.clock.now(), parts.roster.current(), parts.shiftEnd)
}

/**
 * How this caller reads an alert; a shared device reads as the one of its people who was asked.
 * @param unsigned whether the holder of the device has yet to sign the terms of use
 */
export function readerOf(
  caller: Caller,
  people: readonly PersonId[],
  alert?: Alert,
  device?: Device,
  unsigned = false,
): Reader {
  const asked = alert === undefined ? undefined : people.find((p) => responderOf(alert, p) !== undefined)
  const person = asked ?? people[0]
  const shut = caller.kind === 'operator' && caller.shut ? { shut: true as const } : {}
  const roles = alert && asked ? responderOf(alert, asked)?.roles : undefined
  return {
    ...{ access: caller.access, ...shut },
    ...given({ person, roles, devices: device && deviceClass(device), channel: device?.channel }),
    ...(unsigned && alert?.plan.class !== 'emergency' ? { unsigned } : {}),
  }
}

export function contextOf({ roster, title, clock }: DeskParts): CardContext {
  return { directory: roster.current(), title, now: clock.now() }
}

/** The card of an alert; where a defect keeps it from being made, the bare one: it must be seen that somebody calls. */
export function cardFor(
  parts: DeskParts,
  alert: Alert,
  bleep: Bleep,
  reader: Reader,
  context: CardContext,
  related?: AlertId,
): Promise<Card> {
  return apart(
    parts,
    'view-failed',
    alert.id,
    () => cardOf(alert, bleep, reader, context, related),
    () => bareCard(alert, bleep, reader),
  )
}

/** The alert of the bleep that this one is shown together with: its own, or the one that it joined. */
export async function relatedOf(tx: Tx, bleep: Bleep): Promise<AlertId | undefined> {
  return bleep.related && (await alertOf(tx, bleep.related.bleep))?.id
}

/** Where the time of an alert went, once there is a leg to draw. */
export function waterfallFor(
  alert: Alert,
  hops: readonly StampedHop[],
  label: (recipient: string) => string,
) {
  const waterfall = waterfallOf(stampsOf(hops), { class: alert.plan.class, label })
  return waterfall === undefined ? {} : { waterfall: { ...waterfall, bars: [...waterfall.bars] } }
}
