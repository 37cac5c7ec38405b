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
import { removeFolder } from '../support/folders.ts'
import { ownPort } from '../support/ports.ts'

/**
 * What 200 hostile connections do to T1: the real daemon, one page after another over SNPP (`SEND` to `250`, which comes
 * once the page is stored), alone and under each attack in turn. All on loopback, each attack for some seconds; it ends by
 * itself within eight minutes. Exits 1 where an attack makes the 99th percentile more than twice what it is alone, just
 * before and just after it, or where there was no time for one.
 */
const { values } = parseArgs({
  options: {
    connections: { type: 'string', default: '200' },
    pages: { type: 'string', default: '200' },
    /** Only attacks with this in their names. */
    only: { type: 'string', default: '' },
    /** Nothing more is begun after so many minutes. */
    minutes: { type: 'string', default: '7.5' },
  },
})
const SITE = fileURLToPath(new URL('../../config/sites/demo', import.meta.url))
const KEY = createHash('sha256').update('bench').digest('hex')
const OTHER_KEY = createHash('sha256').update('bench, somebody else').digest('hex')
const PROXY = '127.0.0.2'
/** Between two pages, milliseconds. */
const BETWEEN = 15
/** Times what the pages take alone, at the 99th percentile. */
const BOUND = 2

const folder = mkdtempSync(join(tmpdir(), 'bleep-bridge-flood-'))
const [port, line] = [await ownPort(), await ownPort()]
const config = join(folder, 'bridge.yaml')
writeFileSync(
  config,
  stringify({
    version: 1,
    site: { id: 'bench', folder: SITE },
    store: { kind: 'sqlite', path: 'bleeps.sqlite' },
    feeds: [{ id: 'snpp', profile: 'snpp', port: { kind: 'tcp-listen', port: line } }],
    // Attackers behind a proxy come from its address, which is another of this machine's.
    http: {
      port,
      trustedProxies: [PROXY],
      operators: [
        { name: 'sw', role: 'switchboard', token: 'env:FLOOD_KEY' },
        { name: 'other', role: 'switchboard', token: 'env:FLOOD_OTHER_KEY' },
      ],
    },
    log: { level: 'error' },
  }),
)
const daemon = await startDaemon({
  ...{ config, url: `http://localhost:${port}`, log: join(folder, 'bleepd.log') },
  environment: { FLOOD_KEY: KEY, FLOOD_OTHER_KEY: OTHER_KEY },
})

interface Attack {
  /** What each connection sends, again and again. */
  readonly say: string
  readonly how: 'ask' | 'pipeline' | 'drip' | 'reconnect'
  /** The address that it comes from; `@@` in what it says is the number of the connection. */
  readonly from?: string
}
const host = `host: localhost:${port}\r\n`
const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\n${host}${more}\r\n`
const send = (method: string, path: string, body: object, more = '') => {
  const text = JSON.stringify(body)
  const head = `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n`
  return `${method} ${path} HTTP/1.1\r\n${host}${head}${more}\r\n${text}`
}
const signed = `authorization: Bearer ${KEY}\r\n`
const otherSigned = `authorization: Bearer ${OTHER_KEY}\r\n`
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

/** A phone of somebody of the site, as its bearer token, and who that is. */
async function enrolled(): Promise<readonly [phone: string, person: string]> {
  const ask = async (path: string, body: object) => {
    const answer = await fetch(`http://localhost:${port}/api/v1${path}`, {
      ...{ method: 'POST', body: JSON.stringify(body) },
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    })
    return z.looseObject({}).parse(await answer.json())
  }
  const listed = await fetch(`http://localhost:${port}/api/v1/directory`, {
    headers: { authorization: `Bearer ${KEY}` },
  })
  const { people } = z
    .object({ people: z.array(z.object({ person: z.string() })) })
    .parse(await listed.json())
  const person = people[0]?.person ?? ''
  const { code } = await ask('/enrolments', { kind: 'person', id: person })
  return [String((await ask('/devices', { code, label: 'Phone' })).token), person]
}
const [token, person] = await enrolled()
const phone = `authorization: Bearer ${token}\r\n`
const leave = { kind: 'leave', person, from: '2026-12-01T00:00:00Z', to: '2026-12-02T00:00:00Z' }

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
  'signed in: board': { say: get('/api/v1/alerts', signed), how: 'ask' },
  'signed in: shift log': { say: get('/api/v1/shift-log', signed), how: 'ask' },
  'signed in: report': { say: get(`/api/v1/reports/latency?${month}`, signed), how: 'ask' },
  'signed in: find a person': { say: send('POST', '/api/v1/who', { number: '2201' }, signed), how: 'ask' },
  'signed in, writes: clock of a phone': {
    say: send('PUT', '/api/v1/devices/me/clock', { offset: 0, uncertainty: 5 }, phone),
    how: 'ask',
  },
  'signed in, writes: receipts of a phone': {
    say: send('POST', '/api/v1/receipts', { attempt: 'none', stage: 'presented' }, phone),
    how: 'ask',
  },
  'signed in, writes: whether I am on duty': {
    say: send('PUT', '/api/v1/duty', { on: true }, phone),
    how: 'ask',
  },
  'signed in, writes: changes to the rota': {
    say: send('POST', '/api/v1/rota/changes', leave, signed),
    how: 'ask',
  },
  'signed in, writes, pipelined': {
    // By somebody else: the changes of a minute that the row before had are not theirs.
    say: send('POST', '/api/v1/rota/changes', leave, otherSigned).repeat(50),
    how: 'pipeline',
  },
  'many addresses behind a proxy': {
    say: get('/api/v1/time', 'x-forwarded-for: 198.51.100.@@\r\n'),
    how: 'ask',
    from: PROXY,
  },
  'signed in, pipelined': { say: get('/api/v1/site', signed).repeat(100), how: 'pipeline' },
}

/** Its own process, behind everything else on this machine: the attackers have machines of their own. */
const HOSTILE = `
const { connect } = require('node:net'); const w = JSON.parse(process.argv[1])
let on = true, answers = 0; process.on('message', () => { on = false; process.send(answers, () => process.exit(0)) })
const one = (i) => { if (!on) return
  const say = w.say.replaceAll('@@', i)
  const s = connect({ port: w.port, host: '127.0.0.1', ...(w.from ? { localAddress: w.from } : {}) }); s.on('error', () => {})
  s.on('close', () => { if (on) setTimeout(one, w.how === 'reconnect' ? 0 : 100, i) })
  s.on('connect', () => { if (w.how === 'drip') { let n = 0; const t = setInterval(() => { if (!on || s.destroyed) return clearInterval(t); s.write(say[n++ % 20]) }, 50) } else s.write(say) })
  s.on('data', (d) => { if (!on) return s.destroy(); if (d.includes('HTTP/1.1')) answers++
    if (w.how === 'reconnect') s.destroy(); else { clearTimeout(s.t); s.t = setTimeout(() => { if (!s.destroyed) s.write(say) }, 0) } })
}
for (let i = 0; i < w.connections; i++) one(i)
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
  const end = performance.now() + Number(values.minutes) * 60_000
  for (const [name, attack] of wanted) {
    if (performance.now() > end) {
      process.stdout.write(`no time left for ${name}\n`)
      over.push(name)
      continue
    }
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
