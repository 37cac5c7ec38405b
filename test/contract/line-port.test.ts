import { connect, createServer, type Server, type Socket } from 'node:net'
import { z } from 'zod'
import { openPty } from '../../hardware/simulators/pty.ts'
import { serialSettings } from '../../src/core/line/kit/settings.ts'
import { systemClock } from '../../src/io/clock.ts'
import { serialPort } from '../../src/io/line/serial.ts'
import { tcpPort } from '../../src/io/line/tcp.ts'
import { tcpListenPort } from '../../src/io/line/tcp-listen.ts'
import { type FarEnd, linePortContract } from './line-port.ts'

const clock = systemClock(() => undefined)

/** Gathers bytes and lets a test wait for a number of them. */
function gather() {
  const got: number[] = []
  const waiting: (() => void)[] = []
  return {
    take(bytes: Uint8Array) {
      got.push(...bytes)
      for (const look of waiting) look()
    },
    heard: (count: number) =>
      new Promise<number[]>((done) => {
        const look = () => got.length >= count && done(got.slice(0, count))
        waiting.push(look)
        look()
      }),
  }
}

linePortContract({
  name: 'serial port on a pseudo-terminal',
  leftAs: 'port-unplugged',
  async make(listenOnly) {
    const pty = openPty()
    const { take, heard } = gather()
    pty.onBytes(take)
    const far: FarEnd = {
      port: serialPort({ path: pty.path, settings: serialSettings.parse({}), listenOnly }, clock),
      join: () => undefined,
      sends: pty.write,
      heard,
      leaves: () => pty.close(),
      done: () => pty.close(),
    }
    return far
  },
})

linePortContract({
  name: 'TCP client of a device server',
  leftAs: 'peer-closed',
  async make(listenOnly) {
    const { take, heard } = gather()
    let peer: Socket | undefined
    const server = createServer((socket) => {
      peer = socket
      socket.on('data', take)
      socket.on('error', () => undefined)
    })
    const port = await listening(server)
    return {
      port: tcpPort({ host: '127.0.0.1', port, listenOnly }, clock),
      join: () => new Promise<void>((done) => (peer ? done() : void server.once('connection', () => done()))),
      sends: (bytes) => void peer?.write(bytes),
      heard,
      leaves: () => peer?.destroy(),
      done: () => void server.close(),
    }
  },
})

linePortContract({
  name: 'TCP listener that a device connects to',
  leftAs: 'peer-closed',
  async make(listenOnly) {
    const { take, heard } = gather()
    const port = tcpListenPort({ host: '127.0.0.1', port: 0, listenOnly }, clock)
    let peer: Socket | undefined
    return {
      port,
      async join() {
        const bound = await until(() => port.bound())
        peer = connect(bound, '127.0.0.1')
        peer.on('data', take)
        peer.on('error', () => undefined)
      },
      sends: (bytes) => void peer?.write(bytes),
      heard,
      leaves: () => peer?.destroy(),
      done: () => void peer?.destroy(),
    }
  },
})

function listening(server: Server): Promise<number> {
  const address = z.object({ port: z.number() })
  return new Promise((done) =>
    server.listen(0, '127.0.0.1', () => done(address.parse(server.address()).port)),
  )
}

/** Asks again at every turn of the event loop until there is an answer. */
async function until<T>(ask: () => T | undefined): Promise<T> {
  for (;;) {
    const answer = ask()
    if (answer !== undefined) return answer
    await new Promise<void>((turn) => setImmediate(turn))
  }
}
