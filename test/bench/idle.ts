import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { apiOf } from '../../hardware/packaging/api.ts'
import { freshSite, type Program, programOf } from '../../hardware/packaging/packaged.ts'
import { stored } from '../../hardware/packaging/snpp-page.ts'
import { removeFolder } from '../support/folders.ts'
import { ownPort } from '../support/ports.ts'

/*
 * What a daemon that has nothing to do takes: npm run bench:idle -- [PACKAGE.deb] [--starts 5]. Without a package the source
 * tree runs. Each start is the second on its record, alone for ALONE and read each half minute: first with nothing open, then
 * with a phone and an open call. Told is the median over the starts of each one's most. Starts stand side by side, which changes none of the figures.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { starts: { type: 'string', default: '5' } },
})
/** Megabytes resident. */
const BOUND = 120
/** Long enough for garbage to gather and to be looked for, more than once; milliseconds. */
const ALONE = 480_000
const SETTLES = 125_000
const EVERY = 15_000
const folder = mkdtempSync(join(tmpdir(), 'bleepd-idle-'))

try {
  const [deb] = positionals
  const program = programOf(deb, folder)
  const rows = await Promise.all(Array.from({ length: Number(values.starts) }, (_, i) => one(i, program)))
  tell(
    'nothing open',
    rows.map(({ bare }) => bare),
  )
  tell(
    'a phone and a call open',
    rows.map(({ call }) => call),
  )
} finally {
  removeFolder(folder)
}

/** Memory of a process: all that is resident, and of that its program file and what is its own; MB. */
interface Held {
  readonly rss: number
  readonly file: number
  readonly own: number
}

/** One daemon: started, ended, started again and read; then with a call open. */
async function one(index: number, program: Program): Promise<{ bare: Held; call: Held }> {
  const site = join(folder, `etc${index}`)
  const port = await ownPort()
  const line = await ownPort()
  const config = freshSite(program, site, port, line)
  const ask = apiOf(port, () => readFileSync(join(site, 'tls/cert.pem'), 'utf8'))
  const start = async (): Promise<ChildProcess> => {
    const [runtime, entry] = program
    const daemon = spawn(runtime, [entry, 'run', '--config', config], { stdio: 'ignore' })
    while (!(await ask('GET', '/time').catch(() => false))) {
      if (daemon.exitCode !== null) throw new Error(`the daemon ended with ${daemon.exitCode}`)
      await pause(100)
    }
    return daemon
  }
  await ended(await start())
  const daemon = await start()
  try {
    const bare = await most(daemon)
    const key = readFileSync(join(site, 'secrets/operator-switchboard.key'), 'utf8').trim()
    const { code } = await ask('POST', '/enrolments', key, { kind: 'person', id: 'anna' })
    await ask('POST', '/devices', undefined, { code, label: 'Trial' })
    if (!(await stored(line))) throw new Error('no page was answered')
    return { bare, call: await most(daemon) }
  } finally {
    await ended(daemon)
  }
}

async function ended(daemon: ChildProcess): Promise<void> {
  if (daemon.exitCode !== null) return
  const over = once(daemon, 'exit')
  daemon.kill('SIGTERM')
  await over
}

/** The most that it held in its time alone; what a start leaves is given back in its first two minutes. */
async function most(daemon: ChildProcess): Promise<Held> {
  await pause(SETTLES)
  let top = held(daemon)
  for (let passed = SETTLES; passed < ALONE; passed += EVERY) {
    await pause(EVERY)
    const now = held(daemon)
    if (now.rss > top.rss) top = now
  }
  return top
}

function held({ pid }: ChildProcess): Held {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8')
  const of = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(text)?.[1]) / 1024
  return { rss: of('VmRSS'), file: of('RssFile'), own: of('RssAnon') }
}

function tell(what: string, some: readonly Held[]): void {
  const sorted = (of: keyof Held) => some.map((one) => Math.round(one[of])).toSorted((a, b) => a - b)
  const median = (of: keyof Held) => sorted(of)[some.length >> 1]
  const all = sorted('rss')
  process.stdout.write(
    `${what.padEnd(24)} ${median('rss')} MB resident (${all[0]} to ${all.at(-1)}, bound ${BOUND}): program ${median('file')}, its own ${median('own')}\n`,
  )
}
