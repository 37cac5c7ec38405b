import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { setTimeout as real } from 'node:timers/promises'
import { vapidKeys } from '../../hardware/simulators/push-crypto.ts'
import { startPushService } from '../../hardware/simulators/push-service.ts'
import { doorbell } from '../../src/core/deliver/payload.ts'
import { ntfy } from '../../src/io/channels/ntfy.ts'
import { voice } from '../../src/io/channels/voice.ts'
import { webPush } from '../../src/io/channels/webpush.ts'
import { systemClock } from '../../src/io/clock.ts'
import type { Channel } from '../../src/ports/channel.ts'
import { anEmergency } from '../support/attempts.ts'
import { aPhone } from '../support/delivery.ts'
import { installed } from '../support/installed.ts'
import { fakeNtfy, NTFY_TOKEN } from '../support/providers/ntfy.ts'
import { telephone } from '../support/telephone.ts'

/** What the other ways cost beside Web Push, each figure beside its bound. Exits 1 when a bound is missed. */
const clock = systemClock(() => {})
const PUSHES = 1500
const SLICE = 50
const CALLS = 20
const TALKS = 8000
const NUMBERS = Array.from({ length: CALLS }, (_, i) => String(4421 + i))
const ends: (() => unknown)[] = []
let missed = 0

function bound(what: string, figure: string, kept: boolean): void {
  if (!kept) missed += 1
  console.log(`${kept ? 'kept  ' : 'MISSED'}  ${what}: ${figure}`)
}
const p99 = (times: readonly number[]) =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Number.NaN

/** In short turns, so that whatever else this machine does disturbs both alike. */
async function bells(): Promise<void> {
  const [service, server, keys] = [await startPushService(), await fakeNtfy(), vapidKeys()]
  const push = webPush({ subject: 'mailto:it@hospital.example', ...keys }, clock, { ca: service.ca })
  const settings = { url: server.url, token: NTFY_TOKEN, app: 'https://bleeps.example.nhs.uk' }
  const bell = ntfy(settings, clock, { ca: server.ca }, () => 'm'.repeat(43))
  ends.push(
    () => service.close(),
    () => server.close(),
    () => push.close(),
    () => bell.close(),
  )
  const ways: readonly (readonly [Channel, ReturnType<typeof aPhone>, number[]])[] = [
    [push, aPhone('phone', 'webpush', service.subscribe(keys.publicKey).subscription), []],
    [bell, { ...aPhone('ringer', 'ntfy'), address: 'topic-of-a-phone-that-nobody-can-guess-0' }, []],
  ]
  for (let sent = -SLICE; sent < PUSHES; sent += SLICE)
    for (const [channel, device, times] of ways)
      for (let i = 0; i < SLICE; i++) {
        const attempt = anEmergency(device)
        const began = performance.now()
        const said = await channel.send(
          attempt,
          device,
          doorbell(attempt, 'opaque', undefined),
          AbortSignal.timeout(5000),
        )
        if (said.kind !== 'taken') throw new Error(JSON.stringify(said))
        if (sent >= 0) times.push(performance.now() - began)
      }
  const [web, other] = ways.map(([, , times]) => p99(times)) as [number, number]
  bound(
    'ntfy bell handed, p99 within 1.2 times that of Web Push in the same run',
    `${other.toFixed(2)} ms beside ${web.toFixed(2)} ms (${(other / web).toFixed(2)}), ${PUSHES} each`,
    other <= web * 1.2,
  )
}

/** Processor time of a process and its children, milliseconds. */
function spent(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const [user = 0, system = 0] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12, 14).map(Number)
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean)
  return (user + system) * 10 + children.reduce((sum, id) => sum + spent(Number(id)), 0)
}

async function calls(): Promise<void> {
  const missing = ['baresip', 'espeak-ng', 'sox'].filter((one) => !installed(one))
  if (missing.length > 0) return void console.log(`not run: calls, which need ${missing.join(', ')}`)
  const theirs = await telephone(ends, ';answermode=auto', NUMBERS)
  const channel = voice(
    {
      ...{ account: 'sip:bridge@127.0.0.1', register: false, domain: `127.0.0.1:${theirs.sip}` },
      ...{ address: '127.0.0.1', lines: CALLS, program: 'baresip', modules: '/usr/lib/baresip/modules' },
      ...{ speech: 'espeak-ng', voice: 'en-gb' },
    },
    clock,
    () => {},
    () => {},
  )
  ends.push(() => channel.close())
  const ring = async (number: string) => {
    const device = { ...aPhone(number, 'voice'), address: number }
    const attempt = anEmergency(device)
    const began = performance.now()
    const bell = doorbell(attempt, 'opaque', undefined)
    const said = await channel.send(attempt, device, bell, AbortSignal.timeout(20_000))
    return { said: said.kind, took: performance.now() - began }
  }
  const [one = '', ...others] = NUMBERS
  const first = await ring(one)
  bound(
    'a call from the step to picked up, client and words included',
    `${first.took.toFixed(0)} ms`,
    first.said === 'taken' && first.took <= 1000,
  )
  const all = await Promise.all(others.map(ring))
  const up = 1 + all.filter(({ said }) => said === 'taken').length
  const [cpu, far, began] = [spent(process.pid), theirs.line.child.pid ?? 0, performance.now()]
  const farCpu = spent(far)
  await real(TALKS)
  const took = performance.now() - began
  const share = (spent(process.pid) - cpu - (spent(far) - farCpu)) / took
  bound(
    `${up} calls at once, daemon and its clients`,
    `${(share * 100).toFixed(1)} % of a core`,
    up === CALLS && share < 0.5,
  )
}

await bells()
await calls()
for (const end of ends.reverse()) await end()
process.exit(missed === 0 ? 0 : 1)
