import type { Directory, PlanNumber } from '../directory/directory.ts'
import { given } from '../given.ts'
import type { Address } from './bleep.ts'

/** Whom a page is for, by the site's number plan. */
export interface Addressed {
  /** Bleep number, or `ric:<ric>/<fn>` where the plan has none. Text: 0028 is not 28. */
  readonly number: string
  /** Missing where the plan does not hold the address: to review, never to phones. */
  readonly plan?: PlanNumber
}

/** A row for the RIC with its function comes before one for the RIC alone. */
export function addressed(to: Address, directory: Directory): Addressed {
  if (to.scheme === 'number') {
    return { number: to.number, ...given({ plan: directory.numbers.get(to.number) }) }
  }
  const plan = directory.rics.get(`${to.ric}/${to.fn}`) ?? directory.rics.get(`${to.ric}`)
  return plan === undefined ? { number: `ric:${to.ric}/${to.fn}` } : { number: plan.number, plan }
}

/** Where a page to this number goes out by radio: the way back, for re-paging. Function 3 is text by custom. */
export function radioAddress(plan: PlanNumber): Address | undefined {
  return plan.ric === undefined ? undefined : { scheme: 'ric', ric: plan.ric, fn: plan.fn ?? 3 }
}

/**
 * The same call as a line addressed by `scheme` knows it. Undefined where the number plan holds no such address.
 * @param heard whom the first sender named
 * @param number the bleep number by the plan
 */
export function addressBy(
  scheme: Address['scheme'],
  heard: Address,
  number: string,
  directory: Directory,
): Address | undefined {
  if (heard.scheme === scheme) return heard
  const plan = directory.numbers.get(number)
  if (plan === undefined) return undefined
  return scheme === 'number' ? { scheme, number } : radioAddress(plan)
}
