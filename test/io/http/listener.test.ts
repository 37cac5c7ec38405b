import { Socket } from 'node:net'
import { beforeEach, describe, expect, test } from 'vitest'
import { createGate } from '../../../src/io/http/gate.ts'
import { createListener, endWith } from '../../../src/io/http/listener.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

// What a connection may take before anybody has read a byte of it.

let clock: VirtualClock
beforeEach(() => {
  clock = new VirtualClock()
})
const made = (config: Parameters<typeof createListener>[0]) => {
  const idle = new VirtualClock()
  const gate = createGate(clock, {}, { taken: () => 0, after: (ms, run) => idle.after(ms, run) })
  const listener = createListener(config, clock, gate, () => undefined)
  /** A connection comes in. */
  const dial = (from = '203.0.113.9'): Socket => {
    const socket = Object.defineProperty(new Socket(), 'remoteAddress', { value: from })
    listener.server.emit('connection', socket)
    return socket
  }
  return { ...listener, dial }
}
const gone = (socket: Socket) => {
  socket.destroy()
  socket.emit('close')
}

test('how long a request may take, and how many connections there are at once', () => {
  const { server } = made({})
  expect(server).toMatchObject({
    ...{ requestTimeout: 20_000, headersTimeout: 10_000, keepAliveTimeout: 60_000 },
    ...{ timeout: 120_000, maxConnections: 20_000 },
  })
})

describe('connections of one address', () => {
  test('are bounded, and one that has gone makes room for another', () => {
    const { dial } = made({ connectionsPerAddress: 2 })
    const [first, second] = [dial(), dial()]
    expect(dial().destroyed).toBe(true)
    expect(dial('::ffff:203.0.113.9').destroyed).toBe(true)
    expect(dial('203.0.113.10').destroyed).toBe(false)
    gone(first)
    const third = dial()
    expect([third.destroyed, dial().destroyed]).toEqual([false, true])
    gone(second)
    gone(third)
    expect([dial(), dial(), dial()].map(({ destroyed }) => destroyed)).toEqual([false, false, true])
  })

  test('are four thousand where nothing else is said', () => {
    const { dial } = made({})
    const all: boolean[] = []
    for (let i = 0; i < 4097; i++) {
      if (i % 2000 === 0) clock.advance(10_000)
      all.push(dial().destroyed)
    }
    expect([all.indexOf(true), all.filter(Boolean).length]).toEqual([4096, 1])
  })

  test('of a proxy of ours are not, because many stand behind it', () => {
    const { dial } = made({ connectionsPerAddress: 1, trustedProxies: ['192.0.2.1'] })
    expect([dial('192.0.2.1'), dial('192.0.2.1')].map(({ destroyed }) => destroyed)).toEqual([false, false])
  })
})

describe('new connections of one address', () => {
  test.each([
    ['in the clear', {}, 2000],
    ['by TLS', { tls: {} }, 400],
  ])('%s are so many at once; one too many is held for a second and then closed', (_, config, most) => {
    const { dial } = made(config)
    for (let i = 0; i < most - 1; i++) gone(dial())
    const [last, late] = [dial(), dial()]
    expect(late.isPaused()).toBe(true)
    expect(() => late.emit('error', new Error('reset'))).not.toThrow()
    clock.advance(999)
    expect(late.destroyed).toBe(false)
    clock.advance(1)
    expect([last.destroyed, late.destroyed]).toEqual([false, true])
    const again = dial()
    clock.advance(1000)
    expect(again.destroyed).toBe(false)
  })

  test('of a proxy of ours are not counted', () => {
    const { dial } = made({ tls: {}, trustedProxies: ['192.0.2.1'] })
    for (let i = 0; i < 400; i++) gone(dial('192.0.2.1'))
    const one = dial('192.0.2.1')
    clock.advance(1000)
    expect(one.destroyed).toBe(false)
  })
})

test('cut ends every connection that is there', () => {
  const { dial, cut } = made({ connectionsPerAddress: 1 })
  const all = ['203.0.113.9', '203.0.113.10'].map((from) => dial(from))
  cut()
  expect(all.map(({ destroyed }) => destroyed)).toEqual([true, true])
})

test('another certificate is shown by TLS alone', () => {
  const shown: object[] = []
  const secure = made({ tls: {} })
  Object.assign(secure.server, { setSecureContext: (how: object) => void shown.push(how) })
  secure.renew({ cert: 'c', key: 'k' })
  expect(shown).toMatchObject([{ cert: 'c', key: 'k', minVersion: 'TLSv1.2' }])
  expect(String(Reflect.get(shown[0] ?? {}, 'ciphers'))).toContain('ECDHE')
  expect(() => made({}).renew({ cert: 'c', key: 'k' })).not.toThrow()
})

test('a handshake that fails leaves no connection', () => {
  const { server } = made({ tls: {} })
  // As Fastify does, who answers what is no request: Node then leaves the connection alone.
  server.on('clientError', () => undefined)
  const socket = new Socket()
  server.emit('tlsClientError', new Error('no shared cipher'), socket)
  expect(socket.destroyed).toBe(true)
})

describe('bytes that never became a request', () => {
  /** A connection whose other end takes what is written when the test says so. */
  const line = () => {
    let took = (): void => undefined
    const said: string[] = []
    const socket = Object.assign(new Socket(), {
      end(text: string, done: () => void) {
        said.push(text)
        took = done
        return socket
      },
    })
    return { socket, said, takes: () => took() }
  }

  test('are answered, and the connection ends when that is out', () => {
    const { socket, said, takes } = line()
    Object.defineProperty(socket, 'writable', { value: true })
    endWith(socket, 'HTTP/1.1 400', clock)
    expect([said, socket.destroyed]).toEqual([['HTTP/1.1 400'], false])
    takes()
    expect([socket.destroyed, clock.pending]).toEqual([true, 0])
  })

  test('of somebody who takes nothing end within a second', () => {
    const { socket } = line()
    Object.defineProperty(socket, 'writable', { value: true })
    endWith(socket, 'HTTP/1.1 400', clock)
    clock.advance(999)
    expect(socket.destroyed).toBe(false)
    clock.advance(1)
    expect(socket.destroyed).toBe(true)
  })

  test('of somebody who has gone are answered by nobody', () => {
    const { socket, said } = line()
    Object.defineProperty(socket, 'writable', { value: false })
    endWith(socket, 'HTTP/1.1 400', clock)
    expect([said, socket.destroyed, clock.pending]).toEqual([[], true, 0])
  })
})
