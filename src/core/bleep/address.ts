import type { Directory, PlanNumber } from '../directory/directory.ts'
import { dialled, ofHospital, rowOf } from '../directory/number-plan.ts'
import type { Address } from './bleep.ts'

/** Whom a page is for, by the site's number plan. */
export interface Addressed {
  /** Bleep number, or `ric:<ric>/<fn>` where the plan has none. Text: 0028 is not 28. */
  readonly number: string
  /** Missing where the plan does not hold the address: to review, never to phones. */
  readonly plan?: PlanNumber
}

/**
 * A row for the RIC with its function comes before one for the RIC alone.
 * @param hospital whose number plan the line speaks (number-plan.ts); absent: there is one plan
 */
export function addressed(to: Address, directory: Directory, hospital?: string): Addressed {
  const { numbers, rics } = directory
  if (to.scheme === 'number') {
    const plan = hospital === undefined ? numbers.get(to.number) : rowOf(numbers, to.number, hospital)
    if (plan !== undefined) return { number: plan.number, plan }
    return { number: numbers.has(to.number) ? ofHospital(to.number, hospital ?? '') : to.number }
  }
  const [exact, any] = [`${to.ric}/${to.fn}`, `${to.ric}`]
  const plan =
    hospital === undefined
      ? (rics.get(exact) ?? rics.get(any))
      : (rowOf(rics, exact, hospital) ?? rowOf(rics, any, hospital))
  if (plan !== undefined) return { number: plan.number, plan }
  return {
    number:
      hospital !== undefined && (rics.has(exact) || rics.has(any))
        ? ofHospital(`ric:${exact}`, hospital)
        : `ric:${exact}`,
  }
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
  if (heard.scheme === scheme) {
    const plain = heard.scheme === 'number' ? dialled(heard.number) : undefined
    return plain === undefined || heard.scheme !== 'number' || plain === heard.number
      ? heard
      : { scheme: 'number', number: plain }
  }
  const plan = directory.numbers.get(number)
  if (plan === undefined) return undefined
  return scheme === 'number' ? { scheme, number: dialled(number) } : radioAddress(plan)
}
