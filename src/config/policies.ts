import { join } from 'node:path'
import type { Rules } from '../core/bleep/rules.ts'
import { CHANNEL_IDS, isOnAir } from '../core/deliver/channels.ts'
import { type Target, targetKey } from '../core/directory/directory.ts'
import type { Site } from '../core/directory/site.ts'
import { type Policies, policiesSchema } from '../core/route/policy.ts'
import { OWN_KINDS } from '../core/vocabulary.ts'
import type { ConfigFault } from './fault.ts'
import { readText } from './text.ts'
import { issueFaults, parseYaml, type YamlFile } from './yaml.ts'

/**
 * Reads a site's escalation file; without it the built-in policies hold: every class has one. Every name in it must be one
 * of the site's: a step that asks nobody would only show when nobody comes.
 * @param site missing where its own files have faults: names are not looked up then
 */
export function readPolicies(
  folder: string,
  site: { readonly site: Site; readonly rules: Rules } | undefined,
  faults: ConfigFault[],
): Policies | undefined {
  const path = join(folder, 'policies.yaml')
  const found: ConfigFault[] = []
  const file = parseYaml(path, readText(path, false, found) ?? '', found)
  faults.push(...found)
  if (file === undefined || found.length > 0) return undefined
  const parsed = policiesSchema.safeParse(file.value)
  if (!parsed.success) {
    faults.push(...issueFaults(file, parsed.error.issues, { wrong: 'value-wrong', missing: 'value-wrong' }))
    return undefined
  }
  if (site !== undefined) faults.push(...nameFaults(parsed.data, site.site, site.rules, file))
  return parsed.data
}

function nameFaults(policies: Policies, site: Site, rules: Rules, file: YamlFile): readonly ConfigFault[] {
  const faults: ConfigFault[] = []
  const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id)
  const names: Readonly<Record<string, () => readonly (string | undefined)[]>> = {
    role: () => ids(site.roles),
    team: () => ids(site.teams),
    person: () => ids(site.people),
    number: () => site.numbers.map(({ number }) => number),
    kind: () => [...OWN_KINDS, ...[...site.numbers, ...rules.rules].map(({ kind }) => kind)],
    way: () => CHANNEL_IDS.filter((id) => !isOnAir(id)),
  }
  // Most policies name few sorts of things, and a large site has many of each.
  const known = new Map<string, ReadonlySet<string | undefined>>()
  const must = (name: string, ...keys: PropertyKey[]) => {
    const sort = name.slice(0, name.indexOf(':'))
    const there = known.get(sort) ?? new Set(names[sort]?.())
    known.set(sort, there)
    if (!there.has(name.slice(sort.length + 1)))
      faults.push({ path: file.at(keys), code: 'config-unresolved', value: name })
  }
  const asks = (to: Target, ...keys: PropertyKey[]) => must(targetKey(to), ...keys)
  const once = (ids: readonly string[], list: string) =>
    ids.forEach((id, i) => {
      if (ids.indexOf(id) < i)
        faults.push({ path: file.at([list, i, 'id']), code: 'config-doubled', value: id })
    })

  const way = (name: string, ...keys: PropertyKey[]) => must(`way:${name}`, ...keys)
  for (const [c, ways] of Object.entries(policies.ways))
    ways.forEach((name, i) => void way(name, 'ways', c, i))
  policies.policies.forEach(({ kinds, teams, steps }, p) => {
    kinds?.forEach((kind, i) => void must(`kind:${kind}`, 'policies', p, 'kinds', i))
    teams?.forEach((team, i) => void must(`team:${team}`, 'policies', p, 'teams', i))
    for (const [s, { by }] of steps.entries())
      for (const [i, name] of by.entries()) way(name, 'policies', p, 'steps', s, 'by', i)
    for (const [s, { ask }] of steps.entries())
      for (const [i, to] of ask.entries())
        if (typeof to !== 'string') asks(to, 'policies', p, 'steps', s, 'ask', i)
  })
  once(
    policies.policies.map(({ id }) => id),
    'policies',
  )
  if (policies.fallback) asks(policies.fallback, 'fallback')
  policies.cancelKinds.forEach((kind, i) => void must(`kind:${kind}`, 'cancelKinds', i))
  policies.dailyTests.forEach(({ number }, i) => void must(`number:${number}`, 'dailyTests', i, 'number'))
  policies.calls.kinds.forEach(
    ({ number }, i) => void must(`number:${number}`, 'calls', 'kinds', i, 'number'),
  )
  once(
    policies.dailyTests.map(({ id }) => id),
    'dailyTests',
  )
  return faults
}
