import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

/** A bill of materials in the form of CycloneDX 1.5, as far as we touch it. */
const bill = z.looseObject({
  bomFormat: z.literal('CycloneDX'),
  metadata: z.looseObject({ timestamp: z.string(), component: z.looseObject({ name: z.string() }) }),
  dependencies: z.array(z.looseObject({ ref: z.string(), dependsOn: z.array(z.string()).optional() })),
  components: z.array(
    z.looseObject({
      'bom-ref': z.string(),
      name: z.string(),
      version: z.string(),
      licenses: z
        .array(
          z.looseObject({
            license: z.looseObject({ id: z.string().optional(), name: z.string().optional() }).optional(),
            expression: z.string().optional(),
          }),
        )
        .optional(),
    }),
  ),
})
export type Bill = z.infer<typeof bill>

/** What of the lock file an installation without development packages holds, as `name@version`. */
const lock = z.object({
  packages: z.record(
    z.string(),
    z.looseObject({ version: z.string().optional(), dev: z.boolean().optional() }),
  ),
})

/**
 * Every library that ships, from the lock file, with its licence and digest. npm's own way to leave development packages
 * out also loses some that ship, because a development package wants them too: the lock file decides. The same commit
 * gives the same bill, so that a package can be made again and compared.
 * @param at time of the commit, seconds
 */
export function billOf(root: string, at: number): Bill {
  const args = ['sbom', '--package-lock-only', '--sbom-format=cyclonedx']
  const text = execFileSync('npm', args, {
    ...{ cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 64 * 1024 * 1024 },
  })
  const { packages } = lock.parse(JSON.parse(readFileSync(`${root}/package-lock.json`, 'utf8')))
  const ships = new Set(
    Object.entries(packages)
      .filter(([path, one]) => path !== '' && one.dev !== true)
      .map(([path, { version }]) => `${path.slice(path.lastIndexOf('node_modules/') + 13)}@${version}`),
  )
  const { serialNumber: _, ...made } = bill.parse(JSON.parse(text))
  const components = made.components.filter(({ name, version }) => ships.has(`${name}@${version}`))
  const known = new Set(['bleep-bridge', ...components.map((one) => one['bom-ref'])])
  const dependencies = made.dependencies
    .filter(({ ref }) => known.has(ref) || ref.startsWith('bleep-bridge@'))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn?.filter((one) => known.has(one)) ?? [] }))
  const timestamp = new Date(at * 1000).toISOString()
  const component = { ...made.metadata.component, name: 'bleep-bridge' }
  return bill.parse({
    ...made,
    metadata: { ...made.metadata, timestamp, component },
    components,
    dependencies,
  })
}

/** The licences of what ships, the commonest first, each with what is under it. */
export function licencesOf({ components }: Bill): string {
  const by = Map.groupBy(components, licenceOf)
  const parts = [...by].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1))
  const lines = parts.map(
    ([licence, some]) => `${licence}\n${some.map(({ name, version }) => `  ${name} ${version}\n`).join('')}`,
  )
  return `Bleep Bridge ships these libraries. Their full texts lie in folders of their names
under /usr/lib/bleep-bridge/licences.\n\n${lines.join('\n')}`
}

/** Older libraries say it in their folder only, in no field that the lock file keeps. */
const IN_FOLDER: Readonly<Record<string, string>> = {
  limiter: 'MIT',
  'node-adm': 'Apache-2.0',
  wns: 'Apache-2.0',
}

function licenceOf({ name, licenses = [] }: Bill['components'][number]): string {
  const said = licenses.map(({ license, expression }) => expression ?? license?.id ?? license?.name)
  return said.filter((one) => one !== undefined).join(' and ') || (IN_FOLDER[name] ?? 'not stated')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  process.stdout.write(`${JSON.stringify(billOf(root, Math.floor(Date.now() / 1000)), undefined, 1)}\n`)
}
