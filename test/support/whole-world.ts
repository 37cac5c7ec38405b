import { spawnSync } from 'node:child_process'
import { symlinkSync, writeFileSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import net from 'node:net'
import { dirname, join } from 'node:path'
import { stringify } from 'yaml'
import { pageBySnpp } from '../../hardware/packaging/snpp-page.ts'
import { createOperator } from '../../hardware/simulators/demo/operator.ts'
import { startPhone } from '../../hardware/simulators/phone.ts'
import { openPty, type Pty } from '../../hardware/simulators/pty.ts'
import { vapidKeys } from '../../hardware/simulators/push-crypto.ts'
import { type PushService, startPushService } from '../../hardware/simulators/push-service.ts'
import { prefixOf } from '../../src/core/measure/telemetry.ts'
import { systemClock } from '../../src/io/clock.ts'
import { openBroker } from '../../src/io/mqtt/client.ts'
import { aedes, type TestBroker } from './brokers.ts'
import { type Said, saidBy } from './everywhere.ts'
import { ownPort } from './ports.ts'
import { type Gate, startGate } from './providers/gate.ts'
import { quietLog, quietMetrics } from './quiet.ts'
import { type RealDaemon, runDaemon } from './real-daemon.ts'
import { siteFolder } from './site-folder.ts'

const KEY = 'whole-world-operator-key'
const ORIGIN = { site: 'small', node: 'one' }
const line = (...of: string[]) => of.join('\n')
/** Three people who are called together, and nobody whose phone a roll-call has to prove first. */
const SITE = {
  'roles.csv': line(
    'id,name,site,staffGroup,crash',
    'reg,Registrar,here,doctor,no',
    'sho,SHO,here,doctor,no',
    'nurse,Nurse,here,nurse,no',
  ),
  'teams.csv': line(
    'team,name,role,need,count',
    ...['reg', 'sho', 'nurse'].map((role) => `arrest,Arrest,${role},mandatory,1`),
  ),
  'numbers.csv': line(
    'number,to,site,kind,class,description',
    '2222,team:arrest,here,adult-arrest,emergency,Arrest',
  ),
}

/** The real daemon and everything that it leans on, each piece in the hand of a test. */
export interface WholeWorld {
  readonly daemon: RealDaemon
  /** A file or a name beside the configuration. */
  at(name: string): string
  /** The serial line behind the name `line`. */
  serial: Pty
  /** What the feed `records` connects to, and where. */
  sender: net.Server
  readonly senderPort: number
  /** The write end of the pipe behind the feed `air`. */
  pipe: FileHandle
  broker: TestBroker
  readonly brokerGate: Gate
  readonly push: PushService
  pushGate: Gate
  /** What every screen says now; nothing while the daemon does not answer. */
  said(): Promise<Said | undefined>
  /** Another client at the broker itself, as a dashboard is one: hears what is retained there. */
  listen(): void
  /** A dashboard whose broker is gone knows nothing. */
  deaf(): void
  /** Sends an emergency by SNPP; gives the last answer's code. */
  page(words: string): Promise<string>
  /** How many calls have rung on phones so far. */
  rang(): number
}

/** @param closers run at the end, the last first */
export async function wholeWorld(closers: (() => unknown)[]): Promise<WholeWorld> {
  const site = siteFolder(SITE)
  closers.push(site.remove)
  const at = (name: string) => join(dirname(site.config), name)
  const [port, snpp, senderPort] = [await ownPort(), await ownPort(), await ownPort()]
  const serial = openPty()
  symlinkSync(serial.path, at('line'))
  const broker = await aedes()
  const brokerGate = await startGate()
  brokerGate.lead(broker.port)
  const pushGate = await startGate()
  const push = await startPushService({ origin: `https://localhost:${pushGate.port}` })
  pushGate.lead(push.port)
  writeFileSync(at('push-ca.pem'), push.ca)
  const vapid = vapidKeys()
  const webpush = { subject: 'mailto:t@example.org', publicKey: vapid.publicKey, privateKey: 'env:VAPID' }
  const feeds = [
    { id: 'snpp', profile: 'snpp', port: { kind: 'tcp-listen', port: snpp } },
    { id: 'wire', profile: 'tap-terminal', port: { kind: 'serial', path: at('line') } },
    { id: 'records', profile: 'multimon-ng', port: { kind: 'tcp', host: '127.0.0.1', port: senderPort } },
    { id: 'air', profile: 'multimon-ng', port: { kind: 'pipe', path: at('fifo') } },
  ]
  writeFileSync(
    site.config,
    stringify({
      ...{ version: 1, node: ORIGIN.node, site: { id: ORIGIN.site, folder: 'site' }, feeds },
      store: { kind: 'sqlite', path: 'bleeps.sqlite' },
      http: { port, operators: [{ name: 'op', role: 'switchboard', token: 'env:KEY' }] },
      mqtt: { url: `mqtt://127.0.0.1:${brokerGate.port}` },
      push: { webpush: { ...webpush, ca: 'push-ca.pem' } },
      // A busy machine is no piece that was taken away.
      watch: { freeBytes: 1_000_000, delayMs: 60_000, writeMs: 60_000 },
    }),
  )
  spawnSync('mkfifo', [at('fifo')])
  const sender = await recordSender(senderPort)
  const preloads = ['./no-names.mjs', '../chaos/stepped-clock.mjs'].map(
    (file) => `--import=${new URL(file, import.meta.url).href}`,
  )
  const daemon = runDaemon(site.config, closers, {
    ...{ KEY, VAPID: vapid.privateKey, NODE_OPTIONS: preloads.join(' ') },
    ...{ NO_NAMES: at('no-names'), CHAOS_CLOCK: at('clock') },
  })
  const base = `http://127.0.0.1:${port}`
  while ((await saidBy(base, KEY))?.fit !== true) await new Promise((turn) => setTimeout(turn, 50))
  const operator = createOperator(base, KEY)
  const phones = await Promise.all(
    ['ann', 'bob', 'cat'].map(async (person) =>
      startPhone({
        ...{ base, person, push, vapidKey: vapid.publicKey, code: await operator.code(person) },
        temper: { receives: 1, reads: 1, thinks: 1, answer: () => 'accepted' },
      }),
    ),
  )
  let heard: readonly string[] | undefined
  const world: WholeWorld = {
    ...{ daemon, at, serial, sender, senderPort, pipe: await writeEnd(at('fifo')), broker, brokerGate, push },
    pushGate,
    async said() {
      const screens = await saidBy(base, KEY)
      return screens === undefined || heard === undefined ? screens : { ...screens, broker: heard }
    },
    listen() {
      const own = openBroker(
        { url: `mqtt://127.0.0.1:${world.broker.port}`, origin: { ...ORIGIN, node: 'dashboard' } },
        { clock: systemClock(() => undefined), log: quietLog, metrics: quietMetrics },
      )
      closers.push(() => own.close())
      own.subscribe(`${prefixOf(ORIGIN)}/health`, (_, payload) => {
        heard = (JSON.parse(payload.toString()) as { reasons: string[] }).reasons.toSorted()
      })
    },
    deaf() {
      heard = undefined
    },
    page: (words) => pageBySnpp(snpp, '2222', words),
    rang: () => phones.reduce((n, phone) => n + phone.rang.length, 0),
  }
  closers.push(
    () => world.serial.close(),
    () => world.broker.close(),
    () => brokerGate.close(),
    () => world.sender.close(),
    () => world.pushGate.close(),
    () => push.close(),
    () => world.pipe.close(),
    ...phones.map((phone) => () => phone.close()),
  )
  world.listen()
  return world
}

/** Whoever writes records to a feed that connects to it; closing it hangs up. */
export async function recordSender(port: number): Promise<net.Server> {
  const open = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    open.add(socket.on('error', () => undefined).on('close', () => open.delete(socket)))
  })
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
  const close = server.close.bind(server)
  server.close = (done) => {
    for (const socket of open) socket.destroy()
    return close(done)
  }
  return server
}

/** Of a pipe, as soon as somebody reads it. */
export const writeEnd = (path: string): Promise<FileHandle> => open(path, 'w')
