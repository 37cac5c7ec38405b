import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { startDaemon } from '../../hardware/simulators/demo/daemon.ts'
import { freePort } from '../../hardware/simulators/demo/free-port.ts'
import { removeFolder } from '../support/folders.ts'
import { largeSite } from './large-site.ts'

/** One daemon with all of the NHS's numbers: how long a start takes to the first page that it answers, and what it holds. */
const SIZE = { numbers: 130_000, people: 20_000 }
const BOUND = { startMs: 5000, rssMb: 250 }
const KEY = 'benchmark-operator-key'

const folder = mkdtempSync(join(tmpdir(), 'bleep-bridge-large-'))
const [page, port] = [await freePort(0), await freePort(0)]
const site = largeSite(SIZE)
writeFileSync(
  join(folder, 'bridge.yaml'),
  stringify({
    version: 1,
    site: { id: 'large', folder: site.folder },
    store: { kind: 'sqlite', path: 'bleeps.sqlite' },
    feeds: [{ id: 'snpp', profile: 'snpp', port: { kind: 'tcp-listen', port: page } }],
    http: { port, operators: [{ name: 'bench', role: 'switchboard', token: 'env:KEY' }] },
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
    await new Promise((next) => setTimeout(next, 20))
  }
}

let missed = 0
const say = (text: string) => process.stdout.write(`${text}\n`)
for (const turn of ['first', 'second']) {
  const began = performance.now()
  const first = firstAnswer()
  const url = `http://localhost:${port}`
  const config = join(folder, 'bridge.yaml')
  const daemon = await startDaemon({ config, url, log: join(folder, 'log'), environment: { KEY } })
  const took = (await first) - began
  // On a machine that is shared the wall says more of the others than of us.
  const [, utime, stime] =
    /\) (?:\S+ ){11}(\d+) (\d+)/.exec(readFileSync(`/proc/${daemon.pid}/stat`, 'utf8')) ?? []
  const cpu = (Number(utime) + Number(stime)) / 100
  await new Promise((next) => setTimeout(next, 5000))
  const status = readFileSync(`/proc/${daemon.pid}/status`, 'utf8')
  const rss = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024
  const asked = performance.now()
  const rota = await fetch(`${url}/api/v1/rota`, { headers: { authorization: `Bearer ${KEY}` } })
  const size = (await rota.text()).length
  const rotaMs = performance.now() - asked
  const kept = took <= BOUND.startMs && rss <= BOUND.rssMb
  if (!kept) missed += 1
  say(
    `${turn} start: first page answered after ${took.toFixed(0)} ms (≤ ${BOUND.startMs}), ${cpu.toFixed(1)} s CPU, ${rss.toFixed(0)} MB resident (≤ ${BOUND.rssMb}); GET /rota ${rota.status} ${(size / 1e6).toFixed(2)} MB in ${rotaMs.toFixed(0)} ms`,
  )
  await daemon.stop()
}
removeFolder(folder)
site.remove()
process.exit(missed > 0 ? 1 : 0)
