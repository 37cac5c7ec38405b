import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { stringify } from 'yaml'
import { asId } from '../../src/core/ids.ts'
import { newFiling, stepFiling } from '../../src/core/record/filing.ts'
import { sendOf } from '../../src/core/record/send.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import { aBleep, anAlert } from '../contract/store.ts'
import { removeFolder } from '../support/folders.ts'
import { ownPort } from '../support/ports.ts'

/**
 * Whether filings that wait delay a call: the record system has been away for a day, and thousands wait by both ways. Pages
 * are answered by a daemon that files and by one that does not, in turns within one run; a page is answered once it is
 * stored and its alert raised. Run: npm run bench:filing -- [--waiting 5000] [--rounds 3] [--pages 200]
 */
const { values } = parseArgs({
  options: {
    waiting: { type: 'string', default: '5000' },
    rounds: { type: 'string', default: '3' },
    pages: { type: 'string', default: '200' },
  },
})
const [WAITING, ROUNDS, PAGES] = [values.waiting, values.rounds, values.pages].map(Number) as [
  number,
  number,
  number,
]
const PATIENT = { scheme: 'nhs', value: '9434765919' } as const
const HOUR = 3_600_000
const folder = mkdtempSync(join(tmpdir(), 'bleepd-filing-bench-'))

/** A record system that takes a connection and never says anything. */
const silent = createServer((socket) => {
  socket.on('error', () => undefined)
  socket.resume()
})
silent.listen(0, '127.0.0.1')
await once(silent, 'listening')
const address = silent.address()
const away = typeof address === 'object' && address !== null ? address.port : 0

interface Kind {
  readonly name: string
  readonly line: number
  readonly config: string
  readonly took: number[]
}

async function kind(name: string, filing: object): Promise<Kind> {
  const [line, port] = [await ownPort(), await ownPort()]
  const config = join(folder, `${name}.yaml`)
  const path = join(folder, name, 'bleeps.sqlite')
  mkdirSync(join(folder, name))
  writeFileSync(
    config,
    stringify({
      version: 1,
      site: { id: 'demo', folder: join(process.cwd(), 'config/sites/demo') },
      store: { kind: 'sqlite', path },
      feeds: [{ id: 'desk', profile: 'snpp', port: { kind: 'tcp-listen', port: line } }],
      http: { port },
      ...filing,
    }),
  )
  const store = await openSqlite(path)
  const from = Date.now() - 24 * HOUR
  await store.transact((tx) => tx.notes.set('filing-since', from, from))
  for (let start = 0; start < WAITING; start += 200)
    await store.transact(async (tx) => {
      for (let i = start; i < Math.min(start + 200, WAITING); i++) {
        const at = from + (i * 23 * HOUR) / WAITING
        const [alert, bleep] = [asId<never>(`a${i}`), `b${i}`]
        await tx.bleeps.add(aBleep(bleep, { received: at, stage: 'routed' }))
        await tx.alerts.add(anAlert(alert, bleep, { phase: 'closed', raised: at }), [])
        const step = stepFiling(newFiling(alert, asId(bleep), at), {
          kind: 'ended',
          at,
          revision: 1,
          found: { patients: [PATIENT], wrong: 0 },
        })
        const sends = (['fhir', 'hl7'] as const).flatMap((way) =>
          step.add.map((one) => sendOf(alert, way, one, at)),
        )
        await tx.filings.save({ filing: step.filing, sends }, at)
      }
    })
  await store.close()
  return { name, line, config, took: [] }
}

/** One SNPP transaction; how long its answer took, milliseconds. Undefined: it was not taken. */
function page({ line }: Kind, text: string): Promise<number | undefined> {
  return new Promise((done) => {
    let began = 0
    let said = ''
    const socket = connect(line, '127.0.0.1', () => socket.write(`PAGE 2201\r\nMESS ${text}\r\n`))
    socket.setTimeout(20_000, () => socket.destroy())
    socket.on('data', (chunk) => {
      said += chunk.toString()
      const taken = (said.match(/^250/gm) ?? []).length
      if (taken === 2 && began === 0) {
        began = performance.now()
        socket.write('SEND\r\n')
      } else if (taken === 3) {
        done(performance.now() - began)
        socket.destroy()
      }
    })
    socket.on('error', () => undefined)
    socket.on('close', () => done(undefined))
  })
}

async function round(one: Kind, n: number): Promise<string> {
  const daemon = spawn(process.execPath, ['src/bleepd.js', 'run', '--config', one.config], {
    stdio: 'ignore',
  })
  while ((await page(one, 'WARM')) === undefined) {
    if (daemon.exitCode !== null) throw new Error(`the daemon of ${one.name} did not start`)
    await new Promise((next) => setTimeout(next, 50))
  }
  for (let i = 0; i < PAGES; i++) {
    const took = await page(one, `ROUND ${n} CALL ${4000 + i}`)
    if (took === undefined) throw new Error(`${one.name}: a page was not taken`)
    if (i >= PAGES / 10) one.took.push(took)
  }
  const memory = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${daemon.pid}/status`, 'utf8'))?.[1]
  const over = once(daemon, 'exit')
  daemon.kill('SIGTERM')
  await over
  return `RSS ${Math.round(Number(memory) / 1024)} MB`
}

const at = (took: readonly number[], share: number): number =>
  took.toSorted((a, b) => a - b)[Math.ceil(took.length * share) - 1] ?? Number.NaN

try {
  const system = 'https://trust.example/Id/bleep'
  const fhir = { url: `http://127.0.0.1:${away}/fhir`, lookUp: false }
  const hl7 = { host: '127.0.0.1', port: away, facility: 'DEMO', toApplication: 'EPR', toFacility: 'RXX' }
  const kinds = [await kind('without', {}), await kind('waiting', { filing: { system, fhir, hl7 } })]
  for (let n = 1; n <= ROUNDS; n++)
    for (const one of n % 2 === 0 ? kinds.toReversed() : kinds)
      process.stdout.write(`round ${n}, ${one.name}: ${await round(one, n)}\n`)
  const [without, waiting] = kinds.map(({ took }) => ({ p50: at(took, 0.5), p99: at(took, 0.99) }))
  if (without === undefined || waiting === undefined) throw new Error('no figures')
  for (const part of ['p50', 'p99'] as const)
    process.stdout.write(
      `page answered ${part}: without filing ${without[part].toFixed(1)} ms, with ${WAITING} waiting by each of two ways ${waiting[part].toFixed(1)} ms, ratio ${(waiting[part] / without[part]).toFixed(2)}\n`,
    )
} finally {
  silent.close()
  removeFolder(folder)
}
