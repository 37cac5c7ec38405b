import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { freePort } from '../../hardware/simulators/demo/free-port.ts'
import { removeFolder } from '../support/folders.ts'
import { freshSite, type Program, programOf } from '../support/packaged.ts'
import { pageBySnpp } from '../support/snpp-page.ts'

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
  const port = await freePort(0)
  const line = await freePort(0)
  const config = freshSite(program, site, port, line)
  const start = async (): Promise<ChildProcess> => {
    const [runtime, entry] = program
    const daemon = spawn(runtime, [entry, 'run', '--config', config], { stdio: 'ignore' })
    while (!(await ask(port, 'GET', '/time').catch(() => false))) {
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
    const { code } = await ask(port, 'POST', '/enrolments', { kind: 'person', id: 'anna' }, key)
    await ask(port, 'POST', '/devices', { code, label: 'Trial' })
    await pageBySnpp(line, '9000', 'TRIAL CALL')
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

/** One request of the daemon's API; what it answers, empty where that is not JSON. */
function ask(
  port: number,
  method: string,
  path: string,
  body?: object,
  key?: string,
): Promise<{ code?: string }> {
  const headers = {
    ...(body ? { 'content-type': 'application/json' } : {}),
    ...(key ? { authorization: `Bearer ${key}` } : {}),
  }
  return new Promise((done, broken) => {
    const to = { host: 'localhost', port, path: `/api/v1${path}`, method, headers, rejectUnauthorized: false }
    const asked = request(to, async (answer) => {
      let text = ''
      for await (const chunk of answer) text += chunk
      if ((answer.statusCode ?? 500) < 300) done(JSON.parse(text))
      else broken(new Error(`${path}: ${text}`))
    })
    asked.on('error', broken)
    asked.end(body ? JSON.stringify(body) : undefined)
  })
}
