import { createHash } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { z } from 'zod'
import { startDaemon } from '../../hardware/simulators/demo/daemon.ts'
import { openPty } from '../../hardware/simulators/pty.ts'
import type { Device } from '../../src/core/deliver/device.ts'
import { asId } from '../../src/core/ids.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import { removeFolder } from '../support/folders.ts'
import { ownPort } from '../support/ports.ts'
import { held } from './idle-phones.ts'

/**
 * What asking costs: the real daemon over its own file, with 500 screens of wards on its event stream and one doctor.
 * `npm run bench:asks`; exits 1 when a bound is missed.
 */
const SCREENS = 500
const ASKS = 60
/** Before anything counts: the first asks compile what all others use. */
const WARM = 5
const BOUNDS = { told: 300, handed: 50, screens: 60 }
const TWO_BEATS = 32_000
const AT_ONCE = 100
const SITE = fileURLToPath(new URL('../../config/sites/demo', import.meta.url))
/** The demo hospital's emergency porter: the role has the phone. */
const ROLE = 'porter'
const WARDS = ['Ward 1A', 'Ward 1B', 'Ward 2A', 'Ward 2B']
const tokenOf = (i: number): string => `the-token-of-screen-${i}`
const DOCTOR = tokenOf(-1)

const folder = mkdtempSync(join(tmpdir(), 'bleep-bridge-asks-'))
const store = await openSqlite(join(folder, 'bleeps.sqlite'))
await store.transact(async (tx) => {
  const add = (id: string, owner: Device['owner'], token: string) =>
    tx.devices.add(
      {
        ...{ id: asId(id), owner, label: id, channel: 'socket', address: '' },
        ...{ state: 'active', enrolled: Date.now(), seen: Date.now() },
      },
      createHash('sha256').update(token).digest('hex'),
    )
  for (let i = 0; i < SCREENS; i++)
    await add(`screen-${i}`, { kind: 'ward', ward: WARDS[i % WARDS.length] ?? '' }, tokenOf(i))
  await add('doctor', { kind: 'role', role: asId(ROLE) }, DOCTOR)
})
await store.close()

const line = openPty()
const port = await ownPort()
const config = join(folder, 'bridge.yaml')
writeFileSync(
  config,
  stringify({
    version: 1,
    site: { id: 'bench', folder: SITE },
    store: { kind: 'sqlite', path: 'bleeps.sqlite' },
    feeds: [{ id: 'air', profile: 'pocsag-packed', port: { kind: 'serial', path: line.path } }],
    http: { port },
    log: { level: 'error' },
  }),
)
const url = `http://localhost:${port}`
const daemon = await startDaemon({ config, url, log: join(folder, 'bleepd.log'), environment: {} })

/** Opens an event stream; `on` gets its text as it comes. */
const stream = (token: string, on: (text: string) => void) =>
  new Promise<ReturnType<typeof connect>>((done, fail) => {
    const head = `GET /api/v1/stream HTTP/1.1\r\nhost: localhost:${port}\r\nauthorization: Bearer ${token}\r\n\r\n`
    const socket = connect(port, '127.0.0.1', () => socket.write(head))
    socket.setEncoding('utf8').on('error', fail)
    socket.once('data', (first: string) => {
      if (!first.startsWith('HTTP/1.1 200')) return fail(new Error(first.slice(0, 200)))
      socket.on('data', on)
      done(socket)
    })
  })
const post = async (token: string, path: string, body: object): Promise<unknown> => {
  const said = await fetch(`${url}/api/v1${path}`, {
    ...{ method: 'POST', body: JSON.stringify(body) },
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  })
  if (!said.ok) throw new Error(`${path} ${said.status} ${await said.text()}`)
  return said.json()
}
/** Settles when the text that this listens to says something. */
const ears = () => {
  let text = ''
  let wanted: { words: RegExp; done: (found: string) => void } | undefined
  const look = () => {
    const found = wanted?.words.exec(text)?.[0]
    if (found === undefined) return
    wanted?.done(found)
    wanted = undefined
  }
  return {
    hear(more: string) {
      text = (text + more).slice(-200_000)
      look()
    },
    until(words: RegExp): Promise<string> {
      text = ''
      return new Promise((done) => {
        wanted = { words, done }
      })
    },
  }
}
const p99 = (all: readonly number[]) =>
  [...all].sort((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * 0.99))] ?? Number.NaN
let missed = 0
const figure = (what: string, value: number, unit: string, bound: number) => {
  if (!(value < bound)) missed += 1
  console.log(
    `${what}: ${value.toFixed(1)} ${unit}   bound ${bound} ${unit}${value < bound ? '' : '   MISSED'}`,
  )
}

const inbox = z.object({ alert: z.looseObject({ id: z.string(), version: z.number() }) })
try {
  const before = await held(daemon.pid)
  const own = ears()
  const screens = []
  for (let i = 0; i < SCREENS; i += AT_ONCE)
    screens.push(
      ...(await Promise.all(
        Array.from({ length: Math.min(AT_ONCE, SCREENS - i) }, (_, k) =>
          stream(tokenOf(i + k), i + k === 0 ? own.hear : () => {}),
        ),
      )),
    )
  await pause(TWO_BEATS)
  const idle = await held(daemon.pid)
  const phone = ears()
  screens.push(await stream(DOCTOR, phone.hear))
  const [handed, told]: [number[], number[]] = [[], []]
  for (let i = 0; i < WARM + ASKS; i++) {
    // A telephone of its own, or the second would be the first once more. Each from a screen of its own: one screen may ask six times a minute. The first is the one that listens.
    const rung = phone.until(/event: inbox\ndata: .*\n/)
    const asked = performance.now()
    const more = { what: `bench ${i}`, want: 'review', callBack: `${60_100 + i}` }
    await post(tokenOf((i % (SCREENS / WARDS.length)) * WARDS.length), '/asks', {
      ...{ role: ROLE, urgency: 'routine', about: { place: `Bed ${i}` } },
      ...more,
    })
    const item = await rung
    handed.push(performance.now() - asked)
    const { alert } = inbox.parse(JSON.parse(item.slice(item.indexOf('data: ') + 6)))
    const shown = own.until(
      new RegExp(`bench ${i}[^}]*"state":"will-ring"|"state":"will-ring"[^}]*bench ${i}`),
    )
    const answered = performance.now()
    await post(DOCTOR, `/alerts/${alert.id}/answers`, { answer: 'call-back', version: alert.version })
    await shown
    told.push(performance.now() - answered)
  }
  for (const screen of screens) screen.destroy()
  console.log(`${ASKS} asks and answers with ${SCREENS} screens of ${WARDS.length} wards connected`)
  figure('answer → the ward’s screen, p99', p99(told.slice(WARM)), 'ms', BOUNDS.told)
  figure('ask → stored and on the doctor’s stream, p99', p99(handed.slice(WARM)), 'ms', BOUNDS.handed)
  figure(`${SCREENS} idle screens add`, idle.now - before.now, 'MB', BOUNDS.screens)
} finally {
  await daemon.stop()
  line.close()
  removeFolder(folder)
}
process.exitCode = missed === 0 ? 0 : 1
