import { fork } from 'node:child_process'
import { get } from 'node:http'
import { fileURLToPath } from 'node:url'
import { asId, type DeviceId } from '../../src/core/ids.ts'
import { systemClock } from '../../src/io/clock.ts'
import { openBed, sha256 } from '../support/desk-bed.ts'

/**
 * How much memory idle phones on the LAN socket take, and how long one bleep needs to reach one of them: the server in
 * a process of its own, this one holds the phones. `npm run bench:phones -- 5000`.
 */
const COUNT = Number(process.argv[2] ?? 5000)
const MB = 1024 * 1024
const tokenOf = (i: number) => `the-token-of-phone-${i}`

async function serve(): Promise<void> {
  const bed = await openBed({ clock: systemClock(() => {}) })
  const holder = bed.holder('med-reg')
  await bed.store.transact(async (tx) => {
    for (let i = 0; i < COUNT; i++) {
      const person = i === 0 ? holder : asId<typeof holder>(`q${i}`)
      await tx.devices.add(
        {
          id: asId<DeviceId>(`d${i}`),
          owner: { kind: 'person', person },
          label: 'phone',
          channel: 'socket',
          address: '',
          state: 'active',
          enrolled: bed.clock.now(),
          seen: bed.clock.now(),
        },
        sha256(tokenOf(i)),
      )
    }
  })
  const listening = await bed.http.listen()
  if (!listening.ok) throw new Error(listening.fault.code)
  process.send?.({ url: listening.value.url })
  process.on('message', async (what) => {
    if (what === 'memory') {
      globalThis.gc?.()
      process.send?.({ rss: process.memoryUsage().rss })
    }
    if (what === 'call') await bed.call({ text: 'X', kind: 'met', class: 'urgent', roles: ['med-reg'] })
  })
}

interface Told {
  readonly url?: string
  readonly rss?: number
}

async function measure(): Promise<void> {
  const server = fork(fileURLToPath(import.meta.url), [String(COUNT)], {
    // As the daemon runs: the runtime alone, no loader.
    execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning'],
  })
  const next = () => new Promise<Told>((done) => server.once('message', (m) => done(m as Told)))
  const memory = async () => {
    const told = next()
    server.send('memory')
    return ((await told).rss ?? 0) / MB
  }
  const { url = '' } = await next()
  const before = await memory()
  let heard = (_text: string) => {}
  const open = (i: number) =>
    new Promise<void>((done, fail) => {
      const request = get(
        `${url}/api/v1/stream`,
        { headers: { authorization: `Bearer ${tokenOf(i)}` }, agent: false },
        (response) => {
          if (response.statusCode !== 200) return fail(new Error(`phone ${i}: ${response.statusCode}`))
          if (i === 0) response.setEncoding('utf8').on('data', (text: string) => heard(text))
          else response.resume()
          done()
        },
      )
      request.on('error', fail)
    })
  for (let i = 0; i < COUNT; i += 100) {
    await Promise.all(Array.from({ length: Math.min(100, COUNT - i) }, (_, k) => open(i + k)))
  }
  const after = await memory()
  const times: number[] = []
  for (let i = 0; i < 20; i++) {
    const start = performance.now()
    const told = new Promise<void>((done) => {
      heard = (text) => text.includes('event: inbox') && done()
    })
    server.send('call')
    await told
    times.push(performance.now() - start)
  }
  times.sort((a, b) => a - b)
  console.log(
    `${COUNT} idle phones: ${before.toFixed(0)} MB before, ${after.toFixed(0)} MB with them (${(((after - before) * 1024) / COUNT).toFixed(1)} kB each)`,
  )
  console.log(
    `bleep raised → on the phone's stream: p50 ${times[10]?.toFixed(1)} ms, max ${times[19]?.toFixed(1)} ms`,
  )
  server.kill()
  process.exit(0)
}

await (process.send === undefined ? measure() : serve())
