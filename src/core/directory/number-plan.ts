import { asId, type RoleId } from '../ids.ts'
import type { Directory, PlanNumber } from './directory.ts'

/*
 * Two hospitals of one installation may each have a number plan of their own. A number that only one of them has is known
 * by itself everywhere; one that several have is known with its hospital, `2222@north`, which no sender can say. Radio
 * addresses likewise: two transmitters may use one.
 */

/** A number or radio address as it is known where another hospital has it as well. */
export const ofHospital = (number: string, hospital: string): string => `${number}@${hospital}`

/** The hospital whose call this is; undefined where the directory does not hold the number. */
export function hospitalOf(
  number: string,
  { numbers, roles }: Pick<Directory, 'numbers' | 'roles'>,
): string | undefined {
  return numbers.get(number)?.site ?? roles.get(asId<RoleId>(number))?.site ?? number.split('@')[1]
}

/** What is dialled, and what a line to the hospital itself knows. */
export const dialled = (number: string): string => number.replace(/@.*$/, '')

/** The radio address of a row in one word; undefined where it has none. */
export function ricKey({ ric, fn }: Pick<PlanNumber, 'ric' | 'fn'>): string | undefined {
  return ric === undefined ? undefined : fn === undefined ? `${ric}` : `${ric}/${fn}`
}

/** Which of these are used by more than one hospital. */
export function shared<T extends { readonly site: string }>(
  rows: readonly T[],
  keyOf: (row: T) => string | undefined,
): ReadonlySet<string> {
  const several = new Set<string>()
  if (rows.every(({ site }) => site === rows[0]?.site)) return several
  const first = new Map<string, string>()
  for (const row of rows) {
    const key = keyOf(row)
    if (key === undefined) continue
    const other = first.get(key)
    if (other === undefined) first.set(key, row.site)
    else if (other !== row.site) several.add(key)
  }
  return several
}

/**
 * The row that a line of this hospital means: never another's.
 * @param rows by number or radio address, as they are known
 */
export function rowOf(
  rows: ReadonlyMap<string, PlanNumber>,
  key: string,
  hospital: string,
): PlanNumber | undefined {
  const alone = rows.get(key)
  return rows.get(ofHospital(key, hospital)) ?? (alone?.site === hospital ? alone : undefined)
}
