import type { Alert } from '../../core/alert/alert.ts'
import { responderOf } from '../../core/alert/responder.ts'
import type { Bleep } from '../../core/bleep/bleep.ts'
import type { Device } from '../../core/deliver/device.ts'
import { rings } from '../../core/desk/card.ts'
import type { InboxItem, KeptView } from '../../core/desk/views.ts'
import { firstLook, keeping, keptUntil, mayKeep, shiftsCount } from '../../core/govern/shift-end.ts'
import { type Instant, MINUTE, printInstant } from '../../core/instant.ts'
import type { Desk } from '../../ports/desk.ts'
import { type InboxRow, StoreFault, type Tx } from '../../ports/store.ts'
import { apart } from '../defect.ts'
import { termsFor } from './conduct.ts'
import {
  allowed,
  cardFor,
  contextOf,
  type DeskParts,
  deviceOf,
  done,
  readerOf,
  refuse,
  saw,
} from './desk-parts.ts'
import { outside } from './outside.ts'

/** Rows read in one pull: more than a night out of reach brings. */
const ROWS = 5000
/** Alerts given in one pull. */
const ALERTS = 200

/**
 * What a device must know since a cursor: one item an alert, so that a phone back from a dead spot rings once for each.
 * What belonged to a shift that is over is passed by.
 */
export function createInbox(parts: DeskParts): Pick<Desk, 'inbox'> {
  const { store, clock, roster, shiftEnd } = parts
  return {
    inbox: (caller, since, rang) =>
      allowed(parts, caller, 'inbox.read', () =>
        store.transact(async (tx) => {
          const device = await deviceOf(tx, caller)
          if (device === undefined) return refuse('not-signed-in')
          // Another node rang for it from its own file: it is found by asking there.
          if (rang !== undefined && tx.isPart && (await tx.attempts.get(rang)) === undefined)
            throw new StoreFault('store-lost')
          const now = clock.now()
          const read = await tx.inbox.since(device.id, since, ROWS)
          // Nodes that are apart each count for themselves, so a row that rang may lie before the cursor that another
          // node gave.
          const ringing = rang === undefined ? [] : await tx.inbox.ofAttempt(device.id, rang)
          const before = ringing.filter(({ cursor }) => cursor <= since)
          const rows = [...before, ...upTo(read, ALERTS)]
          const known = new Map<string, Pair>()
          const given: (Pair & { row: InboxRow })[] = []
          for (const row of rows) {
            const found = known.get(row.alert) ?? (await pair(tx, await tx.alerts.get(row.alert)))
            // An erased alert leaves nothing to show; the cursor passes it.
            if (found === undefined) continue
            known.set(row.alert, found)
            // In doubt it is given: a call that is not shown is worse than one shown too long.
            const may = await apart(
              parts,
              'view-failed',
              row.alert,
              () => mayKeep(device, found.alert, row.person, row.at, now, roster.current(), shiftEnd),
              () => true,
            )
            if (may) given.push({ ...found, row })
          }
          const told = given.map(({ row }) => row.at)
          const own = await remember(tx, device, told, now)
          const items: InboxItem[] = []
          const unsigned = (await termsFor(tx, parts, own)) !== undefined
          const once = oneEach(given, ({ row, alert }) =>
            rings(alert, row.purpose, row.expires, row.person, now),
          )
          for (const { row, alert, bleep } of once) {
            const until = keptUntil(own, row.person, row.at, now, roster.current(), shiftEnd)
            const reader = readerOf(caller, [row.person], alert, device, unsigned)
            items.push({
              cursor: row.cursor,
              ...(row.attempt === undefined ? {} : { attempt: row.attempt }),
              purpose: row.purpose,
              at: printInstant(row.at),
              expires: printInstant(row.expires),
              ...(until === undefined ? {} : { until: printInstant(until) }),
              ring: rings(alert, row.purpose, row.expires, row.person, now),
              alert: await cardFor(parts, alert, bleep, reader, contextOf(parts)),
            })
          }
          for (const { alert, row } of once) {
            saw(parts, caller, 'inbox.read', [alert])
            outside(parts, caller, responderOf(alert, row.person)?.roles ?? [], 'read', alert.id)
          }
          return done({
            now: printInstant(now),
            cursor: Math.max(since, rows.at(-1)?.cursor ?? since),
            items,
            more: read.length === ROWS || rows.length - before.length < read.length,
            kept: keptViewOf(parts, own),
          })
        }),
      ),
  }

  /** When it was seen, and when what it is given now has to go, kept with the device. */
  async function remember(tx: Tx, device: Device, told: readonly Instant[], now: Instant): Promise<Device> {
    const looked = firstLook(device, told, now, roster.current(), shiftEnd)
    const seen = device.seen === undefined || now - device.seen > MINUTE
    if (!seen && looked.keepsUntil === device.keepsUntil) return device
    // The end of a shift may be writing to the same device on another node.
    await tx.alone(`device/${device.id}`)
    const fresh = (await tx.devices.get(device.id)) ?? device
    const saved = { ...firstLook(fresh, told, now, roster.current(), shiftEnd), seen: now }
    await tx.devices.save(saved)
    return saved
  }
}

/** The rows up to where one more alert would be too many for one pull. */
function upTo(rows: readonly InboxRow[], most: number): readonly InboxRow[] {
  const alerts = new Set<string>()
  const end = rows.findIndex(({ alert }) => alerts.add(alert).size > most)
  return end < 0 ? rows : rows.slice(0, end)
}

/**
 * Of each alert the newest row that rings, else the newest. In the order of the cursor: whoever is cut off half-way and
 * goes on from the last item misses none.
 */
function oneEach<T extends { readonly row: InboxRow }>(given: readonly T[], ring: (one: T) => boolean) {
  const best = new Map<string, T>()
  for (const one of given) {
    const had = best.get(one.row.alert)
    if (had === undefined || ring(one) || !ring(had)) best.set(one.row.alert, one)
  }
  return [...best.values()].sort((a, b) => a.row.cursor - b.row.cursor)
}

interface Pair {
  readonly alert: Alert
  readonly bleep: Bleep
}

async function pair(tx: Tx, alert: Alert | undefined): Promise<Pair | undefined> {
  const bleep = alert && (await tx.bleeps.get(alert.bleep))
  return alert === undefined || bleep === undefined ? undefined : { alert, bleep }
}

/** What this device may keep, for it to go by when it is out of reach. */
export function keptViewOf({ roster, clock, shiftEnd }: DeskParts, device: Device): KeptView {
  return {
    shared: device.owner.kind === 'role' && shiftsCount(device, shiftEnd),
    people: keeping(device, clock.now(), roster.current(), shiftEnd).map(({ person, until }) => ({
      person,
      ...(until === undefined ? {} : { until: printInstant(until) }),
    })),
    ...(device.cleared === undefined ? {} : { cleared: printInstant(device.cleared) }),
  }
}
