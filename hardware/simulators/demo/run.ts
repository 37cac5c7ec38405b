import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Aedes } from 'aedes'
import { stringify } from 'yaml'
import type { Card } from '../../../src/core/desk/views.ts'
import { type Runner, runLine } from '../line-runner.ts'
import { type Phone, startPhone } from '../phone.ts'
import { openPty } from '../pty.ts'
import { vapidKeys } from '../push-crypto.ts'
import { startPushService } from '../push-service.ts'
import { createTransmitter } from '../transmitter.ts'
import { startDaemon } from './daemon.ts'
import { freePort } from './free-port.ts'
import { createOperator, type Operator } from './operator.ts'
import { SCENES, type Scene } from './scenario.ts'
import { createShow } from './show.ts'
import { judge } from './verdict.ts'

const SITE = fileURLToPath(new URL('../../../config/sites/demo', import.meta.url))
const BAUD = 1200
const OPERATOR_KEY = 'demonstration-switchboard'
/** The last scenes need their answers; those nobody answers have had their 30 s by then. */
const LAST_SCENE_TAKES_MS = 10_000

/** The whole hospital around a real daemon. Gives the exit code. */
export async function runDemo({ once }: { readonly once: boolean }): Promise<number> {
  const began = Date.now()
  const say = (text: string): void => void process.stdout.write(`${text}\n`)
  const folder = mkdtempSync(join(tmpdir(), 'bleep-bridge-demo-'))
  const closers: (() => unknown)[] = []
  try {
    const push = await startPushService()
    closers.push(() => push.close())
    const vapid = vapidKeys()
    const broker = await startBroker()
    closers.push(broker.close)
    const air = openPty()
    const link = openPty()
    closers.push(air.close, link.close)

    const port = await freePort(8080)
    const url = `http://localhost:${port}`
    writeFileSync(join(folder, 'push-ca.pem'), push.ca)
    writeFileSync(
      join(folder, 'bridge.yaml'),
      stringify({
        version: 1,
        site: { id: 'demo', folder: SITE },
        store: { kind: 'sqlite', path: 'bleeps.sqlite' },
        feeds: [
          {
            id: 'transmitter',
            profile: 'pocsag-packed',
            port: { kind: 'serial', path: air.path },
            options: { baud: BAUD },
            repeatMs: 8000,
            lagMs: 10_000,
          },
          { id: 'switchboard', profile: 'espa444-slave', port: { kind: 'serial', path: link.path } },
        ],
        http: {
          port,
          loopback: { operator: 'switchboard', role: 'switchboard' },
          operators: [{ name: 'switchboard', role: 'switchboard', token: 'env:BLEEPD_OPERATOR' }],
          enrolmentsPerMinute: 1000,
        },
        push: {
          webpush: {
            subject: 'mailto:demo@example.org',
            publicKey: vapid.publicKey,
            privateKey: 'env:BLEEPD_VAPID',
            ca: 'push-ca.pem',
          },
        },
        mqtt: { url: broker.url },
        capture: { folder: 'capture' },
      }),
    )

    say('Bleep Bridge: a fictional hospital, simulated around the real daemon')
    say(`  transmitter   ${air.path}  POCSAG, ${BAUD} bit/s`)
    say(`  switchboard   ${link.path}  ESPA 4.4.4`)
    const daemon = await startDaemon({
      config: join(folder, 'bridge.yaml'),
      url,
      log: join(folder, 'bleepd.log'),
      environment: { BLEEPD_OPERATOR: OPERATOR_KEY, BLEEPD_VAPID: vapid.privateKey },
    })
    closers.push(daemon.stop)
    const operator = createOperator(url, OPERATOR_KEY)
    const phones = await enrolEverybody(operator, { base: url, push, vapidKey: vapid.publicKey })
    for (const phone of phones) closers.push(phone.close)
    say(`  phones        ${phones.length}, one of them out of reach`)
    say(`  board         ${url}/console/`)
    say(`  MQTT          ${broker.url}  bleepbridge/demo/#`)
    say(`  log           ${join(folder, 'bleepd.log')}\n`)

    const transmitter = createTransmitter((bytes) => air.write(bytes), BAUD)
    const switchboard = runLine('espa444', { role: 'control', station: '1', address: '2' }, link)
    closers.push(switchboard.stop)
    const show = createShow(operator, say)

    await play(transmitter, switchboard, show)
    await show.watch(LAST_SCENE_TAKES_MS)
    const verdict = await judge(operator, url, show.marks())
    say(verdict.text)
    const seconds = Math.round((Date.now() - began) / 1000)
    say(
      `\n${SCENES.length} bleeps sent, ${verdict.failed} ended otherwise than the scenario says, ${seconds} s`,
    )
    if (!once) {
      say(`\nThe hospital goes on: open ${url}/console/ and watch; Ctrl-C ends it.`)
      await goOn(transmitter, switchboard, show)
    }
    return verdict.failed === 0 ? 0 : 1
  } finally {
    for (const close of closers.reverse()) await close()
    rmSync(folder, { recursive: true, force: true })
  }
}

type Sender = ReturnType<typeof createTransmitter>
type Show = ReturnType<typeof createShow>

/** Every scene at its time, whatever the others are doing. */
async function play(transmitter: Sender, switchboard: Runner, show: Show): Promise<void> {
  const began = Date.now()
  for (const scene of SCENES) {
    await show.watch(began + scene.at * 1000 - Date.now())
    show.mark(scene)
    if (scene.air) void transmitter.send([scene.air.page], scene.air.copies)
    if (scene.espa) call(switchboard, scene.espa)
  }
}

function call(switchboard: Runner, { to, text, priority }: NonNullable<Scene['espa']>): void {
  void switchboard.send(to, text, { beepCoding: '3', callType: '3', numberOfTransmissions: '1', priority })
}

/** A quiet shift until somebody presses Ctrl-C. */
async function goOn(transmitter: Sender, switchboard: Runner, show: Show): Promise<void> {
  let running = true
  process.once('SIGINT', () => {
    running = false
  })
  for (let i = 0; running; i++) {
    const scene = SCENES[i % SCENES.length]
    if (scene?.air) void transmitter.send([scene.air.page])
    if (scene?.espa) call(switchboard, scene.espa)
    for (let waited = 0; running && waited < 15_000; waited += 1000) await show.watch(1000)
  }
}

/** One phone for everybody on duty: most answer, one is out of reach, and nobody hurries to call security back. */
async function enrolEverybody(
  operator: Operator,
  to: {
    readonly base: string
    readonly push: Awaited<ReturnType<typeof startPushService>>
    readonly vapidKey: string
  },
): Promise<Phone[]> {
  const onDuty = await operator.onDuty()
  const phones: Phone[] = []
  let i = 0
  for (const [person, roles] of onDuty) {
    const slow = (i * 137) % 900
    const unreachable = roles.includes('Paediatric SHO')
    phones.push(
      await startPhone({
        ...to,
        person,
        code: await operator.code(person),
        temper: {
          unreachable,
          receives: 60 + (slow % 200),
          reads: 700 + slow,
          thinks: 500 + slow,
          answer: (alert: Card) => answerOf(alert),
        },
      }),
    )
    i += 1
  }
  return phones
}

function answerOf(alert: Card): 'accepted' | 'call-back' | undefined {
  if (alert.kind === 'security') return undefined
  return alert.callBack === undefined ? 'accepted' : 'call-back'
}

async function startBroker(): Promise<{ url: string; close: () => Promise<void> }> {
  const aedes = await Aedes.createBroker()
  const server = createServer(aedes.handle)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `mqtt://127.0.0.1:${port}`,
    close: () =>
      new Promise((done) => {
        aedes.close(() => server.close(() => done()))
      }),
  }
}
