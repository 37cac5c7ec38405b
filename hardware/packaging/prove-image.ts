import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freshSite, programOf, until } from './packaged.ts'
import { stored } from './snpp-page.ts'

/*
 * Builds the image from a package and runs it with a system and a configuration that nothing may write to, as
 * whoever asks, root or not: node hardware/packaging/prove-image.ts PACKAGE. PODMAN is the command and its options
 * ('podman --runtime runc'), BASE an archive of a Debian made by debootstrap where no registry of images is reached.
 */
const [deb = ''] = process.argv.slice(2)
const [command = 'podman', ...options] = (process.env.PODMAN ?? 'podman').split(' ')
const podman = (...args: readonly string[]) =>
  execFileSync(command, [...options, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim()
const ends = (...args: readonly string[]) =>
  spawnSync(command, [...options, ...args], { stdio: 'ignore' }).status
const LINE = 14_447
const NAME = `bleep-prove-${process.pid}`
// Not every machine lets a container have more than it has itself.
const LIMITS = ['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1024:1024', '--network', 'host'] as const
const work = mkdtempSync(join(tmpdir(), 'bleep-image-'))
let failed = 0

try {
  if (process.env.BASE !== undefined)
    podman('import', process.env.BASE, 'docker.io/library/debian:bookworm-slim')
  copyFileSync(deb, join(work, 'package.deb'))
  copyFileSync(new URL('Containerfile', import.meta.url), join(work, 'Containerfile'))
  const built = ['--format', 'docker', '--isolation', 'chroot', '--pull=missing', ...LIMITS.slice(-2)]
  podman('build', ...built, ...LIMITS.slice(0, 2), '-t', NAME, '--build-arg', 'PACKAGE=package.deb', work)
  const own = (what: string) => Number(podman('run', '--rm', ...LIMITS, '--entrypoint', 'id', NAME, what))
  holds('the daemon is no root in it', own('-u') !== 0)

  const site = join(work, 'etc')
  configure(site, own('-g'))
  const volumes = ['-v', `${site}:/etc/bleepd:ro`, '-v', `${NAME}:/var/lib/bleepd`]
  podman('run', '-d', '--name', NAME, '--read-only', '--tmpfs', '/tmp', ...LIMITS, ...volumes, NAME)
  const answered = await until(() => stored(LINE))
  holds('with a read-only system and configuration it stores a page, and answers', answered)
  holds('its health check says so', ends('healthcheck', 'run', NAME) === 0)
  holds('nothing else may be written', ends('exec', NAME, 'touch', '/x', '/etc/bleepd/x') !== 0)
  podman('stop', '-t', '20', NAME)
  holds('it ends by itself when asked', podman('inspect', NAME, '--format', '{{.State.ExitCode}}') === '0')
  podman('start', NAME)
  holds('it starts again on its record', await until(() => stored(LINE)))
} finally {
  for (const args of [
    ['rm', '-f', NAME],
    ['volume', 'rm', NAME],
    ['rmi', NAME],
  ])
    ends(...args)
  rmSync(work, { recursive: true, force: true })
}
process.exitCode = failed === 0 ? 0 : 1

/** A site by the package's own `init`, for the group that reads it in the image. */
function configure(site: string, group: number): void {
  const file = freshSite(programOf(deb, work), site, 18_447, LINE)
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replaceAll(join(site, 'data'), '/var/lib/bleepd'))
  // Only within its own containers may somebody who is not root give files to another group.
  const give = ['chown', '-R', `0:${group}`, site] as const
  if (process.getuid?.() === 0) execFileSync(give[0], give.slice(1))
  else podman('unshare', ...give)
  execFileSync('chmod', ['-R', 'g+rX,o-rwx', site])
}

function holds(what: string, does: boolean): void {
  process.stdout.write(`${does ? 'holds' : 'FAILS'}  ${what}\n`)
  if (!does) failed++
}
