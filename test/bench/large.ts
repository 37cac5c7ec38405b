import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { stringify } from 'yaml'
import { startDaemon } from '../../hardware/simulators/demo/daemon.ts'
import { asId } from '../../src/core/ids.ts'
import { removeFolder } from '../support/folders.ts'
import { ownPort } from '../support/ports.ts'
import { enrolAll, held } from './idle-phones.ts'
import { largeSite } from './large-site.ts'

/*
 * One daemon with all of the NHS's numbers, npm run bench:large: how long a start takes to the first page that it answers,
 * what each list costs, what a reload takes, and what it holds then. The second start has a phone for everybody.
 */
const SIZE = { numbers: 130_000, people: 20_000 }
const BOUND = { startMs: 5000, rssMb: 250, listMb: 0.5 }
const KEYS = { KEY: 'benchmark-operator-key', GOVERNANCE: 'benchmark-governance-key' }
const LISTS = [
  '/rota',
  '/directory',
  '/devices',
  '/alerts',
  '/handovers',
  '/asks',
  '/site',
  '/readiness',
  '/feeds',
]

const folder = mkdtempSync(join(tmpdir(), 'bleep-bridge-large-'))
const [page, port] = [await ownPort(), await ownPort()]
const url = `http://localhost:${port}`
const site = largeSite(SIZE)
const config = join(folder, 'bridge.yaml')
writeFileSync(
  config,
  stringify({
    version: 1,
    site: { id: 'large', folder: site.folder },
    store: { kind: 'sqlite', path: 'bleeps.sqlite' },
    feeds: [{ id: 'snpp', profile: 'snpp', port: { kind: 'tcp-listen', port: page } }],
    http: {
      port,
      operators: [
        { name: 'bench', role: 'switchboard', token: 'env:KEY' },
        { name: 'governance', role: 'governance', token: 'env:GOVERNANCE' },
      ],
    },
    log: { level: 'error' },
  }),
)

/** When the line answers a page, however often it must be asked. */
async function firstAnswer(): Promise<number> {
  for (;;) {
    const answered = await new Promise<boolean>((done) => {
      const socket = net.connect(page, '127.0.0.1')
      socket.on('error', () => done(false))
      socket.on('close', () => done(false))
      const steps = ['PAGE 100001', 'MESS CALL EXT 4000', 'SEND']
      socket.on('data', (line) => {
        const next = steps.shift()
        if (next !== undefined) socket.write(`${next}\r\n`)
        else {
          socket.destroy()
          done(String(line).startsWith('250'))
        }
      })
    })
    if (answered) return performance.now()
    await pause(20)
  }
}

/** On a machine that is shared the wall says more of the others than of us. */
function cpuOf(pid: number): number {
  const [, utime, stime] = /\) (?:\S+ ){11}(\d+) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
  return (Number(utime) + Number(stime)) / 100
}

let missed = 0
const say = (text: string, kept = true) => {
  if (!kept) missed += 1
  process.stdout.write(`${text}${kept ? '' : '   MISSED'}\n`)
}
const get = (path: string, key = KEYS.KEY) =>
  fetch(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${key}` } })

async function reads(path: string, key?: string): Promise<void> {
  const asked = performance.now()
  const answer = await get(path, key)
  const size = (await answer.text()).length / 1e6
  const took = (performance.now() - asked).toFixed(0)
  say(
    `  GET ${path}: ${answer.status}, ${size.toFixed(2)} MB in ${took} ms`,
    answer.ok && size <= BOUND.listMb,
  )
}

/** Somebody new stands first in the files; the daemon is told and goes on with them. */
async function reload(pid: number, newcomer: string): Promise<string> {
  const people = join(site.folder, 'people.csv')
  const [heading, ...rows] = readFileSync(people, 'utf8').split('\n')
  writeFileSync(people, [heading, `${newcomer},New Person,doctor,`, ...rows].join('\n'))
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
  const [began, cpu] = [performance.now(), cpuOf(pid)]
  process.kill(pid, 'SIGHUP')
  while (!(await (await get('/directory?limit=1')).text()).includes(newcomer)) await pause(250)
  const took = ((performance.now() - began) / 1000).toFixed(1)
  return `taken after ${took} s, ${(cpuOf(pid) - cpu).toFixed(1)} s CPU, at most ${(await held(pid)).most.toFixed(0)} MB meanwhile`
}

for (const turn of ['first', 'second']) {
  const began = performance.now()
  const first = firstAnswer()
  const daemon = await startDaemon({ config, url, log: join(folder, 'log'), environment: KEYS })
  const took = (await first) - began
  const cpu = cpuOf(daemon.pid).toFixed(1)
  await pause(5000)
  const { now, most } = await held(daemon.pid)
  say(
    `${turn} start: first page answered after ${took.toFixed(0)} ms (≤ ${BOUND.startMs}), ${cpu} s CPU; ${now.toFixed(0)} MB resident, at most ${most.toFixed(0)} MB`,
    took <= BOUND.startMs,
  )
  for (const path of LISTS) await reads(path)
  await reads('/audit', KEYS.GOVERNANCE)
  say(`  reload: ${await reload(daemon.pid, `new-${turn}`)}`)
  // Memory is given back once a minute.
  await pause(65_000)
  const rest = (await held(daemon.pid)).now
  say(`  a minute later: ${rest.toFixed(0)} MB resident (≤ ${BOUND.rssMb})`, rest <= BOUND.rssMb)
  await daemon.stop()
  if (turn === 'first')
    await enrolAll(
      join(folder, 'bleeps.sqlite'),
      Array.from({ length: SIZE.people }, (_, i) => ({ kind: 'person', person: asId(`p${i}`) })),
    )
}
removeFolder(folder)
site.remove()
process.exit(missed > 0 ? 1 : 0)
