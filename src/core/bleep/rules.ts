import { RE2JS } from 're2js'
import * as z from 'zod'
import { given } from '../given.ts'
import type { Class, ContentType } from './bleep.ts'
import { UK_STARTER } from './uk-starter.ts'

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

export const ruleSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  kind: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,63}$/)
    .optional(),
  class: z.enum(['emergency', 'urgent', 'routine', 'test']),
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
type Parsed = z.output<typeof rulesSchema>

/** What a rule looks at decides which evidence it gives; text outweighs the rest in naming it. */
export type Evidence = 'address' | 'signal' | 'text' | 'shape'

export interface Rule {
  readonly id: string
  readonly kind?: string
  readonly class: Class
  readonly act?: 'test' | 'cancel'
  readonly evidence: Evidence
  readonly number?: readonly string[]
  readonly ric?: readonly number[]
  readonly fn?: readonly number[]
  readonly type?: readonly ContentType[]
  readonly fields?: Readonly<Record<string, readonly string[]>>
  readonly text?: RE2JS
  readonly unless?: RE2JS
}

/** Rules ready to be asked. */
export interface Rules {
  readonly rules: readonly Rule[]
  readonly lookAlikes: RE2JS | undefined
  readonly keywords: readonly string[]
  readonly realWords: ReadonlySet<string>
  readonly places: readonly string[]
}

/** A pattern that RE2 does not know, by its place in the file. */
export interface PatternFault {
  readonly path: readonly (string | number)[]
  readonly code: 'pattern-wrong'
}

/** The site's rules before the set it extends; all patterns compiled, or every one that cannot be. */
export function compileRules(
  input: Parsed,
):
  | { readonly ok: true; readonly rules: Rules }
  | { readonly ok: false; readonly faults: readonly PatternFault[] } {
  const faults: PatternFault[] = []
  const compile = (patterns: readonly string[] | undefined, ...path: (string | number)[]) => {
    if (patterns === undefined || patterns.length === 0) return undefined
    for (const [i, one] of patterns.entries()) {
      if (wholeWords([one]) === undefined) faults.push({ path: [...path, i], code: 'pattern-wrong' })
    }
    return wholeWords(patterns)
  }
  const starter = rulesSchema.parse(input.extends === 'uk-starter' ? UK_STARTER : {})

  const rules = [...input.rules, ...starter.rules].map((rule, i): Rule => {
    const { number, ric, fn, type, fields } = rule.when
    const text = compile(rule.when.text, 'rules', i, 'when', 'text')
    const unless = compile(rule.when.unless, 'rules', i, 'when', 'unless')
    return {
      id: rule.id,
      class: rule.class,
      evidence: evidenceOf(rule.when),
      ...given({ kind: rule.kind, act: rule.act, number, ric, fn, type, fields, text, unless }),
    }
  })
  const lookAlikes = compile([...input.lookAlikes, ...starter.lookAlikes], 'lookAlikes')
  if (faults.length > 0) return { ok: false, faults }
  return {
    ok: true,
    rules: {
      rules,
      lookAlikes,
      keywords: [...input.keywords, ...starter.keywords],
      realWords: new Set([...input.realWords, ...starter.realWords]),
      places: input.places,
    },
  }
}

function evidenceOf(when: Parsed['rules'][number]['when']): Evidence {
  if (when.text !== undefined) return 'text'
  if (when.fields !== undefined) return 'signal'
  return when.number !== undefined || when.ric !== undefined || when.fn !== undefined ? 'address' : 'shape'
}

function wholeWords(patterns: readonly string[]): RE2JS | undefined {
  try {
    return RE2JS.compile(patterns.map((one) => `(?:^|\\b)(?:${one})(?:\\b|$)`).join('|'))
  } catch {
    return undefined
  }
}
