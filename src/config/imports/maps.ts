import * as z from 'zod'
import { say } from '../../core/catalogue/say.ts'
import { asId, type RoleId, SITE_ID } from '../../core/ids.ts'

const id = z.string().regex(SITE_ID, say('settings.idLettersDigitsDotsDashes'))
const roleId = id.transform((text) => asId<RoleId>(text))
/** A heading of the other system, or several whose cells are read one behind the other. */
const column = z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(6)])
const name = (ending: RegExp) =>
  z
    .string()
    .regex(/^[^/\\]{1,120}$/, say('settings.importFileName'))
    .regex(ending, say('settings.importFileName'))

/** As the other system exports a table: how many lines stand above its headings. */
const table = { file: name(/\.csv$/i), headingLine: z.number().int().min(1).max(50).default(1) }

const peopleMap = z.strictObject({
  ...table,
  columns: z.strictObject({
    id: column,
    name: column,
    staffGroup: column,
    phone: column.optional(),
    status: column.optional(),
  }),
  /** What their staff groups are called here; whoever has another is left out. */
  staffGroups: z.record(z.string(), id),
  /** What `status` says of whoever has left. */
  left: z.array(z.string()).default([]),
})
export type PeopleMap = z.output<typeof peopleMap>

const dutyMap = z.strictObject({
  ...table,
  columns: z.strictObject({
    person: column,
    role: column,
    /** Absent: the beginning and the end have their days in them. */
    date: column.optional(),
    from: column,
    to: column,
    status: column.optional(),
  }),
  dates: z.enum(['day-first', 'year-first']).default('day-first'),
  /** What its duties are called → the role here; any other duty is left out, and told once. */
  roles: z.record(z.string(), roleId),
  /** Duties that are meant to be left out, and what `status` says of them: leave, sickness. */
  leaveOut: z.array(z.string()).default([]),
})
export type DutyMap = z.output<typeof dutyMap>

/** One calendar of several roles: what the summary of an event begins with says which. */
const calendarMap = z.strictObject({ file: name(/\.ics$/i), roles: z.record(z.string(), roleId) })

/** `imports.yaml`: how exports of other systems, laid into the folder `imports`, are to be read. */
export const importsFile = z.strictObject({
  people: z.array(peopleMap).max(20).default([]),
  duties: z.array(dutyMap).max(60).default([]),
  calendars: z.array(calendarMap).max(60).default([]),
})
