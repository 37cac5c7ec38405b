import { createHash } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { startDaemon } from '../../hardware/simulators/demo/daemon.ts'
import { freePort } from '../../hardware/simulators/demo/free-port.ts'
import { openPty } from '../../hardware/simulators/pty.ts'
import type { Device } from '../../src/core/deliver/device.ts'
import { asId } from '../../src/core/ids.ts'
import { encodeTransmission } from '../../src/core/pocsag/encode.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import { removeFolder } from '../support/folders.ts'

/** What the daemon's whole process held, MB: now, and at most since it started. */
export interface Held {
  readonly now: number
  readonly most: number
}

export interface IdlePhones {
  readonly ready: Held
  /** With every phone connected and two heartbeats gone by. */
  readonly idle: Held
  /** After bleeps to one of them. */
  readonly rung: Held
  /** From the page's last byte on the line to its event on the phone's stream, milliseconds, sorted. */
  readonly heard: readonly number[]
}

const SITE = fileURLToPath(new URL('../../config/sites/demo', import.meta.url))
/** The demo hospital's emergency porter: the role has phone 0. */
const PORTER = { role: 'porter', ric: 1311264 }
const BLEEPS = 20
const TWO_BEATS = 32_000
/** Connections opened at once: what a ward does after the server was away. */
const AT_ONCE = 100

/** Of the phone in that place of those that were enrolled. */
const tokenOf = (i: number): string => `the-token-of-phone-${i}`

/**
 * The real daemon in a process of its own, over its own store, with phones of this process on its event stream. Its
 * memory is read from outside, whole, as the system counts it.
 */
export async function idlePhones(count: number): Promise<IdlePhones> {
  const folder = mkdtempSync(join(tmpdir(), 'bleep-bridge-phones-'))
  const line = openPty()
  const port = await freePort(0)
  await enrolAll(
    join(folder, 'bleeps.sqlite'),
    Array.from({ length: count }, (_, i) =>
      i === 0 ? { kind: 'role', role: asId(PORTER.role) } : { kind: 'person', person: asId(`idle-${i}`) },
    ),
  )
  const config = join(folder, 'bridge.yaml')
  writeFileSync(
    config,
    stringify({
      version: 1,
      site: { id: 'bench', folder: SITE },
      store: { kind: 'sqlite', path: 'bleeps.sqlite' },
      feeds: [{ id: 'air', profile: 'pocsag-packed', port: { kind: 'serial', path: line.path } }],
      // Each phone of a hospital has an address of its own; here it comes by a proxy, as one of many.
      http: { port, trustedProxies: ['127.0.0.1', '::1'] },
      log: { level: 'error' },
    }),
  )
  const url = `http://localhost:${port}`
  const daemon = await startDaemon({ config, url, log: join(folder, 'bleepd.log'), environment: {} })
  try {
    const ready = await held(daemon.pid)
    let hear = (): void => {}
    const phones = []
    for (let i = 0; i < count; i += AT_ONCE) {
      const some = Array.from({ length: Math.min(AT_ONCE, count - i) }, (_, k) =>
        stream(port, i + k, (text) => i + k === 0 && text.includes('event: inbox') && hear()),
      )
      phones.push(...(await Promise.all(some)))
    }
    await pause(TWO_BEATS)
    const idle = await held(daemon.pid)
    const heard: number[] = []
    for (let i = 0; i < BLEEPS; i++) {
      const told = new Promise<void>((done) => {
        hear = done
      })
      const { bits } = encodeTransmission([
        { ric: PORTER.ric, function: 3, type: 'alpha', text: `PORTER TO WARD ${i}` },
      ])
      const sent = performance.now()
      line.write(bits)
      await told
      heard.push(performance.now() - sent)
    }
    const rung = await held(daemon.pid)
    for (const phone of phones) phone.destroy()
    return { ready, idle, rung, heard: heard.sort((a, b) => a - b) }
  } finally {
    await daemon.stop()
    line.close()
    removeFolder(folder)
  }
}

/** Enrols a phone on the hospital's network for each of these owners, in the database of a daemon that does not run. */
export async function enrolAll(path: string, owners: readonly Device['owner'][]): Promise<void> {
  const store = await openSqlite(path)
  const now = Date.now()
  await store.transact(async (tx) => {
    for (const [i, owner] of owners.entries()) {
      const device: Device = {
        ...{ id: asId(`phone-${i}`), owner, label: 'phone', channel: 'socket', address: '' },
        ...{ state: 'active', enrolled: now, seen: now },
      }
      await tx.devices.add(device, createHash('sha256').update(tokenOf(i)).digest('hex'))
    }
  })
  await store.close()
}

/** The address that a phone has behind a proxy, as that names it; whom the site does not trust says it in vain. */
const by = (phone: number): string => `x-forwarded-for: 10.0.${phone >> 8}.${phone & 255}`

/** Opens the event stream of the phone in that place; settles with its first bytes. */
export function stream(port: number, phone: number, on: (text: string) => void) {
  return new Promise<ReturnType<typeof connect>>((done, fail) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(
        `GET /api/v1/stream HTTP/1.1\r\nhost: localhost:${port}\r\nauthorization: Bearer ${tokenOf(phone)}\r\n${by(phone)}\r\n\r\n`,
      ),
    )
    socket.setEncoding('utf8').on('error', fail)
    socket.once('close', () => fail(new Error('closed before it answered')))
    socket.once('data', (head: string) => {
      if (!head.startsWith('HTTP/1.1 200')) return fail(new Error(head.slice(0, 200)))
      socket.on('data', on)
      done(socket)
    })
  })
}

/** What a process holds of memory, as the system counts it. */
export async function held(pid: number): Promise<Held> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const mb = (field: string) => (Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024) / 1e6
  return { now: mb('VmRSS'), most: mb('VmHWM') }
}
