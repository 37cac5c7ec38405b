import { RE2JS } from 're2js'

/** Finds the hospital's own patient numbers in a text: where each stands, and as it stands there. */
export type HospitalNumbers = (
  text: string,
) => readonly { readonly from: number; readonly to: number; readonly said: string }[]

/** A site that has not told us the shape of its numbers. */
export const NO_HOSPITAL_NUMBERS: HospitalNumbers = () => []

/**
 * The hospital's own numbers by the shape that the site gives for them, as whole words of any case. Undefined: it is no
 * pattern (RE2 syntax), or it fits nothing at all, which would fit everywhere.
 */
export function hospitalNumbers(pattern: string): HospitalNumbers | undefined {
  try {
    const shape = RE2JS.compile(`(?:^|[^0-9A-Za-z])(${pattern})(?:$|[^0-9A-Za-z])`, RE2JS.CASE_INSENSITIVE)
    if (RE2JS.compile(`^(?:${pattern})$`).matcher('').find()) return undefined
    return (text) => {
      const found: { from: number; to: number; said: string }[] = []
      const matcher = shape.matcher(text)
      // One that ends where the next begins shares a blank with it: looked for again from there.
      for (let from = 0; matcher.find(from); from = matcher.end(1)) {
        const said = matcher.group(1)
        if (said === null || said === undefined || matcher.end(1) <= from) break
        found.push({ from: matcher.start(1), to: matcher.end(1), said })
      }
      return found
    }
  } catch {
    return undefined
  }
}
