import type { Alert } from '../../core/alert/alert.ts'
import { isOut } from '../../core/alert/responder.ts'
import { traitsOf } from '../../core/deliver/channels.ts'
import type { Directory } from '../../core/directory/directory.ts'
import type { AlertId, PersonId } from '../../core/ids.ts'
import { HOUR, type Instant, MINUTE, type Millis, SECOND } from '../../core/instant.ts'
import { callColumns } from '../../core/measure/facts/call-columns.ts'
import { CallIntake } from '../../core/measure/facts/calls.ts'
import { Names } from '../../core/measure/facts/columns.ts'
import { Footnotes } from '../../core/measure/facts/footnotes.ts'
import { pickedUp, readCall } from '../../core/measure/facts/read-call.ts'
import { implicitAnswer, type OpenRequest, WINDOW } from '../../core/measure/report/match.ts'
import { type ZoneTable, zoneTable } from '../../core/measure/zone.ts'
import type { CallRow } from '../../ports/measured.ts'
import type { PageMark } from '../../ports/page-mark.ts'
import type { Store, Tx } from '../../ports/store.ts'
import { leaderOf } from '../leader.ts'
import { type Loop, type LoopTools, startLoop } from '../loop.ts'
import type { Alerts } from './alerts.ts'

export interface CallBackParts extends LoopTools {
  readonly store: Store
  readonly alerts: Alerts
  readonly directory: () => Directory
}

const EVERY: Millis = 5 * SECOND
/** A record that another node has just written may become visible a moment after one with a later time. */
const SETTLES: Millis = SECOND
/** Records may be this late on top of the window and still acknowledge. */
const BEHIND: Millis = WINDOW + 15 * MINUTE
/** Records by which the clock of an exchange is judged. */
const HISTORY: Millis = 2 * HOUR
const PAGE = 500
/** More requests in half an hour than any hospital makes. */
const REQUESTS = 2000
const CURSOR = 'call-backs-until'

interface Request extends OpenRequest {
  readonly alert: Alert | undefined
}

/**
 * Closes the loop for staff with a pager only: the exchange saw their call-back answered, so the request that asked for
 * it is answered, by the exchange and marked so. Where a call may have answered one of several requests, or somebody
 * asked has a phone to answer by, nothing is concluded. One node does it for all.
 */
export function startCallBacks(parts: CallBackParts): Loop {
  const { clock } = parts
  const leader = leaderOf(parts.store, 'call-backs')
  const ours = { ...parts, store: leader.store }
  const loop = startLoop(
    'call-backs',
    [],
    EVERY,
    async () => {
      if (!(await leader.leads())) return
      while ((await look(ours, clock.now() - SETTLES)) === PAGE);
    },
    parts,
  )
  return {
    async stop() {
      await loop.stop()
      await leader.leave()
    },
  }
}

/** The next page of call records; gives how many. */
async function look(parts: CallBackParts, until: Instant): Promise<number> {
  const { store, clock } = parts
  const { rows, requests } = await store.transact(async (tx) => {
    const found = await tx.calls.page(markOf(await tx.notes.get(CURSOR), until), until, PAGE)
    return { rows: found, requests: found.length === 0 ? [] : await requestsOf(tx, clock.now()) }
  })
  const last = rows.at(-1)
  if (last === undefined) return 0
  const wanted = new Set(requests.map((r) => r.extension))
  const relevant = rows.filter(({ record }) => wanted.has(record.to) || wanted.has(record.dialled ?? ''))
  if (relevant.length > 0) await conclude(parts, relevant, requests)
  await store.transact((tx) => tx.notes.set(CURSOR, { at: last.arrived, id: last.id }, clock.now()))
  return rows.length
}

async function conclude(
  parts: CallBackParts,
  rows: readonly CallRow[],
  requests: readonly Request[],
): Promise<void> {
  const { store, clock, metrics, alerts } = parts
  const now = clock.now()
  const zone = zoneTable(parts.directory().zone, now - HISTORY, now)
  const clocks = await clocksOf(store, zone, now)
  for (const [feed, offset] of clocks.offsets)
    if (offset !== undefined) metrics.gauge('bleepbridge_pbx_offset_seconds', -offset / SECOND, { feed })
  const open = new Set(requests)
  for (const row of rows) {
    const picked = pickedUp(readCall(row, zone), zone, clocks.offsets.get(row.feed))
    if (picked === undefined) continue
    const to = requests.some((r) => r.extension === row.record.to) ? row.record.to : row.record.dialled
    const match = implicitAnswer([...open], { ...row.record, to: to ?? row.record.to }, picked)
    const request = requests.find((r) => r.bleep === match?.bleep)
    if (match === undefined || request === undefined) continue
    if (!match.sure || clocks.unsure(request.at, picked)) {
      metrics.count('bleepbridge_callbacks_total', { matched: 'ambiguous' })
      continue
    }
    open.delete(request)
    metrics.count('bleepbridge_callbacks_total', { matched: 'matched' })
    if (request.alert !== undefined) await acknowledge({ store, alerts }, request.alert.id, clock.now())
  }
}

async function acknowledge(
  { store, alerts }: Pick<CallBackParts, 'store' | 'alerts'>,
  id: AlertId,
  at: Instant,
): Promise<void> {
  const found = await store.transact(async (tx) => {
    const alert = await tx.alerts.get(id)
    const person = alert && (await callerOf(tx, alert))
    return person === undefined || alert === undefined ? undefined : { person, version: alert.version }
  })
  if (found === undefined) return
  await alerts.apply(id, { kind: 'answered', at, by: { kind: 'pbx' }, answer: 'call-back', ...found })
}

/**
 * Whose call it is taken to be: of the one person who said they would ring, else, where nobody asked has more than a
 * pager, of the one asked first; the request is answered whoever of them rang. Nobody attends an emergency by telephone.
 */
async function callerOf(tx: Tx, alert: Alert): Promise<PersonId | undefined> {
  const { class: c } = alert.plan
  if (alert.phase === 'closed' || c === 'emergency' || c === 'test') return undefined
  const asked = Object.values(alert.responders).filter((r) => !isOut(r) && r.state !== 'stood-down')
  const promised = asked.filter((r) => r.state === 'call-back' && r.confirmed !== true)
  if (promised.length > 0) return promised.length === 1 ? promised[0]?.person : undefined
  if (asked.some((r) => r.state !== 'asked')) return undefined
  for (const { person, roles } of asked) {
    const devices = await tx.devices.owned({ people: [person], roles })
    if (devices.some((d) => d.state === 'active' && traitsOf(d.channel).answers)) return undefined
  }
  return asked.sort((a, b) => a.asked - b.asked)[0]?.person
}

/** Every recent request to be rung, answered or not: a call may be any one's. The same request again is one. */
async function requestsOf(tx: Tx, now: Instant): Promise<readonly Request[]> {
  const out: Request[] = []
  for (const bleep of await tx.bleeps.between(now - BEHIND, now, REQUESTS)) {
    const extension = bleep.meaning?.callBack
    if (extension === undefined) continue
    const alert = await tx.alerts.byBleep(bleep.id)
    if (alert === undefined && bleep.related !== undefined) continue
    if (alert !== undefined && Object.values(alert.responders).some((r) => r.confirmed)) continue
    out.push({ bleep: bleep.id, at: bleep.page.firstByte, extension, alert })
  }
  return out
}

/** How the exchanges' clocks stand, by their latest records. */
async function clocksOf(store: Store, zone: ZoneTable, now: Instant) {
  const intake = new CallIntake(zone, new Names(), new Footnotes())
  let mark: PageMark = { at: now - HISTORY, id: '' }
  for (;;) {
    const rows = await store.transact((tx) => tx.calls.page(mark, now + SECOND, PAGE))
    intake.add(callColumns(rows, zone))
    const last = rows.at(-1)
    if (last === undefined) return all(intake.finish())
    mark = { at: last.arrived, id: last.id }
  }
}

/** A few hundred records are worked through in one go. */
function all<T>(steps: Generator<void, T>): T {
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value
}

/** The first time there is nothing to catch up with, nor where the clock was set back to before it. */
function markOf(noted: unknown, until: Instant): PageMark {
  return typeof noted === 'object' &&
    noted !== null &&
    'at' in noted &&
    'id' in noted &&
    typeof noted.at === 'number' &&
    noted.at <= until &&
    typeof noted.id === 'string'
    ? { at: noted.at, id: noted.id }
    : { at: until - EVERY - SETTLES, id: '' }
}
