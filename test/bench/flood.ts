import { createHash } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { stringify } from 'yaml'
import { startDaemon } from '../../hardware/simulators/demo/daemon.ts'
import { freePort } from '../../hardware/simulators/demo/free-port.ts'
import { removeFolder } from '../support/folders.ts'

/**
 * What 200 hostile connections do to T1: the real daemon, one page after another over SNPP (`SEND` to `250`, which comes
 * once the page is stored), first alone, then under each attack in turn. All on loopback, each attack for some seconds.
 */
const { values } = parseArgs({
  options: {
    connections: { type: 'string', default: '200' },
    pages: { type: 'string', default: '120' },
  },
})
const SITE = fileURLToPath(new URL('../../config/sites/demo', import.meta.url))
const KEY = createHash('sha256').update('bench').digest('hex')
const BETWEEN = 25

const folder = mkdtempSync(join(tmpdir(), 'bleep-bridge-flood-'))
const [port, line] = [await freePort(0), await freePort(0)]
const config = join(folder, 'bridge.yaml')
writeFileSync(
  config,
  stringify({
    version: 1,
    site: { id: 'bench', folder: SITE },
    store: { kind: 'sqlite', path: 'bleeps.sqlite' },
    feeds: [{ id: 'snpp', profile: 'snpp', port: { kind: 'tcp-listen', port: line } }],
    http: { port, operators: [{ name: 'sw', role: 'switchboard', token: 'env:FLOOD_KEY' }] },
    log: { level: 'error' },
  }),
)
const daemon = await startDaemon({
  ...{ config, url: `http://localhost:${port}`, log: join(folder, 'bleepd.log') },
  environment: { FLOOD_KEY: KEY },
})

const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nhost: localhost:${port}\r\n${more}\r\n`
const signed = `authorization: Bearer ${KEY}\r\n`
const month = `from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z`
/** What each connection sends, again and again; how it sends is the attack. */
const ATTACKS: Readonly<Record<string, { say: string; how: 'ask' | 'pipeline' | 'drip' | 'reconnect' }>> = {
  'GET /openapi.json': { say: get('/openapi.json'), how: 'ask' },
  'GET /metrics': { say: get('/metrics'), how: 'ask' },
  'GET /readyz': { say: get('/readyz'), how: 'ask' },
  'GET /healthz': { say: get('/healthz'), how: 'ask' },
  'GET /api/v1/time, pipelined': { say: get('/api/v1/time').repeat(100), how: 'pipeline' },
  'GET /app/main.js': { say: get('/app/main.js'), how: 'ask' },
  'wrong bearer': { say: get('/api/v1/inbox', `authorization: Bearer ${'x'.repeat(43)}\r\n`), how: 'ask' },
  'wrong code': {
    say: 'POST /api/v1/devices HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n{"code":"AAAA-BBBB"}',
    how: 'ask',
  },
  'a connection each': { say: get('/healthz'), how: 'reconnect' },
  'headers byte by byte': { say: get('/healthz'), how: 'drip' },
  'signed in: month of /rota': { say: get(`/api/v1/rota?${month}`, signed), how: 'ask' },
  'signed in: /alerts': { say: get('/api/v1/alerts?phase=closed', signed), how: 'ask' },
  'signed in: shift log': { say: get('/api/v1/shift-log', signed), how: 'ask' },
}

const HOSTILE = `
const { connect } = require('node:net'); const { workerData: w, parentPort } = require('node:worker_threads')
let on = true, answers = 0; parentPort.on('message', () => { on = false })
const one = () => { if (!on) return
  const s = connect(w.port, '127.0.0.1'); s.on('error', () => {})
  s.on('close', () => { if (on) setTimeout(one, w.how === 'reconnect' ? 0 : 100) })
  s.on('connect', () => { if (w.how === 'drip') { let i = 0; const t = setInterval(() => { if (!on || s.destroyed) return clearInterval(t); s.write(w.say[i++ % 20]) }, 50) } else s.write(w.say) })
  s.on('data', (d) => { if (!on) return s.destroy(); if (d.includes('HTTP/1.1')) answers++
    if (w.how === 'reconnect') s.destroy(); else { clearTimeout(s.t); s.t = setTimeout(() => { if (!s.destroyed) s.write(w.say) }, 0) } })
}
for (let i = 0; i < w.connections; i++) one()
setInterval(() => { if (!on) { parentPort.postMessage(answers); process.exit(0) } }, 50)
`

async function pages(count: number): Promise<readonly number[]> {
  const socket = connect(line, '127.0.0.1').setNoDelay(true)
  let hear = (_: string): void => undefined
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString()
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      const said = text.slice(0, end)
      text = text.slice(end + 1)
      hear(said)
    }
  })
  const next = () =>
    new Promise<string>((done) => {
      hear = done
    })
  const say = (words: string) => {
    const answer = next()
    socket.write(`${words}\r\n`)
    return answer
  }
  await next()
  const took: number[] = []
  for (let i = 0; i < count; i++) {
    await say('PAGE 2101')
    await say(`MESS CALL ${i % 7} EXT ${4000 + i}`)
    const began = performance.now()
    const said = await say('SEND')
    if (!said.startsWith('250')) throw new Error(said)
    took.push(performance.now() - began)
    await pause(BETWEEN)
  }
  socket.destroy()
  return took.toSorted((a, b) => a - b)
}

const at = (sorted: readonly number[], p: number) => sorted[Math.ceil(p * sorted.length) - 1] ?? Number.NaN
const show = (name: string, took: readonly number[], answers = '') =>
  process.stdout.write(
    `${name.padEnd(32)} ${[0.5, 0.9, 0.99, 1].map((p) => at(took, p).toFixed(1).padStart(8)).join(' ')} ${answers}\n`,
  )

try {
  process.stdout.write(`${'milliseconds to stored'.padEnd(32)}      p50      p90      p99     most\n`)
  await pages(40)
  for (const [name, { say, how }] of Object.entries(ATTACKS)) {
    const idle = await pages(Number(values.pages))
    const worker = new Worker(HOSTILE, {
      eval: true,
      workerData: { port, say, how, connections: Number(values.connections) },
    })
    await pause(500)
    const took = await pages(Number(values.pages))
    const answers = new Promise((done) => worker.once('message', done))
    worker.postMessage('end')
    show('  alone', idle)
    show(name, took, `${await answers} answers`)
    await worker.terminate()
    await pause(1500)
  }
} finally {
  await daemon.stop()
  removeFolder(folder)
}
