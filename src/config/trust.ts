import { existsSync } from 'node:fs'
import { CHANNEL_IDS, isOnAir } from '../core/deliver/channels.ts'
import type { Site } from '../core/directory/site.ts'
import { type Trust, trustSchema } from '../core/directory/trust.ts'
import type { ConfigFault } from './fault.ts'
import { readText } from './text.ts'
import { issueFaults, parseYaml, type YamlFile } from './yaml.ts'

interface TrustRead {
  readonly trust: Trust
  readonly file: YamlFile
}

/** Reads the trust's own policy on paging; undefined where the site has none, or it has faults. */
export function readTrust(path: string, faults: ConfigFault[]): TrustRead | undefined {
  if (!existsSync(path)) return undefined
  const found: ConfigFault[] = []
  const file = parseYaml(path, readText(path, true, found) ?? '', found)
  faults.push(...found)
  if (file === undefined || found.length > 0) return undefined
  const parsed = trustSchema.safeParse(file.value)
  if (parsed.success) return { trust: parsed.data, file }
  faults.push(...issueFaults(file, parsed.error.issues, { wrong: 'value-wrong', missing: 'value-wrong' }))
  return undefined
}

/** Every name in it must be one of the site's: a rule about nobody would only look as if it held. */
export function trustFaults({ trust, file }: TrustRead, site: Site): readonly ConfigFault[] {
  const faults: ConfigFault[] = []
  const known = {
    roles: new Set<string>(site.roles.map(({ id }) => id)),
    staffGroups: new Set([...site.people, ...site.roles].map(({ staffGroup }) => staffGroup)),
    ways: new Set<string>(CHANNEL_IDS.filter((id) => !isOnAir(id))),
    people: new Set<string>(site.people.map(({ id }) => id)),
  }
  const must = (sort: keyof typeof known, names: readonly string[] | undefined, ...keys: PropertyKey[]) =>
    names?.forEach((name, i) => {
      if (!known[sort].has(name))
        faults.push({ path: file.at([...keys, i]), code: 'config-unresolved', value: name })
    })
  trust.ways.forEach((rule, i) => {
    must('roles', rule.roles, 'ways', i, 'roles')
    must('staffGroups', rule.staffGroups, 'ways', i, 'staffGroups')
    must('ways', rule.only, 'ways', i, 'only')
    must('ways', rule.never, 'ways', i, 'never')
  })
  trust.content.forEach((rule, i) => {
    must('roles', rule.roles, 'content', i, 'roles')
    must('staffGroups', rule.staffGroups, 'content', i, 'staffGroups')
    must('ways', rule.ways, 'content', i, 'ways')
  })
  trust.organisations.forEach((one, i) => {
    must('roles', one.roles, 'organisations', i, 'roles')
    must('ways', one.ways, 'organisations', i, 'ways')
    if (trust.organisations.findIndex(({ id }) => id === one.id) < i)
      faults.push({ path: file.at(['organisations', i, 'id']), code: 'config-doubled', value: one.id })
  })
  for (const group of Object.keys(trust.asks.staffGroups))
    must('staffGroups', [group], 'asks', 'staffGroups', group)
  trust.drill?.waived.forEach(
    ({ person }, i) => void must('people', [person], 'drill', 'waived', i, 'person'),
  )
  return faults
}
