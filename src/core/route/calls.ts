import { z } from 'zod'
import { say } from '../catalogue/say.ts'
import type { Directory, PlanNumber } from '../directory/directory.ts'
import { given } from '../given.ts'
import { SITE_ID } from '../ids.ts'
import { CLASSES, type Class, classRank } from '../vocabulary.ts'

/** One sort of call that the switchboard can start, as the site's `policies.yaml` lists it. */
const callKindSchema = z.strictObject({
  kind: z.string().regex(SITE_ID, say('settings.idLettersDigitsDotsDashes')),
  name: z
    .string()
    .min(1)
    .max(60)
    .optional()
    .meta({ description: 'As the operator says it; absent: the kind' }),
  number: z.string().min(1).max(40).meta({ description: 'The bleep number that carries it' }),
  class: z.enum(CLASSES).optional().meta({ description: 'Absent: as the number plan says' }),
  words: z
    .string()
    .min(1)
    .max(60)
    .optional()
    .meta({ description: 'What the pager shows before the place; absent: the name' }),
  mass: z
    .boolean()
    .default(false)
    .meta({ description: 'Calls many people at once: wants a second person or a held press' }),
  sheet: z
    .array(z.string().min(1).max(120))
    .max(20)
    .default([])
    .meta({ description: 'The operator’s own steps, to tick' }),
})
export type CallKind = z.output<typeof callKindSchema>

/** How a mass call is made sure of. */
const MASS = ['two-people', 'held-press'] as const

export const callsSchema = z.strictObject({
  /** In the order in which they are shown; the first nine have a key each. Absent: the urgent numbers of the plan. */
  kinds: z.array(callKindSchema).max(60).default([]),
  mass: z.enum(MASS).default('two-people'),
  /** Places to choose from beside those of `extensions.csv`. */
  places: z.array(z.string().min(2).max(60)).max(2000).default([]),
})
export type Calls = z.output<typeof callsSchema>

/** What the switchboard can call here: the site's own list, or else every number of the plan that is for urgent calls. */
export function callKinds(calls: Calls, directory: Directory): readonly CallKind[] {
  if (calls.kinds.length > 0) return calls.kinds
  return [...directory.numbers.values()].flatMap((row) => (isUrgent(row) ? [fromPlan(row)] : []))
}

type Urgent = PlanNumber & { readonly kind: string; readonly class: Class }

function isUrgent(row: PlanNumber): row is Urgent {
  return row.kind !== undefined && row.class !== undefined && classRank(row.class) >= classRank('urgent')
}

function fromPlan({ kind, number, description, class: urgency }: Urgent): CallKind {
  return {
    kind,
    number,
    class: urgency,
    mass: false,
    sheet: [],
    ...given({ name: description || undefined }),
  }
}

/** The operator's own steps for a call of this kind, as the site lists them now. */
export function sheetOf(calls: Calls, kind: string): readonly string[] {
  return calls.kinds.find((k) => k.kind === kind)?.sheet ?? []
}

/** Every place the site knows by name, each once, in the order of the alphabet. */
export function placesOf(calls: Calls, { extensions }: Directory): readonly string[] {
  return [...new Set([...calls.places, ...(extensions?.values() ?? [])])].sort((a, b) =>
    a.localeCompare(b, 'en', { numeric: true }),
  )
}
