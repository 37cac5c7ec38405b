import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { apiOf } from './api.ts'
import { addLine, trialFlags, until } from './packaged.ts'
import { stored } from './snpp-page.ts'

/*
 * Installs the package in a clean system and goes the written way to a call on a phone; then upgrades, downgrades, removes
 * and purges it with that call open. As root, with debootstrap: node hardware/packaging/prove.ts PACKAGE
 * --root FOLDER: a system made by debootstrap before. --previous PACKAGE: an older release. That one goes the way first, and a
 * change of the database's form is gone forwards, and back by the written way.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    root: { type: 'string' },
    previous: { type: 'string' },
    suite: { type: 'string', default: 'bookworm' },
  },
})
const [given = ''] = positionals
const first = values.previous ?? given
if (!existsSync(given) || !existsSync(first) || process.getuid?.() !== 0)
  throw new Error('needs the path of a package, and root for a system of its own')

const PORT = 18_443
const LINE = 14_444
/** Package to first simulated call, by the written path. */
const BOUND = 180
/** Resident memory of a daemon with one open call and nothing else to do, megabytes, and how long it is left alone first. */
const IDLE = 120
const ALONE = 100_000
const work = mkdtempSync(join(tmpdir(), 'bleep-prove-'))
const root = join(work, 'root')
if (values.root === undefined)
  execFileSync('debootstrap', ['--variant=minbase', '--include=adduser,ca-certificates', values.suite, root])
else execFileSync('cp', ['-a', '--reflink=auto', values.root, root])
execFileSync('mount', ['--bind', '/dev', join(root, 'dev')])
execFileSync('mount', ['-t', 'proc', 'proc', join(root, 'proc')])
const CONFIG = '/etc/bleepd/bridge.yaml'
const RUN = ['--userspec=bleepd:bleepd', root, 'bleepd', 'run', '--config', CONFIG]
const call = apiOf(PORT, () => readFileSync(join(root, 'etc/bleepd/tls/cert.pem'), 'utf8'))
let daemon: ChildProcess | undefined
let failed = 0

/** The written way, step by step; each is told, and the first that fails ends it. */
try {
  const next = values.previous === undefined ? repacked(given, '999.0.0') : given
  const began = Date.now()
  inside('dpkg', '-i', carried(first))
  holds('the command is on the path', inside('bleepd', '--version').trim() !== '')
  for (const paper of ['sbom.cdx.json', 'licences.txt'])
    holds(`${paper} is there`, existsSync(join(root, 'usr/share/doc/bleep-bridge', paper)))
  holds('the manual is there', existsSync(join(root, 'usr/share/man/man1/bleepd.1.gz')))
  inside('bleepd', 'init', ...trialFlags(PORT))
  const file = join(root, 'etc/bleepd/bridge.yaml')
  addLine(file, LINE)
  asDaemon('bleepd', 'check', '--config', CONFIG)
  await start()
  const key = readFileSync(join(root, 'etc/bleepd/secrets/operator-switchboard.key'), 'utf8').trim()
  const { code } = await call('POST', '/enrolments', key, { kind: 'person', id: 'anna' })
  const { token } = await call('POST', '/devices', undefined, { code, label: 'Trial' })
  holds('a page on the line is stored', await stored(LINE))
  const rung = await until(async () => (await call('GET', '/inbox?since=0', token)).items?.length === 1)
  holds('a page on the line is a call on the phone', rung)
  const seconds = Math.round((Date.now() - began) / 1000)
  holds(`package to first call in ${seconds} s, ${BOUND} at most`, seconds <= BOUND)
  const dry = spawnSync('chroot', [root, 'bleepd', 'who', '9000', '--config', CONFIG])
  holds('who 9000 knows the phone', dry.status === 0)

  const open = async () => (await call('GET', '/alerts?phase=open', key)).alerts?.length ?? 0
  const before = await open()
  holds('the call is open', before > 0)
  const install = (deb: string) => inside('dpkg', '-i', '--force-downgrade', carried(deb))
  await stop()
  const older = schema()
  install(next)
  await start()
  holds('an upgrade keeps the open call and goes on with it', (await open()) === before)
  await stop()
  const newer = schema()
  install(first)
  if (newer !== older) {
    const refused = spawnSync('chroot', RUN, { encoding: 'utf8', timeout: 30_000 })
    holds(
      `the older one refuses the form of a newer version (${newer} over ${older}), with a sentence`,
      refused.status !== 0 && /store-newer/.test(refused.stderr) && refused.stderr.includes('newer version'),
    )
    backToCopy()
  }
  await start()
  holds('a downgrade keeps the open call and goes on with it', (await open()) === before)
  await stop()
  install(given)
  await start()
  holds('upgraded once more, the call is open', (await open()) === before)
  await new Promise((done) => setTimeout(done, ALONE))
  const kB = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${daemon?.pid}/status`, 'utf8'))?.[1]
  const idle = Math.round(Number(kB) / 1024)
  holds(`started on its record and left alone it takes ${idle} MB, ${IDLE} at most`, idle <= IDLE)
  await stop()
  inside('dpkg', '--remove', 'bleep-bridge')
  holds('removed: the program is gone', !existsSync(join(root, 'usr/bin/bleepd')))
  holds(
    'removed: record and configuration stay',
    existsSync(file) && existsSync(join(root, 'var/lib/bleepd/bleeps.sqlite')),
  )
  inside('dpkg', '--purge', 'bleep-bridge')
  holds(
    'purged: nothing is left',
    ['etc/bleepd', 'var/lib/bleepd', 'usr/lib/bleep-bridge'].every((one) => !existsSync(join(root, one))),
  )
} finally {
  await stop()
  for (const one of ['dev', 'proc']) spawnSync('umount', [join(root, one)])
  // Only once nothing of this machine is mounted in it.
  if (spawnSync('findmnt', ['-R', root]).stdout.length === 0) rmSync(work, { recursive: true, force: true })
}
process.exitCode = failed === 0 ? 0 : 1

function holds(what: string, does: boolean): void {
  process.stdout.write(`${does ? 'holds' : 'FAILS'}  ${what}\n`)
  if (!does) failed++
}

function inside(...command: readonly string[]): string {
  const env = {
    ...process.env,
    DEBIAN_FRONTEND: 'noninteractive',
    PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
    LC_ALL: 'C',
  }
  return execFileSync('chroot', [root, ...command], {
    encoding: 'utf8',
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

function asDaemon(...command: readonly string[]): string {
  return inside('runuser', '-u', 'bleepd', '--', ...command)
}

function carried(deb: string): string {
  cpSync(deb, join(root, 'tmp', basename(deb)))
  return `/tmp/${basename(deb)}`
}

/** The same package under a later version. */
function repacked(deb: string, version: string): string {
  const folder = join(work, 'next')
  execFileSync('dpkg-deb', ['-R', deb, folder])
  const control = join(folder, 'DEBIAN/control')
  writeFileSync(control, readFileSync(control, 'utf8').replace(/^Version: .*$/m, `Version: ${version}`))
  const made = join(work, `bleep-bridge_${version}.deb`)
  execFileSync('dpkg-deb', ['--root-owner-group', '-Zgzip', '-z1', '-b', folder, made], { stdio: 'ignore' })
  return made
}

/** The form of the database, by the installed release's own word. */
function schema(): string {
  const { stdout } = spawnSync('chroot', [root, 'bleepd', 'status', '--config', CONFIG], { encoding: 'utf8' })
  return /^Schema +(.+)$/m.exec(stdout)?.[1] ?? ''
}

/** The way back as hardware/systemd/README.md has it: the database aside, and the copy from before the upgrade in its place. */
function backToCopy(): void {
  const kept = join(root, 'var/lib/bleepd')
  for (const ending of ['', '-wal', '-shm'])
    if (existsSync(join(kept, `bleeps.sqlite${ending}`)))
      inside('mv', `/var/lib/bleepd/bleeps.sqlite${ending}`, `/var/lib/bleepd/set-aside.sqlite${ending}`)
  const copies = readdirSync(join(kept, 'backups')).filter((name) => name.endsWith('.sqlite'))
  const newest = copies.toSorted().at(-1) ?? ''
  inside('bleepd', 'restore', `/var/lib/bleepd/backups/${newest}`, '--config', CONFIG)
}

async function start(): Promise<void> {
  daemon = spawn('chroot', RUN, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin' },
  })
  holds('the daemon starts as its own user', await until(() => call('GET', '/time').then(() => true)))
}

async function stop(): Promise<void> {
  if (daemon === undefined || daemon.exitCode !== null) return
  const ended = new Promise((done) => daemon?.once('exit', done))
  // chroot has become the daemon: the signal is its own.
  daemon.kill('SIGTERM')
  await ended
  daemon = undefined
}
