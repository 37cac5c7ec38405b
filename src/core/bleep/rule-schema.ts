import * as z from 'zod'
import { say } from '../catalogue/say.ts'
import { SITE_ID } from '../ids.ts'
import { CLASSES } from '../vocabulary.ts'

const oneOrMany = <T extends z.ZodType>(item: T) =>
  z.union([item.transform((one) => [one]), z.array(item).min(1)])

/**
 * A pattern over the words of a page (capitals, digits, single spaces), RE2 syntax: it runs in time that grows with
 * the text and nothing else, whatever a site writes. It must match whole words.
 */
const pattern = z.string().min(1).max(500)

/** Every condition given must hold; within one, any of its values. */
const conditions = z.strictObject({
  /** Bleep number by the number plan, or `ric:<ric>/<fn>`. */
  number: oneOrMany(z.string()).optional(),
  ric: oneOrMany(z.number().int().min(0).max(2_097_151)).optional(),
  fn: oneOrMany(z.number().int().min(0).max(3)).optional(),
  type: oneOrMany(z.enum(['tone', 'numeric', 'alpha'])).optional(),
  /** What else the sender said, by field name: `priority`, `callType`, `beepCoding`, … */
  fields: z.record(z.string(), oneOrMany(z.string())).optional(),
  text: oneOrMany(pattern).optional(),
  /** None of these may match. */
  unless: oneOrMany(pattern).optional(),
})

const ruleSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  kind: z.string().regex(SITE_ID, say('settings.idLettersDigitsDotsDashes')).optional(),
  class: z.enum(CLASSES),
  /** `test` may lower what the address says, `cancel` ends an open alert; both need a clean reading. */
  act: z.enum(['test', 'cancel']).optional(),
  when: conditions,
})

/** A site's rules file. Its rules are asked before those of the starter set. */
export const rulesSchema = z.strictObject({
  /** The set that follows the site's own rules. */
  extends: z.enum(['uk-starter', 'nothing']).default('uk-starter'),
  rules: z.array(ruleSchema).max(500).default([]),
  /** Phrases that hold an alarming word and mean nothing urgent: rules do not see them. */
  lookAlikes: z.array(pattern).max(200).default([]),
  /** Words in which slips are mended before rules that raise are asked. */
  keywords: z
    .array(z.string().regex(/^[A-Z]{5,20}$/))
    .max(100)
    .default([]),
  /** Real words near a key word that are not slips of it. */
  realWords: z
    .array(z.string().regex(/^[A-Z]{3,20}$/))
    .max(200)
    .default([]),
  /** The site's own names of places, found before the general ones. */
  places: z.array(z.string().min(2).max(60)).max(1000).default([]),
})

export type RulesInput = z.input<typeof rulesSchema>
