import type { Address } from '../bleep/bleep.ts'
import type { Directory } from '../directory/directory.ts'
import { ofHospital, rowOf } from '../directory/number-plan.ts'

type Plan = Pick<Directory, 'numbers' | 'rics'>

const RIC = /^ric:(\d{1,7})(?:\/([0-3]))?$/
const MOST = 2_097_151

/**
 * `ric:1310720/3` is a radio address, anything else a bleep number, as the record of a bleep shows it. Behind either may
 * stand the hospital, `2222@north`, also where one hospital alone has it; then the address is the number of that row.
 */
export function readAddress(typed: string, { numbers, rics }: Plan): Address {
  const text = typed.trim()
  const [plain = '', hospital] = text.split('@')
  const [, ric, fn] = RIC.exec(plain) ?? []
  const isRic = ric !== undefined && Number(ric) <= MOST
  if (hospital !== undefined && !numbers.has(text)) {
    const of = (key: string) => rowOf(isRic ? rics : numbers, key, hospital.toLowerCase())
    const row = isRic ? (of(`${Number(ric)}/${fn ?? 3}`) ?? of(`${Number(ric)}`)) : of(plain)
    return { scheme: 'number', number: row?.number ?? text }
  }
  if (!isRic) return { scheme: 'number', number: text }
  const known = [0, 1, 2, 3] as const
  return { scheme: 'ric', ric: Number(ric), fn: known[Number(fn ?? 3)] ?? 3 }
}

/** Whether it can be the address of a page here: not a radio address of no such form, nor at a hospital without a number. */
export function isAddress(typed: string, { numbers }: Pick<Plan, 'numbers'>): boolean {
  const text = typed.trim()
  const [plain = '', hospital] = text.split('@')
  if (numbers.has(text)) return true
  if (plain.toLowerCase().startsWith('ric:') && !(Number(RIC.exec(plain)?.[1]) <= MOST)) return false
  const named = hospital?.toLowerCase()
  return named === undefined || [...numbers.values()].some(({ site }) => site === named)
}

/** Whether more than one hospital has it, so that without a hospital it means nobody. */
export function isShared(to: Address, { numbers, rics }: Plan): boolean {
  const [rows, keys] =
    to.scheme === 'number' ? [numbers, [to.number]] : [rics, [`${to.ric}/${to.fn}`, `${to.ric}`]]
  if (keys.some((key) => rows.has(key))) return false
  const behind = keys.map((key) => ofHospital(key, ''))
  return [...rows.keys()].some((row) => behind.some((key) => row.startsWith(key)))
}
