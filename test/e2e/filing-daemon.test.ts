import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { openPty } from '../../hardware/simulators/pty.ts'
import { encodeTransmission } from '../../src/core/pocsag/encode.ts'
import { Epr } from '../support/epr.ts'
import { serveEpr } from '../support/epr-server.ts'
import { removeFolder } from '../support/folders.ts'
import { Hl7Epr } from '../support/hl7-epr.ts'
import { ownPort } from '../support/ports.ts'
import { runDaemon, statusOf } from '../support/real-daemon.ts'

/*
 * The daemon with `filing` set, FHIR and HL7 at once: a page off the air, closed at the desk, stands in both records; a
 * record system that is away holds up no call and loses nothing; a daemon that is killed files once.
 */
const folder = mkdtempSync(join(tmpdir(), 'bleepd-filing-'))
const closers: (() => unknown)[] = []
afterAll(async () => {
  for (const close of closers.reverse()) await close()
  removeFolder(folder)
})

const KEYS = { SWITCHBOARD: 'switchboard-e2e-operator', GOVERNANCE: 'governance-e2e-operator' }
const NHS = '9990000018'
const until = <T>(look: () => T | Promise<T>) => expect.poll(look, { interval: 100 })

async function hl7Server(epr: Hl7Epr): Promise<number> {
  const server = createServer((socket) => {
    let text = ''
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      text += bytes.toString('utf8')
      const [message, ...rest] = text.split('\x1c\r')
      if (rest.length === 0 || message === undefined) return
      text = rest.join('\x1c\r')
      socket.write(`\x0b${epr.take(message.replace('\x0b', ''))}\x1c\r`)
    })
  })
  const port = await ownPort()
  await new Promise<void>((up) => server.listen(port, '127.0.0.1', up))
  closers.push(() => server.close())
  return port
}

test('a page off the air is filed by both ways, once, whatever was away or killed meanwhile', async () => {
  const line = openPty()
  closers.push(line.close)
  const epr = new Epr()
  const hl7 = new Hl7Epr()
  let down: number | undefined = 503
  const fhir = await serveEpr(epr, () => down)
  closers.push(fhir.close)
  const port = await ownPort()
  const file = join(folder, 'bridge.yaml')
  writeFileSync(
    file,
    stringify({
      version: 1,
      site: { id: 'demo', folder: join(process.cwd(), 'config/sites/demo') },
      store: { kind: 'sqlite', path: 'data/bleeps.sqlite' },
      feeds: [
        {
          ...{ id: 'air', profile: 'pocsag-packed', port: { kind: 'serial', path: line.path } },
          options: { baud: 2400 },
        },
      ],
      http: {
        port,
        operators: [
          { name: 'op', role: 'switchboard', token: 'env:SWITCHBOARD' },
          { name: 'ig', role: 'governance', token: 'env:GOVERNANCE' },
        ],
      },
      filing: {
        system: 'https://trust.example/Id/bleep',
        // With a look-up neither would be sent before the record has said who that is.
        fhir: { url: fhir.url, lookUp: false },
        hl7: {
          host: '127.0.0.1',
          port: await hl7Server(hl7),
          facility: 'DEMO',
          toApplication: 'EPR',
          toFacility: 'RXX',
        },
      },
    }),
  )
  const url = `http://localhost:${port}`
  const start = async () => {
    const daemon = runDaemon(file, closers, KEYS)
    await until(() => statusOf(`${url}/healthz`)).toBe(200)
    return daemon
  }
  const api = async (path: string, key: string, body?: object) => {
    const answer = await fetch(`${url}/api/v1/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return JSON.parse(await answer.text())
  }
  const stands = async () =>
    (await api('filings', KEYS.GOVERNANCE)).filings?.map(
      (one: { stand: string; reason: string }) => one.stand,
    )

  const first = await start()
  await until(async () => Array.isArray(await stands())).toBe(true)
  line.write(
    encodeTransmission([
      { ric: 1_311_040, function: 3, type: 'alpha', text: `FALL ${NHS} WARD 7B CALL 70123` },
    ]).bits,
  )
  const open = async () => (await api('alerts?phase=open', KEYS.SWITCHBOARD)).alerts ?? []
  await until(async () => (await open()).length).toBe(1)
  const [call] = await open()
  await api(`alerts/${call.id}/actions`, KEYS.SWITCHBOARD, { action: 'close', version: call.version })
  expect(await open()).toEqual([])
  // One way is away, the other has it.
  await until(() => hl7.standing).toEqual([NHS])
  expect(epr.communications).toEqual([])
  await until(stands).toEqual(['not-filed'])

  first.child.kill('SIGKILL')
  await first.exit
  down = undefined
  const second = await start()
  // As it stood when the daemon looked first, which was before or after it was filed.
  const metrics = () => fetch(`${url}/metrics`).then((answer) => answer.text())
  await until(metrics).toMatch(/bleepbridge_filings\{filed="(not-)?filed"\} 1/)
  await until(() => epr.communications.length).toBe(1)
  await until(stands).toEqual(['filed'])
  expect(epr.communications[0]).toMatchObject({
    // Nobody came: that too is what became of it.
    status: 'not-done',
    subject: { identifier: { value: NHS } },
  })
  expect(hl7.standing).toEqual([NHS])
  expect(hl7.documents.size).toBe(1)

  // Entered in error: in both records, by one act of governance.
  await api(`filings/${call.id}/decide`, KEYS.GOVERNANCE, { decision: 'withdraw', reason: 'wrong patient' })
  await until(() => epr.communications.map(({ status }) => status)).toEqual(['entered-in-error'])
  await until(() => hl7.standing).toEqual([])
  second.child.kill('SIGTERM')
  expect(await second.exit).toBe(0)
  for (const log of [first.log(), second.log()]) expect(log).not.toMatch(/9990000018|Mary Jones|FALL/)
  const audit = readdirSync(folder).filter((name) => name.endsWith('.jsonl'))
  for (const name of audit) expect(readFileSync(join(folder, name), 'utf8')).not.toContain(NHS)
})
