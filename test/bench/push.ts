import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent } from 'node:https'
import { performance } from 'node:perf_hooks'
import { setImmediate as turn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import webpush from 'web-push'
import { vapidKeys } from '../../hardware/simulators/push-crypto.ts'
import { doorbell } from '../../src/core/deliver/payload.ts'
import { webPush } from '../../src/io/channels/webpush.ts'
import { systemClock } from '../../src/io/clock.ts'
import { anEmergency } from '../support/attempts.ts'
import { aPhone, deliveryRig } from '../support/delivery.ts'
import type { PushEnd } from './far-end.ts'
import { idlePhones } from './idle-phones.ts'

/** What delivery costs, each figure beside its bound. Exits 1 when a bound is missed. */
const PUSHES = 2000
const AT_ONCE = 50
const SOCKETS = 16
const SLICE = 100
const CRASH_TEAM = 20
const CRASH_CALLS = 50
const PHONES = 200
const IDLE = 5000
const SUBJECT = 'mailto:it@hospital.example'

const clock = systemClock(() => {})
const vapid = vapidKeys()
const children: ChildProcess[] = []
let missed = 0

const child = () => {
  const one = fork(fileURLToPath(new URL('far-end.ts', import.meta.url)))
  children.push(one)
  return one
}
const percentile = (sorted: readonly number[], p: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? Number.NaN
const ms = (value: number) => `${value.toFixed(1)} ms`

function bound(what: string, figure: string, kept: boolean): void {
  if (!kept) missed += 1
  console.log(`${kept ? 'kept  ' : 'MISSED'}  ${what}: ${figure}`)
}

/** What one sender has done so far. */
class Tally {
  readonly #name: string
  readonly #times: number[] = []
  #took = 0
  #cpu = 0

  constructor(name: string) {
    this.#name = name
  }

  get perSecond(): number {
    return (this.#times.length / this.#took) * 1000
  }

  /** Sends `SLICE` pushes, `AT_ONCE` at a time. */
  async add(send: () => Promise<void>): Promise<void> {
    let left = SLICE
    const cpu = process.cpuUsage()
    const began = performance.now()
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        while (left-- > 0) {
          const start = performance.now()
          await send()
          this.#times.push(performance.now() - start)
        }
      }),
    )
    this.#took += performance.now() - began
    const { user, system } = process.cpuUsage(cpu)
    this.#cpu += (user + system) / 1000
  }

  show(): void {
    const sorted = this.#times.toSorted((a, b) => a - b)
    console.log(
      `        ${this.#name.padEnd(15)} ${sorted.length} pushes, ${this.perSecond.toFixed(0)}/s, p50 ${ms(percentile(sorted, 0.5))}, p99 ${ms(percentile(sorted, 0.99))}, ${(this.#cpu / sorted.length).toFixed(2)} ms CPU each`,
    )
  }
}

async function throughput(end: PushEnd): Promise<void> {
  const { ca, endpoint, keys } = end
  const device = aPhone('phone', 'webpush', { endpoint, keys })
  const channel = webPush({ subject: SUBJECT, ...vapid }, clock, { ca, connections: SOCKETS })
  const ours = async () => {
    const attempt = anEmergency(device)
    const said = await channel.send(
      attempt,
      device,
      doorbell(attempt, 'opaque', undefined),
      new AbortController().signal,
    )
    if (said.kind !== 'taken') throw new Error(JSON.stringify(said))
  }
  const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS, ca })
  const vapidDetails = { subject: SUBJECT, ...vapid }
  const direct = async () => {
    const attempt = anEmergency(device)
    const payload = JSON.stringify({ ...doorbell(attempt, 'opaque', undefined), tag: '0'.repeat(32) })
    await webpush.sendNotification({ endpoint, keys }, payload, {
      vapidDetails,
      TTL: 300,
      urgency: 'high',
      topic: '0'.repeat(32),
      agent,
    })
  }
  const [theirs, mine] = [new Tally('web-push alone'), new Tally('the channel')]
  for (const warm of [direct, ours]) await new Tally('warm-up').add(warm)
  // In short turns, so that whatever else this machine does disturbs both alike.
  for (let sent = 0; sent < PUSHES; sent += SLICE) {
    await theirs.add(direct)
    await mine.add(ours)
  }
  theirs.show()
  mine.show()
  const ratio = mine.perSecond / theirs.perSecond
  bound('channel against web-push alone (at least 0.90)', ratio.toFixed(2), ratio >= 0.9)
  await channel.close()
  agent.destroy()
}

/** Through store and outbox: from the moment the alert's transaction begins to each hand-over, and to each answer. */
async function crashTeam(end: PushEnd): Promise<void> {
  const { ca, endpoint, keys } = end
  const channel = webPush({ subject: SUBJECT, ...vapid }, clock, { ca, connections: 64 })
  const rig = await deliveryRig(clock, [channel])
  const outbox = rig.start()
  const phones = (n: number) =>
    Array.from({ length: n }, (_, i) => aPhone(`phone-${n}-${i}`, 'webpush', { endpoint, keys }))
  const ring = async (alert: string, n: number) => {
    const began = clock.now()
    await rig.ask(alert, 'emergency', phones(n))
    for (;;) {
      const hops = (await rig.hops(alert)).filter((hop) => hop.hop === 'taken')
      if (hops.length >= n) break
      await turn()
    }
    const hops = await rig.hops(alert)
    const after = (name: string) => hops.filter((hop) => hop.hop === name).map((hop) => hop.at - began)
    return { handed: after('handed'), taken: after('taken') }
  }
  await ring('warm-up', CRASH_TEAM)
  const handed: number[] = []
  for (let i = 0; i < CRASH_CALLS; i++) handed.push(...(await ring(`crash-${i}`, CRASH_TEAM)).handed)
  handed.sort((a, b) => a - b)
  const p99 = percentile(handed, 0.99)
  const line = `p50 ${ms(percentile(handed, 0.5))}, p99 ${ms(p99)} of ${handed.length}`
  bound(`crash team of ${CRASH_TEAM}, alert stored → handed (p99 250 ms)`, line, p99 <= 250)
  const { taken } = await ring('everyone', PHONES)
  const last = Math.max(...taken)
  bound(`${PHONES} phones, alert stored → last one taken (1 s)`, ms(last), last <= 1000)
  await outbox.stop()
  await rig.close()
  await channel.close()
}

try {
  const push = child()
  const [end]: PushEnd[] = await once(push, 'message')
  if (end === undefined) throw new Error('no push service')
  await throughput(end)
  await crashTeam(end)
  const { idle, rung } = await idlePhones(IDLE)
  const whole = `${idle.now.toFixed(0)} MB resident, at most ${rung.most.toFixed(0)} MB`
  bound(`the daemon with ${IDLE} idle phones on its event stream (200 MB)`, whole, rung.most < 200)
} finally {
  for (const one of children) one.kill()
}
process.exitCode = missed > 0 ? 1 : 0
