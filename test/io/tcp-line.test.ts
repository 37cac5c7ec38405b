import { connect, createServer, type Server, Socket } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { systemClock } from '../../src/io/clock.ts'
import { tcpPort } from '../../src/io/line/tcp.ts'
import { tcpListenPort } from '../../src/io/line/tcp-listen.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Link } from '../../src/ports/line.ts'
import { Heard } from '../support/heard.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

const clock = systemClock(() => undefined)
const cleanUp: (() => void)[] = []
afterEach(() => {
  for (const undo of cleanUp.splice(0)) undo()
  vi.restoreAllMocks()
})

const HOST = '127.0.0.1'

async function listening(server: Server): Promise<number> {
  cleanUp.push(() => server.close())
  await new Promise<void>((done) => server.listen(0, HOST, done))
  return z.object({ port: z.number() }).parse(server.address()).port
}

/** A listener of ours, the links it has opened, and a way to connect to it. */
function listener(allow: readonly string[] = [], by: Clock = clock) {
  const port = tcpListenPort({ host: '0.0.0.0', port: 0, listenOnly: false, allow }, by)
  const open = (): { heard: Heard; link: Link } => {
    const heard = new Heard()
    const link = port.open(heard.on)
    cleanUp.push(() => link.close())
    return { heard, link }
  }
  const dial = async (from: string): Promise<Socket> => {
    const bound = await vi.waitUntil(() => port.bound())
    const peer = connect({ port: bound, host: HOST, localAddress: from })
    peer.on('error', () => undefined)
    cleanUp.push(() => peer.destroy())
    await new Promise<void>((done) => peer.once('connect', done))
    return peer
  }
  return { open, dial }
}

test('nobody listens there: told as unreachable', async () => {
  const server = createServer()
  const port = await listening(server)
  await new Promise<void>((done) => server.close(() => done()))
  const heard = new Heard()
  tcpPort({ host: HOST, port, listenOnly: true }, clock).open(heard.on)
  await heard.untilKind('closed')
  expect(heard.ending()).toBe('peer-unreachable')
})

test('an address that another program listens on: told, and nothing is half open', async () => {
  const port = await listening(createServer())
  const heard = new Heard()
  tcpListenPort({ host: HOST, port, listenOnly: true }, clock).open(heard.on)
  await heard.untilKind('closed')
  expect(heard.ending()).toBe('listen-failed')
})

test('an address that may not connect is turned away and told; one that may is heard', async () => {
  const { open, dial } = listener(['127.0.0.2'])
  const { heard } = open()
  const stranger = await dial('127.0.0.3')
  stranger.write('STRANGER')
  await heard.until(() => heard.events.some((e) => e.kind === 'fault' && e.fault === 'peer-refused'))
  expect(heard.kinds()).not.toContain('opened')
  const sender = await dial('127.0.0.2')
  sender.write('PBX')
  await heard.until(() => heard.bytes.length === 3)
  expect(Buffer.from(heard.bytes).toString()).toBe('PBX')
})

test('a second client from elsewhere is turned away, and the first goes on', async () => {
  const { open, dial } = listener()
  const { heard } = open()
  const first = await dial('127.0.0.2')
  await heard.untilKind('opened')
  const second = await dial('127.0.0.3')
  await new Promise<void>((done) => second.once('close', () => done()))
  expect(heard.events.filter((e) => e.kind === 'fault')).toHaveLength(1)
  first.write('ON')
  await heard.until(() => heard.bytes.length === 2)
})

test('who holds the line and has never said anything makes room for a sender; nobody holds it for ever by silence', async () => {
  const time = new VirtualClock()
  const { open, dial } = listener([], time)
  const silent = open()
  await dial('127.0.0.2')
  await silent.heard.untilKind('opened')
  time.advance(5000)
  const sender = await dial('127.0.0.3')
  sender.write('PAGE')
  await silent.heard.untilKind('closed')
  const next = open()
  await next.heard.until(() => next.heard.bytes.length === 4)
  time.advance(24 * 3_600_000)
  expect(next.heard.kinds()).not.toContain('closed')
  const last = listener([], time)
  const alone = last.open()
  await last.dial('127.0.0.2')
  await alone.heard.untilKind('opened')
  time.advance(15 * 60_000)
  expect(alone.heard.ending()).toBe('peer-closed')
})

test('the same device that connects anew replaces the connection it must have lost, and loses no byte', async () => {
  const { open, dial } = listener()
  const before = open()
  await dial('127.0.0.2')
  await before.heard.untilKind('opened')
  const again = await dial('127.0.0.2')
  again.write('AGAIN')
  await before.heard.untilKind('closed')
  expect(before.heard.ending()).toBe('peer-closed')
  const after = open()
  await after.heard.until(() => after.heard.bytes.length === 5)
  expect(after.heard.kinds()[0]).toBe('opened')
})

test('a peer whose cable was cut is asked for, and given up within ten seconds', async () => {
  const asked = vi.spyOn(Socket.prototype, 'setKeepAlive')
  const server = createServer((peer) => void cleanUp.push(() => peer.destroy()))
  const port = await listening(server)
  const heard = new Heard()
  const link = tcpPort({ host: HOST, port, listenOnly: true }, clock).open(heard.on)
  cleanUp.push(() => link.close())
  await heard.untilKind('opened')
  const { initialDelay, interval, count } = z
    .object({ initialDelay: z.number(), interval: z.number(), count: z.number() })
    .parse(asked.mock.calls[0]?.[0])
  expect(initialDelay + interval * count).toBeLessThan(10_000)
})

test('a sender that ends its side at once still gets its answer, and then the link ends', async () => {
  const { open, dial } = listener()
  const { heard, link } = open()
  const sender = await dial('127.0.0.1')
  const got: Buffer[] = []
  sender.on('data', (chunk: Buffer) => got.push(chunk))
  const ended = new Promise<void>((done) => sender.once('end', done))
  sender.end('SEND\r\n')
  await heard.untilKind('bytes')
  // The end of the sender's side is long in when the page is stored.
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate)
  expect(await link.write(Buffer.from('250 stored\r\n'))).toMatchObject({ ok: true })
  await ended
  expect(Buffer.concat(got).toString()).toBe('250 stored\r\n')
  await heard.untilKind('closed')
  expect(heard.ending()).toBe('peer-closed')
})

test('a peer that has said goodbye is hung up on behind our last word, and the next finds us listening', async () => {
  const { open, dial } = listener()
  const first = open()
  const peer = await dial('127.0.0.2')
  await first.heard.untilKind('opened')
  let said = ''
  peer.on('data', (chunk) => {
    said += String(chunk)
  })
  const ended = new Promise<void>((done) => peer.once('end', done))
  void first.link.write(new TextEncoder().encode('221 Goodbye'))
  first.link.hangUp?.()
  await ended
  await first.heard.untilKind('closed')
  expect([said, first.heard.ending()]).toEqual(['221 Goodbye', 'peer-closed'])
  const second = open()
  await dial('127.0.0.2')
  await second.heard.untilKind('opened')
})
