import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { getPriority, setPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { stringify } from 'yaml'
import { z } from 'zod'
import { startDaemon } from '../../hardware/simulators/demo/daemon.ts'
import { freePort } from '../../hardware/simulators/demo/free-port.ts'
import { removeFolder } from '../support/folders.ts'

/**
 * What 200 hostile connections do to T1: the real daemon, one page after another over SNPP (`SEND` to `250`, which comes
 * once the page is stored), alone and under each attack in turn. All on loopback, each attack for some seconds. Exits 1
 * where an attack makes the 99th percentile more than twice what it is alone, just before and just after it.
 */
const { values } = parseArgs({
  options: {
    connections: { type: 'string', default: '200' },
    pages: { type: 'string', default: '200' },
    /** Only attacks with this in their names. */
    only: { type: 'string', default: '' },
  },
})
const SITE = fileURLToPath(new URL('../../config/sites/demo', import.meta.url))
const KEY = createHash('sha256').update('bench').digest('hex')
/** Between two pages, milliseconds. */
const BETWEEN = 15
/** Times what the pages take alone, at the 99th percentile. */
const BOUND = 2

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

interface Attack {
  /** What each connection sends, again and again. */
  readonly say: string
  readonly how: 'ask' | 'pipeline' | 'drip' | 'reconnect'
}
const host = `host: localhost:${port}\r\n`
const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\n${host}${more}\r\n`
const send = (method: string, path: string, body: object, more = '') => {
  const text = JSON.stringify(body)
  const head = `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n`
  return `${method} ${path} HTTP/1.1\r\n${host}${head}${more}\r\n${text}`
}
const signed = `authorization: Bearer ${KEY}\r\n`
const month = `from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z`

/** Bodies that get furthest, where a route takes one. */
const BODIES: Readonly<Record<string, object>> = {
  '/api/v1/devices': { code: 'AAAA-BBBB', label: 'Phone' },
  '/api/v1/session': { operator: 'nobody', key: 'a wrong key that is long enough' },
}
const described = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.object({ security: z.array(z.unknown()).optional() }))),
})

/** Every route that asks for no sign-in, as the daemon itself describes them. */
async function open(): Promise<Readonly<Record<string, Attack>>> {
  const { paths } = described.parse(await (await fetch(`http://localhost:${port}/openapi.json`)).json())
  return Object.fromEntries(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, { security }]) => security?.length === 0)
        .map(([method]) => [
          `${method.toUpperCase()} ${path}`,
          {
            say: method === 'get' ? get(path) : send(method.toUpperCase(), path, BODIES[path] ?? {}),
            how: 'ask' as const,
          },
        ]),
    ),
  )
}

const ATTACKS: Readonly<Record<string, Attack>> = {
  ...(await open()),
  'GET /openapi.json': { say: get('/openapi.json'), how: 'ask' },
  'GET /app/main.js': { say: get('/app/main.js'), how: 'ask' },
  'GET /scim/v2/Users, wrong token': {
    say: get('/scim/v2/Users', 'authorization: Bearer x\r\n'),
    how: 'ask',
  },
  pipelined: { say: get('/api/v1/time').repeat(100), how: 'pipeline' },
  'wrong bearer': { say: get('/api/v1/inbox', `authorization: Bearer ${'x'.repeat(43)}\r\n`), how: 'ask' },
  'a connection each': { say: get('/healthz'), how: 'reconnect' },
  'headers byte by byte': { say: get('/healthz'), how: 'drip' },
  'signed in: month of /rota': { say: get(`/api/v1/rota?${month}`, signed), how: 'ask' },
  'signed in: /alerts': { say: get('/api/v1/alerts?phase=closed', signed), how: 'ask' },
  'signed in: shift log': { say: get('/api/v1/shift-log', signed), how: 'ask' },
  'signed in: report': { say: get(`/api/v1/reports/latency?${month}`, signed), how: 'ask' },
  'signed in: find a person': { say: send('POST', '/api/v1/who', { number: '2201' }, signed), how: 'ask' },
  'signed in, pipelined': { say: get('/api/v1/site', signed).repeat(100), how: 'pipeline' },
}

/** Its own process, behind everything else on this machine: the attackers have machines of their own. */
const HOSTILE = `
const { connect } = require('node:net'); const w = JSON.parse(process.argv[1])
let on = true, answers = 0; process.on('message', () => { on = false; process.send(answers, () => process.exit(0)) })
const one = () => { if (!on) return
  const s = connect(w.port, '127.0.0.1'); s.on('error', () => {})
  s.on('close', () => { if (on) setTimeout(one, w.how === 'reconnect' ? 0 : 100) })
  s.on('connect', () => { if (w.how === 'drip') { let i = 0; const t = setInterval(() => { if (!on || s.destroyed) return clearInterval(t); s.write(w.say[i++ % 20]) }, 50) } else s.write(w.say) })
  s.on('data', (d) => { if (!on) return s.destroy(); if (d.includes('HTTP/1.1')) answers++
    if (w.how === 'reconnect') s.destroy(); else { clearTimeout(s.t); s.t = setTimeout(() => { if (!s.destroyed) s.write(w.say) }, 0) } })
}
for (let i = 0; i < w.connections; i++) one()
`

/** Runs an attack while pages come in; gives what they took and how often the attackers were answered. */
async function under(attack: Attack): Promise<readonly [took: readonly number[], answers: number]> {
  const about = JSON.stringify({ ...attack, port, connections: Number(values.connections) })
  const child = spawn(process.execPath, ['-e', HOSTILE, about], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const left = once(child, 'exit')
  setPriority(child.pid ?? 0, Math.min(19, getPriority() + 5))
  try {
    await pause(500)
    const took = await pages(Number(values.pages))
    const answers = once(child, 'message')
    child.send('end')
    return [took, Number((await answers)[0])]
  } finally {
    child.kill()
    await left
  }
}

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
const show = (name: string, took: readonly number[], rest = '') =>
  process.stdout.write(
    `${name.padEnd(46)} ${[0.5, 0.9, 0.99, 1].map((p) => at(took, p).toFixed(1).padStart(7)).join(' ')} ${rest}\n`,
  )

try {
  process.stdout.write(`${'milliseconds to stored'.padEnd(46)}     p50     p90     p99    most\n`)
  await pages(40)
  const wanted = Object.entries(ATTACKS).filter(([name]) => name.includes(values.only))
  const over: string[] = []
  let before = await pages(Number(values.pages))
  show('  alone', before)
  for (const [name, attack] of wanted) {
    const [took, answers] = await under(attack)
    await pause(1500)
    const after = await pages(Number(values.pages))
    const idle = [...before, ...after].toSorted((a, b) => a - b)
    const times = at(took, 0.99) / at(idle, 0.99)
    show(name, took, `${times.toFixed(1).padStart(4)} times ${String(answers).padStart(6)} answers`)
    show('  alone', after)
    if (times > BOUND) over.push(name)
    before = after
  }
  process.stdout.write(
    over.length === 0 ? `all within ${BOUND} times\n` : `over ${BOUND} times: ${over.join(', ')}\n`,
  )
  process.exitCode = over.length === 0 ? 0 : 1
} finally {
  await daemon.stop()
  removeFolder(folder)
}
