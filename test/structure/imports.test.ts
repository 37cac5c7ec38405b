import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const src = join(root, 'src')

/** Who may import whom: src/README.md holds the same table with its reasons. `own` is the room itself. */
const MAY: Readonly<
  Record<string, { rooms: readonly string[]; packages: readonly string[] | 'any'; node: boolean }>
> = {
  core: { rooms: ['core'], packages: ['zod', 're2js', 'temporal-polyfill'], node: false },
  ports: { rooms: ['core', 'ports'], packages: [], node: false },
  run: { rooms: ['core', 'ports', 'run'], packages: [], node: false },
  config: { rooms: ['core', 'config'], packages: ['zod', 'yaml', 'csv-parse', 'ical.js'], node: true },
  app: { rooms: ['core', 'ports', 'run', 'config', 'io', 'app'], packages: [], node: true },
  cli: {
    rooms: ['core', 'ports', 'run', 'config', 'io', 'cli', 'app.ts'],
    packages: ['commander', 'zod'],
    node: true,
  },
}

/** One package, one place: replacing it is one change. */
const HOME: Readonly<Record<string, string>> = {
  serialport: 'io/line',
  mqtt: 'io/mqtt',
  'node-pushnotifications': 'io/channels',
  'firebase-admin': 'io/channels',
  pino: 'io/log.ts',
  kysely: 'io/store',
  pg: 'io/store',
  fastify: 'io/http',
  'prom-client': 'io/metrics.ts',
  yaml: 'config',
  echarts: 'io/report',
  koffi: 'io/systemd.ts io/line',
  commander: 'main.ts cli',
  'csv-parse': 'config',
  'ical.js': 'config',
  qrcode: 'io/http',
}

interface Import {
  readonly file: string
  readonly line: number
  readonly to: string
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((f) => f.endsWith('.ts') && !f.startsWith('web/'))
  .map((f) => f.replaceAll('\\', '/'))

const imports: Import[] = files.flatMap((file) =>
  readFileSync(join(src, file), 'utf8')
    .split('\n')
    .flatMap((text, i) => {
      const to =
        /^(?:import|export|\}).*from '([^']+)'/.exec(text)?.[1] ??
        /(?:^|[^.\w])import\('([^']+)'\)/.exec(text)?.[1]
      return to ? [{ file, line: i + 1, to }] : []
    }),
)

const roomOf = (file: string): string => file.split('/')[0]!
const packageOf = (to: string): string =>
  to
    .split('/')
    .slice(0, to.startsWith('@') ? 2 : 1)
    .join('/')
const at = (i: Import): string => `src/${i.file}:${i.line} imports ${i.to}`

function target(i: Import): string | undefined {
  if (!i.to.startsWith('.')) return undefined
  return relative(src, resolve(dirname(join(src, i.file)), i.to))
}

test('every room imports only what the table allows', () => {
  const broken = imports.filter((i) => {
    const rule = MAY[roomOf(i.file)]
    if (!rule) return false
    if (i.to.startsWith('node:')) return !rule.node
    const file = target(i)
    if (file === undefined) return rule.packages !== 'any' && !rule.packages.includes(packageOf(i.to))
    return !rule.rooms.includes(roomOf(file))
  })
  expect(broken.map(at)).toEqual([])
})

test('an adapter never imports another adapter, nor the loops', () => {
  const broken = imports.filter((i) => {
    if (roomOf(i.file) !== 'io') return false
    const file = target(i)
    if (file === undefined) return false
    const room = roomOf(file)
    if (room === 'io') return file.split('/')[1] !== i.file.split('/')[1]
    return !['core', 'ports', 'config'].includes(room)
  })
  expect(broken.map(at)).toEqual([])
})

test('each package is imported in one place', () => {
  const broken = imports.filter((i) => {
    const homes = HOME[packageOf(i.to)]?.split(' ')
    return homes !== undefined && !homes.some((home) => i.file === home || i.file.startsWith(`${home}/`))
  })
  expect(broken.map(at)).toEqual([])
})

test('the core is pure: no clock, no randomness, no waiting, no console', () => {
  const impure =
    /\b(Date\.now|Math\.random|performance\.now|setTimeout|setInterval|async |await |console\.|process\.|Temporal\.Now)/
  const broken = files
    .filter((f) => f.startsWith('core/'))
    .flatMap((f) =>
      readFileSync(join(src, f), 'utf8')
        .split('\n')
        .flatMap((line, i) =>
          !/^\s*(\*|\/\/|\/\*)/.test(line) && impure.test(line) ? [`src/${f}:${i + 1} ${line.trim()}`] : [],
        ),
    )
  expect(broken).toEqual([])
})

test('no file imports itself in a circle', () => {
  const graph = new Map<string, string[]>()
  for (const i of imports) {
    const file = target(i)
    if (file?.endsWith('.ts')) graph.set(i.file, [...(graph.get(i.file) ?? []), file])
  }
  const circles: string[] = []
  const state = new Map<string, 'open' | 'done'>()
  const visit = (file: string, path: readonly string[]): void => {
    if (state.get(file) === 'done') return
    if (state.get(file) === 'open') {
      circles.push([...path.slice(path.indexOf(file)), file].join(' → '))
      return
    }
    state.set(file, 'open')
    for (const next of graph.get(file) ?? []) visit(next, [...path, file])
    state.set(file, 'done')
  }
  for (const file of files) visit(file, [])
  expect(circles).toEqual([])
})

test('files stay small; a longer one says why in its first lines', () => {
  const long = files.filter((f) => {
    const lines = readFileSync(join(src, f), 'utf8').split('\n')
    return lines.length > 300 && !/^(\/\/|\/\*\*?) Long because/m.test(lines.slice(0, 12).join('\n'))
  })
  expect(long).toEqual([])
})

test('nothing re-exports a folder', () => {
  expect(files.filter((f) => /(^|\/)index\.ts$/.test(f))).toEqual([])
})
