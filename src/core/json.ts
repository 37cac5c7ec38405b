/** The value of a text of JSON; undefined where it is none, which no schema takes. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
