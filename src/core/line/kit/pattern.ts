import { RE2JS } from 're2js'
import { z } from 'zod'
import { say } from '../../catalogue/say.ts'

/**
 * A pattern from configuration: RE2 syntax, matched in time linear in the record by construction, so that no pattern
 * and no line can hold the daemon up. Back-references and look-around do not exist in it and are refused by name.
 */
export const pattern = z
  .string()
  .min(1)
  .max(1000)
  .superRefine((text, context) => {
    const problem = patternProblem(text)
    if (problem) context.addIssue({ code: 'custom', message: problem })
  })

function patternProblem(text: string): string | undefined {
  try {
    RE2JS.compile(text)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : say('settings.notAPattern')
  }
}

export interface Compiled {
  /** Named groups when the whole text matches; a group that took no part is missing. */
  match(text: string): Record<string, string> | undefined
  /** Whether it occurs anywhere in the text. */
  occurs(text: string): boolean
  /** Where it first occurs, or undefined. */
  at(text: string): number | undefined
}

/** @param text checked by `pattern` */
export function compile(text: string): Compiled {
  const re = RE2JS.compile(text, RE2JS.DOTALL)
  const names = Object.entries(re.namedGroups())
  return {
    match(line) {
      const matcher = re.matcher(line)
      if (!matcher.matches()) return undefined
      const groups: Record<string, string> = {}
      for (const [name, index] of names) {
        const value: string | null = matcher.group(index)
        if (value !== null && value !== undefined) groups[name] = value
      }
      return groups
    },
    occurs: (line) => re.matcher(line).find(),
    at(line) {
      const matcher = re.matcher(line)
      return matcher.find() ? matcher.start() : undefined
    },
  }
}
