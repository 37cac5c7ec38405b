import { RE2JS } from 're2js'
import type * as z from 'zod'
import { given } from '../given.ts'
import type { Class } from '../vocabulary.ts'
import type { ContentType } from './bleep.ts'
import { rulesSchema } from './rule-schema.ts'
import { placePattern } from './stated.ts'
import { UK_STARTER } from './uk-starter.ts'

/** A rules file that passed its schema: plain data, which may go from one thread to another. */
export type RulesRead = z.output<typeof rulesSchema>

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
  readonly places: RegExp
}

/** A pattern that RE2 does not know, by its place in the file. */
export interface PatternFault {
  readonly path: readonly (string | number)[]
  readonly code: 'pattern-wrong'
}

/** The site's rules before the set it extends; all patterns compiled, or every one that cannot be. */
export function compileRules(
  input: RulesRead,
):
  | { readonly ok: true; readonly rules: Rules }
  | { readonly ok: false; readonly faults: readonly PatternFault[] } {
  const faults: PatternFault[] = []
  const steps = rulesSteps(input, faults)
  for (;;) {
    const step = steps.next()
    if (step.done) return faults.length > 0 ? { ok: false, faults } : { ok: true, rules: step.value }
  }
}

/** {@link compileRules} one rule a step, so that a running daemon may read a page between any two. */
export function* rulesSteps(input: RulesRead, faults: PatternFault[]): Generator<void, Rules> {
  const compile = (patterns: readonly string[] | undefined, ...path: (string | number)[]) => {
    if (patterns === undefined || patterns.length === 0) return undefined
    const all = wholeWords(patterns)
    // Each by itself costs a start as much again, and is known to be right where all are and none can lean on the next.
    if (all === undefined || !patterns.every(apart))
      for (const [i, one] of patterns.entries())
        if (wholeWords([one]) === undefined) faults.push({ path: [...path, i], code: 'pattern-wrong' })
    return all
  }
  const starter = rulesSchema.parse(input.extends === 'uk-starter' ? UK_STARTER : {})
  const rules: Rule[] = []
  for (const [i, rule] of [...input.rules, ...starter.rules].entries()) {
    yield
    const { number, ric, fn, type, fields } = rule.when
    const text = compile(rule.when.text, 'rules', i, 'when', 'text')
    const unless = compile(rule.when.unless, 'rules', i, 'when', 'unless')
    rules.push({
      id: rule.id,
      class: rule.class,
      evidence: evidenceOf(rule.when),
      ...given({ kind: rule.kind, act: rule.act, number, ric, fn, type, fields, text, unless }),
    })
  }
  yield
  return {
    rules,
    lookAlikes: compile([...input.lookAlikes, ...starter.lookAlikes], 'lookAlikes'),
    keywords: [...input.keywords, ...starter.keywords],
    realWords: new Set([...input.realWords, ...starter.realWords]),
    places: placePattern(input.places),
  }
}

function evidenceOf(when: RulesRead['rules'][number]['when']): Evidence {
  if (when.text !== undefined) return 'text'
  if (when.fields !== undefined) return 'signal'
  return when.number !== undefined || when.ric !== undefined || when.fn !== undefined ? 'address' : 'shape'
}

/** Whether a pattern ends what it begins: simple sets of letters aside, it escapes nothing and its brackets close. */
function apart(pattern: string): boolean {
  let open = 0
  for (const letter of pattern.replaceAll(/\[[A-Za-z0-9 -]+\]/g, '')) {
    if (letter === '[' || letter === ']' || letter === '\\') return false
    if (letter === '(') open += 1
    if (letter === ')') open -= 1
    if (open < 0) return false
  }
  return open === 0
}

function wholeWords(patterns: readonly string[]): RE2JS | undefined {
  try {
    return RE2JS.compile(patterns.map((one) => `(?:^|\\b)(?:${one})(?:\\b|$)`).join('|'))
  } catch {
    return undefined
  }
}
