import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { bundle, leaveWhole } from './bundle.ts'
import { manPage } from './man-page.ts'
import { billOf, licencesOf } from './parts.ts'
import { pruneTree, sizesOf } from './prune.ts'

/* Makes the Debian package: node hardware/packaging/build.ts --arch amd64|arm64 [--to FOLDER] [--sizes] */
const root = fileURLToPath(new URL('../..', import.meta.url))
const own = fileURLToPath(new URL('.', import.meta.url))

const ARCHES = { amd64: 'x64', arm64: 'arm64' } as const
type Arch = keyof typeof ARCHES

/** What of the source tree ships; what nobody runs or reads on a bridge stays behind. */
const SHIPPED = [
  'src',
  'config',
  'hardware/profiles',
  'hardware/wiring',
  'hardware/faults.md',
  'hardware/packaging/two-boxes.sh',
  'package.json',
]
const PAGES = [
  'README.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'hardware/README.md',
  'hardware/systemd/README.md',
  'config/README.md',
]
const MAINTAINER = 'Bleep Bridge <maintainers@bleep-bridge.invalid>'
const LIBRARY = 'usr/lib/bleep-bridge'

const { values } = parseArgs({
  options: {
    arch: { type: 'string', default: 'amd64' },
    to: { type: 'string', default: 'dist' },
    version: { type: 'string' },
    /** Packs for a test: larger, in a tenth of the time. */
    quick: { type: 'boolean', default: false },
    sizes: { type: 'boolean', default: false },
  },
})
if (values.arch !== 'amd64' && values.arch !== 'arm64') throw new Error('--arch is amd64 or arm64')
process.stdout.write(`${await build(values.arch, resolve(values.to), values.version ?? ownVersion())}\n`)

/** Gives the path of the package. */
async function build(arch: Arch, to: string, version: string): Promise<string> {
  const stage = mkdtempSync(join(tmpdir(), 'bleep-bridge-'))
  chmodSync(stage, 0o755)
  try {
    await library(join(stage, LIBRARY), arch, version)
    system(stage)
    papers(stage, version)
    if (values.sizes) process.stderr.write(sizesOf(join(stage, LIBRARY)))
    mkdirSync(to, { recursive: true })
    const file = join(to, `bleep-bridge_${version}_${arch}.deb`)
    control(stage, arch, version)
    run(
      'dpkg-deb',
      [
        '--root-owner-group',
        values.quick ? '-Zgzip' : '-Zxz',
        values.quick ? '-z1' : '-z6',
        '--build',
        stage,
        file,
      ],
      { env: epoch() },
    )
    return file
  } finally {
    rmSync(stage, { recursive: true, force: true })
  }
}

/** The program, its runtime and what it imports, for one kind of machine. */
async function library(to: string, arch: Arch, version: string): Promise<void> {
  for (const path of SHIPPED) cpSync(join(root, path), join(to, path), { recursive: true })
  cpSync(join(root, 'package-lock.json'), join(to, 'package-lock.json'))
  const only = ['--omit=dev', '--ignore-scripts', '--os=linux', `--cpu=${ARCHES[arch]}`, '--libc=glibc']
  run('npm', ['ci', ...only, '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'], { cwd: to })
  // What a bridge says of itself is the version of the package.
  const text = readFileSync(join(to, 'package.json'), 'utf8')
  writeFileSync(join(to, 'package.json'), text.replace(/"version": "[^"]+"/, `"version": "${version}"`))
  await bundle(to)
  mkdirSync(join(to, 'bin'))
  const runtime = join(to, 'bin/node')
  cpSync(join(to, `node_modules/node-linux-${ARCHES[arch]}/bin/node`), runtime)
  // Its own symbols are a sixth of it. Only binutils of the same kind know how to take them off.
  if (process.arch === ARCHES[arch]) run('strip', ['--strip-unneeded', runtime])
  leaveWhole(to)
  pruneTree(to, ARCHES[arch])
}

/** What the system knows us by: command, unit, rules for ports, completion. */
function system(stage: string): void {
  put(stage, 'usr/bin/bleepd', readFileSync(join(own, 'bleepd.sh')), 0o755)
  put(
    stage,
    'usr/lib/systemd/system/bleepd.service',
    readFileSync(join(root, 'hardware/systemd/bleepd.service')),
  )
  put(
    stage,
    'usr/lib/udev/rules.d/60-bleep-bridge.rules',
    readFileSync(join(root, 'hardware/udev/60-bleep-bridge.rules')),
  )
  put(stage, 'usr/share/bash-completion/completions/bleepd', readFileSync(join(own, 'completion.bash')))
}

/** What people read: pages, manual, licence, and which remarks of the package checker are meant. */
function papers(stage: string, version: string): void {
  const doc = 'usr/share/doc/bleep-bridge'
  for (const page of PAGES) put(stage, `${doc}/${page.replaceAll('/', '-')}`, readFileSync(join(root, page)))
  put(
    stage,
    `${doc}/59-bleep-lines.rules.example`,
    readFileSync(join(root, 'hardware/udev/59-bleep-lines.rules')),
  )
  const parts = billOf(root, Number(commitTime()))
  put(stage, `${doc}/sbom.cdx.json`, `${JSON.stringify(parts, undefined, 1)}\n`)
  put(stage, `${doc}/licences.txt`, licencesOf(parts))
  put(stage, `${doc}/copyright`, readFileSync(join(own, 'debian/copyright')))
  const entry = `bleep-bridge (${version}) stable; urgency=medium\n\n  * See /${doc}/CHANGELOG.md.\n\n -- ${MAINTAINER}  ${date()}\n`
  put(stage, `${doc}/changelog.gz`, gzipSync(entry, { level: 9 }))
  put(stage, 'usr/share/man/man1/bleepd.1.gz', gzipSync(manPage(version), { level: 9 }))
  put(stage, 'usr/share/lintian/overrides/bleep-bridge', readFileSync(join(own, `debian/overrides`)))
}

function control(stage: string, arch: Arch, version: string): void {
  const kilobytes = run('du', ['-sk', '--apparent-size', stage]).split('\t')[0]
  const fields = readFileSync(join(own, 'debian/control'), 'utf8')
    .replace('@version@', version)
    .replace('@arch@', arch)
    .replace('@maintainer@', MAINTAINER)
    .replace('@size@', kilobytes ?? '0')
  put(stage, 'DEBIAN/control', Buffer.from(fields))
  for (const script of ['postinst', 'prerm', 'postrm'])
    put(stage, `DEBIAN/${script}`, readFileSync(join(own, 'debian', script)), 0o755)
}

function put(stage: string, path: string, content: Uint8Array | string, mode = 0o644): void {
  const whole = join(stage, path)
  mkdirSync(join(whole, '..'), { recursive: true })
  writeFileSync(whole, content)
  chmodSync(whole, mode)
}

function run(
  command: string,
  args: readonly string[],
  more: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): string {
  return execFileSync(command, [...args], { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8', ...more })
}

/** The time of the last commit, so that the same source makes the same package. */
function epoch(): NodeJS.ProcessEnv {
  return { ...process.env, SOURCE_DATE_EPOCH: commitTime() }
}

function commitTime(): string {
  try {
    return run('git', ['-C', root, 'log', '-1', '--format=%ct']).trim()
  } catch {
    return `${Math.floor(Date.now() / 1000)}`
  }
}

function date(): string {
  return run('date', ['-u', '-R', '-d', `@${commitTime()}`]).trim()
}

function ownVersion(): string {
  const found = /"version": "([^"]+)"/.exec(readFileSync(join(root, 'package.json'), 'utf8'))?.[1]
  if (found === undefined) throw new Error('package.json has no version')
  return found
}
