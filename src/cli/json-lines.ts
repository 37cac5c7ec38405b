import type { z } from 'zod'
import { say } from '../core/catalogue/say.ts'
import { readJson } from '../core/json.ts'

/**
 * What each line holds, or the sentence that says which line is wrong and what one looks like.
 * @param file where they stand; left out: in what was given on standard input
 */
export function jsonLines<T>(
  text: string,
  entry: z.ZodType<T>,
  example: string,
  file?: string,
): readonly T[] | string {
  const entries: T[] = []
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const read = entry.safeParse(readJson(line))
    if (!read.success) {
      const [issue] = read.error.issues
      const why = [...(issue?.path ?? []).map(String), issue?.message ?? ''].join(' ')
      const at = file === undefined ? say('cli.lineAt', { line: i + 1 }) : `${file}:${i + 1}`
      return say('cli.encodePageFault', { at, why, example })
    }
    entries.push(read.data)
  }
  return entries
}
