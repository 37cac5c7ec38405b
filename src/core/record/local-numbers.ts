import { RE2JS } from 're2js'
import type { LocalNumbers } from './patient.ts'

/**
 * The hospital's own numbers by the shape that the site gives for them, as whole words of any case. Undefined: it is no
 * pattern (RE2 syntax), or it fits nothing at all, which would fit everywhere.
 */
export function localNumbers(pattern: string): LocalNumbers | undefined {
  try {
    const shape = RE2JS.compile(`(?:^|[^0-9A-Za-z])(${pattern})(?:$|[^0-9A-Za-z])`, RE2JS.CASE_INSENSITIVE)
    if (RE2JS.compile(`^(?:${pattern})$`).matcher('').find()) return undefined
    return (text) => {
      const found: string[] = []
      const matcher = shape.matcher(text)
      // One that ends where the next begins shares a blank with it: looked for again from there.
      for (let from = 0; matcher.find(from); from = matcher.end(1)) {
        const said = matcher.group(1)
        if (said === null || said === undefined || matcher.end(1) <= from) break
        found.push(said)
      }
      return found
    }
  } catch {
    return undefined
  }
}
