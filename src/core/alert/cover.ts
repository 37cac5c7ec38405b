import type { PersonId, RoleId } from '../ids.ts'
import type { Alert, Need, Responder } from './alert.ts'
import { type Fit, fit, isComing, isPending } from './responder.ts'

/** One needed role and who fills it. */
interface NeedCover {
  readonly need: Need
  readonly filledBy: readonly PersonId[]
  /** Places still empty. */
  readonly missing: number
}

/** Who is coming, and what is missing. */
export interface Cover {
  /** Every mandatory place is filled; where nothing is mandatory, somebody is coming. */
  readonly complete: boolean
  readonly needs: readonly NeedCover[]
  readonly coming: readonly PersonId[]
  /** Mandatory roles with an empty place. */
  readonly missing: readonly RoleId[]
}

/**
 * One body fills one place: someone who holds two roles does not cover both. Places are filled by augmenting paths
 * (Kuhn), so cover is found whenever it exists: mandatory ones first, and of these first by who holds the role, so that
 * nobody is missed in their own role because they could stand in for one that is still to answer.
 */
export function coverOf(alert: Pick<Alert, 'plan' | 'responders'>): Cover {
  const coming = Object.values(alert.responders)
    .filter((r) => isComing(r, alert.plan.class))
    .sort((a, b) => a.asked - b.asked || a.person.localeCompare(b.person))
  const { need } = alert.plan
  const places = need.flatMap((n, index) => Array.from({ length: n.count }, () => ({ index, need: n })))
  const holder = new Map<PersonId, number>()

  const seat = (place: number, fits: readonly Fit[], tried: Set<PersonId>): boolean => {
    for (const r of candidates(coming, places[place]!.need, fits)) {
      if (tried.has(r.person)) continue
      tried.add(r.person)
      const elsewhere = holder.get(r.person)
      if (elsewhere === undefined || seat(elsewhere, fits, tried)) {
        holder.set(r.person, place)
        return true
      }
    }
    return false
  }
  for (const mandatory of [true, false])
    for (const fits of [OWN, ANY])
      for (const [place, of] of places.entries())
        if (of.need.mandatory === mandatory && ![...holder.values()].includes(place))
          seat(place, fits, new Set())

  const needs = need.map((n, index): NeedCover => {
    const filledBy = coming.filter((r) => {
      const place = holder.get(r.person)
      return place !== undefined && places[place]!.index === index
    })
    return { need: n, filledBy: filledBy.map((r) => r.person), missing: n.count - filledBy.length }
  })
  const mandatory = needs.filter((n) => n.need.mandatory)
  const short = mandatory.filter((n) => n.missing > 0)
  return {
    complete: mandatory.length > 0 ? short.length === 0 : coming.length > 0,
    needs,
    coming: coming.map((r) => r.person),
    missing: short.map(({ need }) => need.role),
  }
}

const OWN: readonly Fit[] = ['own']
const ANY: readonly Fit[] = ['own', 'substitute']

function candidates(coming: readonly Responder[], need: Need, fits: readonly Fit[]): readonly Responder[] {
  return fits.flatMap((how) => coming.filter((r) => fit(r, need) === how))
}

/** Mandatory needs with an empty place. */
export function missingNeeds(alert: Pick<Alert, 'plan' | 'responders'>): readonly Need[] {
  return coverOf(alert)
    .needs.filter((n) => n.need.mandatory && n.missing > 0)
    .map((n) => n.need)
}

/** Missing needs that nobody who was asked and has not answered could fill: waiting for them is useless. */
export function hopelessNeeds(alert: Pick<Alert, 'plan' | 'responders'>): readonly Need[] {
  const pending = Object.values(alert.responders).filter(isPending)
  return missingNeeds(alert).filter((need) => !pending.some((r) => fit(r, need) !== 'none'))
}
