import { say } from '../core/catalogue/say.ts'
import { clockAt, dayAt } from '../core/directory/civil.ts'
import type { Target } from '../core/directory/directory.ts'
import type { Edit } from '../core/directory/edits.ts'
import type { Site } from '../core/directory/site.ts'
import type { PersonId } from '../core/ids.ts'
import type { Instant } from '../core/instant.ts'
import type { ConfigFault } from './fault.ts'

type Where = (entry: object, column: string) => string

/** Slips that each row alone shows: what a spreadsheet does to numbers, and who has left and is still named. */
export function siteDoubts(site: Site, where: Where, now: Instant): readonly ConfigFault[] {
  return [
    ...[...lostZeros(site, where), ...dates(site, where), ...telephones(site, where)],
    ...leavers(site, where, now),
    ...withoutSummer(site, where),
  ]
}

/** `GMT` is a name of the list, and an hour wrong for seven months of a British year. */
function withoutSummer(site: Site, where: Where): readonly ConfigFault[] {
  const [winter, summer] = ['2026-01-01', '2026-07-01'].map((day) =>
    clockAt(Date.parse(`${day}T12:00:00Z`), site.zone),
  )
  const detail = say('settings.zoneWithoutSummerTime')
  return winter === summer
    ? [{ path: where(site, 'zone'), code: 'config-doubtful', value: site.zone, detail }]
    : []
}

/** Digits that a whole plan has, and some rows lack: 0100 became 100 where a spreadsheet took it for an amount. */
function lostZeros({ numbers }: Site, where: Where): readonly ConfigFault[] {
  const digits = numbers.filter((n) => /^\d+$/.test(n.number))
  const usual = [...Map.groupBy(digits, (n) => n.number.length)].sort((a, b) => b[1].length - a[1].length)[0]
  if (usual === undefined || usual[1].length * 2 <= digits.length) return []
  const known = new Set(digits.map((n) => n.number))
  return digits
    .filter((n) => n.number.length < usual[0] && !known.has(n.number.padStart(usual[0], '0')))
    .map((n) => ({
      path: where(n, 'number'),
      code: 'config-doubtful',
      value: n.number,
      detail: say('settings.mostNumbersHereHaveDigits', { digits: usual[0] }),
    }))
}

const MONTH = '(jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)'
const DATED = new RegExp(`^(\\d{1,2}-${MONTH}(-\\d{2,4})?|${MONTH}-\\d{2,4})$`, 'i')

/** `1-2` became 01-Feb where a spreadsheet took it for a day. */
function dates({ numbers }: Site, where: Where): readonly ConfigFault[] {
  return numbers
    .filter(({ number }) => DATED.test(number))
    .map((one) => ({
      path: where(one, 'number'),
      code: 'config-doubtful',
      value: one.number,
      detail: say('settings.spreadsheetMadeADate'),
    }))
}

function telephones({ people }: Site, where: Where): readonly ConfigFault[] {
  return people
    .filter(({ phone }) => phone !== undefined && /^[1-9]\d{8,}$/.test(phone.replaceAll(' ', '')))
    .map((person) => ({
      path: where(person, 'phone'),
      code: 'config-doubtful',
      value: person.phone ?? '',
      detail: say('settings.telephoneBeginsWithZero'),
    }))
}

function leavers(site: Site, where: Where, now: Instant): readonly ConfigFault[] {
  const left = new Set(site.people.flatMap((p) => (p.active ? [] : [p.id])))
  if (left.size === 0) return []
  const today = dayAt(now, site.zone)
  const faults: ConfigFault[] = []
  const named = (entry: object, column: string, person: PersonId | undefined) => {
    if (person !== undefined && left.has(person))
      faults.push({
        path: where(entry, column),
        code: 'config-doubtful',
        value: person,
        detail: say('settings.peopleCsvSaysTheyNot'),
      })
  }
  for (const line of site.rota) if ((line.last ?? today) >= today) named(line, 'person', line.person)
  for (const duty of site.duties) if (duty.to > now) named(duty, 'person', duty.person)
  for (const number of site.numbers) named(number, 'to', personOf(number.to))
  for (const change of site.changes)
    for (const { column, person, to } of takersOf(change)) if (to > now) named(change, column, person)
  return [...new Map(faults.map((fault) => [fault.path, fault])).values()]
}

const personOf = (to: Target) => (to.kind === 'person' ? to.person : undefined)

/** Whom a change puts on, for which span, and the column that names them. */
export function takersOf(change: Edit): readonly {
  readonly column: string
  readonly person: PersonId
  readonly from: Instant
  readonly to: Instant
}[] {
  if (change.kind === 'override') {
    const { person, from, to } = change
    return [{ column: 'person', person, from, to }]
  }
  if (change.kind !== 'swap') return []
  return change.legs.map(({ takes, from, to }) => ({ column: 'with', person: takes, from, to }))
}
