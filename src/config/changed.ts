import { isDeepStrictEqual } from 'node:util'
import type { Config } from './load.ts'

/**
 * Paths of all settings in which two configurations differ (`http.port`, `feeds.trial`), sorted. Of two certificates, which a
 * reload takes, nothing is said. Values are left out: they may be secrets.
 */
export function changedSettings(before: Config, after: Config): readonly string[] {
  const bothServeTls = before.http.tls !== undefined && after.http.tls !== undefined
  return differing(before, after)
    .filter((path) => !(bothServeTls && path.startsWith('http.tls')))
    .toSorted()
}

function differing(before: unknown, after: unknown, path = ''): readonly string[] {
  if (isDeepStrictEqual(before, after)) return []
  const [one, other] = [parts(before), parts(after)]
  if (one === undefined || other === undefined) return [path]
  const found = [...new Set([...one.keys(), ...other.keys()])].flatMap((name) =>
    differing(one.get(name), other.get(name), path === '' ? name : `${path}.${name}`),
  )
  // Rows in another order.
  return found.length === 0 ? [path] : found
}

/** Of an object its fields; of a list that gives each of its rows an id those rows; of anything else nothing. */
function parts(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (!Array.isArray(value)) return new Map(Object.entries(value))
  const named = value.flatMap((row) => (typeof row?.id === 'string' ? [[row.id, row] as const] : []))
  return named.length === value.length ? new Map(named) : undefined
}
