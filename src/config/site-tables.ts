import * as z from 'zod'
import { say } from '../core/catalogue/say.ts'
import { isClock, isZone, parseDay } from '../core/directory/civil.ts'
import { hospitalNumbers } from '../core/directory/hospital-numbers.ts'
import type { PersonId, RoleId, TeamId } from '../core/ids.ts'
import { asId, SITE_ID } from '../core/ids.ts'
import { CLASSES } from '../core/vocabulary.ts'

/** One schema per CSV file of a site folder. Cells are text; an empty cell is an absent one. */

const id = z.string().regex(SITE_ID, say('settings.idLettersDigitsDotsDashes'))
const personId = id.transform((text): PersonId => asId(text))
const roleId = id.transform((text): RoleId => asId(text))
const teamId = id.transform((text): TeamId => asId(text))
const name = z.string().min(1, say('settings.aNameIsNeeded')).max(120)
const yesNo = z.enum(['yes', 'no']).transform((text) => text === 'yes')
const clock = z.string().refine(isClock, say('settings.aTimeIsWrittenHh'))
const day = z.string().transform((text, ctx) => {
  const parsed = parseDay(text)
  if (parsed !== undefined) return parsed
  ctx.issues.push({ code: 'custom', input: text, message: say('settings.dateWrittenYyyyMmDd') })
  return z.NEVER
})
const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, say('settings.aWholeNumberIsNeeded'))
    .transform(Number)
    .pipe(z.number().min(least).max(most))
const roleList = z
  .string()
  .transform((text): readonly RoleId[] => text.split(/\s+/).map((word) => asId(word)))

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** `mon-fri sun` → 1 2 3 4 5 7; a range may pass Sunday (`fri-mon`). */
const days = z.string().transform((text, ctx): readonly number[] => {
  const chosen = new Set<number>()
  for (const word of text.toLowerCase().split(/\s+/)) {
    const [first, last = first, ...more] = word.split('-')
    const from = WEEKDAYS.indexOf(first ?? '')
    const to = WEEKDAYS.indexOf(last ?? '')
    if (from < 0 || to < 0 || more.length > 0) {
      ctx.issues.push({ code: 'custom', input: text, message: say('settings.daysWrittenLikeMonFri') })
      return z.NEVER
    }
    for (let d = from; ; d = (d + 1) % 7) {
      chosen.add(d + 1)
      if (d === to) break
    }
  }
  return [...chosen].sort()
})

/** `2/4` → week 2 of every 4. */
const cycle = z.string().transform((text, ctx) => {
  const [, week = 0, every = 0] = (/^(\d{1,2})\/(\d{1,2})$/.exec(text) ?? []).map(Number)
  if (week >= 1 && week <= every) return { week, every }
  ctx.issues.push({
    code: 'custom',
    input: text,
    message: say('settings.weeksForm'),
  })
  return z.NEVER
})

const target = z.string().transform((text, ctx) => {
  const [kind, to, ...more] = text.split(':')
  if (to !== undefined && to !== '' && more.length === 0) {
    if (kind === 'role') return { kind, role: asId<RoleId>(to) } as const
    if (kind === 'team') return { kind, team: asId<TeamId>(to) } as const
    if (kind === 'person') return { kind, person: asId<PersonId>(to) } as const
  }
  ctx.issues.push({ code: 'custom', input: text, message: say('settings.writtenRoleIdTeamId') })
  return z.NEVER
})

export const peopleRow = z.object({
  id: personId,
  name,
  staffGroup: id,
  active: yesNo.optional(),
  phone: z
    .string()
    .regex(/^\+?[0-9][0-9 ]{1,19}$/, say('settings.telephoneNumberDigitsSpaces'))
    .optional(),
  pagerOnly: yesNo.optional(),
})

export const rolesRow = z.object({
  id: roleId,
  name,
  site: id,
  staffGroup: id,
  crash: yesNo.optional(),
  baton: z.string().max(32).optional(),
  mustClaim: yesNo.optional(),
  holders: wholeNumber(1, 999).optional(),
  from: clock.optional(),
  to: clock.optional(),
  days: days.optional(),
  substitutes: roleList.optional(),
  stage: z.enum(['listen', 'live']).optional(),
})

/** A team has one row per member role. */
export const teamsRow = z.object({
  team: teamId,
  name,
  role: roleId,
  need: z.enum(['mandatory', 'optional']),
  count: wholeNumber(1, 99).optional(),
  from: clock.optional(),
  to: clock.optional(),
})

export const numbersRow = z.object({
  number: z.string().regex(/^[A-Za-z0-9#*-]{1,32}$/, say('settings.bleepNumberForm')),
  ric: wholeNumber(0, 2_097_151).optional(),
  fn: z
    .enum(['0', '1', '2', '3'])
    .transform((text) => Number(text) as 0 | 1 | 2 | 3)
    .optional(),
  to: target,
  site: id,
  kind: id.optional(),
  class: z.enum(CLASSES).optional(),
  description: z.string().max(120).default(''),
})

export const shiftsRow = z.object({ id, name, from: clock, to: clock })

export const rotaRow = z.object({
  role: roleId,
  person: personId,
  shift: id,
  days: days.optional(),
  weeks: cycle.optional(),
  first: day.optional(),
  last: day.optional(),
})

/** Civil date and time in the site's zone. */
const civil = z.string().transform((text, ctx) => {
  const [date = '', time = '', ...more] = text.split(/[ T]/)
  const parsed = parseDay(date)
  if (parsed !== undefined && isClock(time) && more.length === 0) return { day: parsed, clock: time }
  ctx.issues.push({ code: 'custom', input: text, message: 'written YYYY-MM-DD HH:MM' })
  return z.NEVER
})

/** `override` needs role and person, `leave` a person, `swap` a role, the giver (person) and the taker (with). */
export const changesRow = z.object({
  kind: z.enum(['override', 'also', 'leave', 'swap']),
  role: roleId.optional(),
  person: personId,
  with: personId.optional(),
  from: civil,
  to: civil,
})

export const extensionsRow = z.object({
  extension: z.string().regex(/^\d{3,6}$/, say('settings.extensionThreeSixDigits')),
  place: name,
  ward: name.optional(),
})

export const siteFile = z.strictObject({
  id,
  name,
  zone: z.string().refine(isZone, say('settings.timeZoneItsIanaName')).default('Europe/London'),
  /** The Monday on which week 1 of every rolling rota begins. */
  rotaStart: day.refine((d) => (((d + 3) % 7) + 7) % 7 === 0, say('settings.mustBeAMonday')),
  hospitals: z.record(id, name),
  /** Shape (RE2) of the patient numbers of the site's own: masked and found like NHS numbers. */
  hospitalNumber: z
    .string()
    .max(200)
    .refine((shape) => hospitalNumbers(shape) !== undefined, say('settings.noPatternOrFitsNothing'))
    .optional(),
})
