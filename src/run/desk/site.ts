import { type NeverProved, neverProved } from '../../core/deliver/never-proved.ts'
import { readinessViewOf } from '../../core/desk/readiness-view.ts'
import { flawsOf, openOffers, unclaimedOf, unprovedOf } from '../../core/desk/rota.ts'
import type { EstateView, SiteView, SupervisedView } from '../../core/desk/site-views.ts'
import { isCrash } from '../../core/directory/live.ts'
import { FAULTS } from '../../core/faults.ts'
import { given } from '../../core/given.ts'
import { permits } from '../../core/govern/permit.ts'
import { HOUR, type Instant, MINUTE, printInstant } from '../../core/instant.ts'
import { availability } from '../../core/measure/watch/availability.ts'
import type { SiteFound } from '../../core/measure/watch/found.ts'
import { untilWhen, WAITING_KEY, type WaitingCall, waitingNow } from '../../core/route/confirm-call.ts'
import type { Desk } from '../../ports/desk.ts'
import { everyDevice } from '../every-device.ts'
import { lastDrill } from '../keep/drill.ts'
import { crashDevices } from './crash-phones.ts'
import { allowed, type DeskParts, done, readerOf } from './desk-parts.ts'
import { newcomerView, newPhonesIn } from './enrolment.ts'

/** How far ahead the board itself speaks of a gap; the rota page looks further. */
const AHEAD = 12 * HOUR
/** How old the count of what was never proved may be. */
const PROVED_FOR = MINUTE

/** What must be known beside the calls: whether we are fit to page, which links are ill, which roles nobody carries. */
export function createSite(parts: DeskParts): Pick<Desk, 'site' | 'estate' | 'readiness'> {
  const { clock, roster, store } = parts
  const waitingCalls = async (now: Instant) =>
    waitingNow(await store.transact((tx) => tx.notes.get(WAITING_KEY)), now)
  const newPhones = async (now: Instant) =>
    (await store.transact((tx) => newPhonesIn(tx, now))).map((one) => newcomerView(one, roster))

  let counted:
    | { readonly at: Instant; readonly neverProved: readonly NeverProved[]; readonly phones: number }
    | undefined
  /** Every device is looked at, so once a minute: boards ask each second. */
  const provedNow = async () => {
    const at = clock.now()
    if (counted !== undefined && at >= counted.at && at < counted.at + PROVED_FOR) return counted
    const devices = await everyDevice(store)
    const { feeds = [], air = [] } = parts.found?.() ?? {}
    counted = {
      at,
      neverProved: neverProved({
        ...{ lines: parts.lines ?? [], ways: parts.ways ?? [], devices },
        heard: new Set(feeds.flatMap(({ id, heard }) => (heard ? [id] : []))),
        onAir: air.some(({ heard }) => heard > 0),
      }),
      phones: devices.filter(({ state }) => state === 'active').length,
    }
    return counted
  }

  return {
    readiness: (caller) =>
      allowed(parts, caller, 'board.read', async () => {
        const directory = roster.current()
        const now = clock.now()
        const [devices, known, accounts, restored] = await Promise.all([
          crashDevices(parts),
          provedNow(),
          store.transact((tx) => tx.accounts.list()),
          store.transact(lastDrill),
        ])
        const health = (await parts.ready?.()) ?? { status: 'not-ready', reasons: [] }
        const found = parts.found?.() ?? { things: [], air: [], feeds: [] }
        const copies = parts.copies === true
        const begin = {
          ...{ account: accounts.length > 0, lines: parts.lines?.length ?? 0, phones: known.phones },
          ports: [...((await parts.ports?.()) ?? [])],
        }
        const { neverProved } = known
        return done(
          readinessViewOf(
            { directory, devices, found, health, copies, now, neverProved, begin, ...given({ restored }) },
            readerOf(caller, []),
          ),
        )
      }),

    site: (caller) =>
      allowed(parts, caller, 'board.read', async () => {
        const now = clock.now()
        const directory = roster.current()
        const health = await parts.ready?.()
        const known = await provedNow()
        const reads = permits(caller.access, 'rota.read')
        const ill = (parts.found?.().things ?? []).filter(
          (t) => t.state === 'failed' || t.state === 'degraded',
        )
        return done({
          now: printInstant(now),
          radio: parts.calling?.radio === true,
          ready: health?.status !== 'not-ready',
          reasons: health?.reasons ?? [],
          ill: ill.map(supervisedView),
          neverProved: known.neverProved.length,
          begun: known.phones > 0 && (parts.lines?.length ?? 1) > 0,
          unclaimed: reads ? unclaimedOf(directory, now) : [],
          unproved: reads ? unprovedOf(health?.reasons ?? [], directory) : [],
          gaps: reads
            ? flawsOf(directory, now, now + AHEAD, isCrash).filter((f) => f.reason === 'rota-gap')
            : [],
          newPhones: permits(caller.access, 'device.enrol') ? await newPhones(now) : [],
          offers: permits(caller.access, 'handover.offer') ? openOffers(directory) : [],
          calls: permits(caller.access, 'alert.manage') ? (await waitingCalls(now)).map(waitingView) : [],
        })
      }),

    estate: (caller) =>
      allowed(parts, caller, 'feeds.read', async () => {
        const { things = [], air = [] } = parts.found?.() ?? {}
        const view: EstateView = {
          now: printInstant(clock.now()),
          things: things.map(supervisedView),
          air: [...air],
        }
        return done(view)
      }),
  }
}

function waitingView(one: WaitingCall): SiteView['calls'][number] {
  const { id, by, says, at } = one
  return { confirm: id, by, says, at: printInstant(at), until: printInstant(untilWhen(one)) }
}

function supervisedView(thing: SiteFound['things'][number]): SupervisedView {
  const { node, sort, subject, label, state, since, why, heard, bound, reading, month } = thing
  return {
    ...{ node, sort, subject, label, state },
    since: printInstant(since),
    ...(why === undefined
      ? {}
      : { why: { code: why, sentence: FAULTS[why].sentence, remedy: FAULTS[why].remedy } }),
    ...given({
      heard: heard === undefined ? undefined : printInstant(heard),
      bound: bound === undefined || !Number.isFinite(bound) ? undefined : bound,
      reading,
      availability: availability(month),
    }),
    month: month.month,
    failedMinutes: Math.round(month.spent.failed / MINUTE),
  }
}
