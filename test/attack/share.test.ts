import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Bed, KEYS, openBed } from '../support/desk-bed.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

// What one connection may take of the thread that stores pages, written byte by byte to the real server.

let bed: Bed
let clock: VirtualClock
let port: number
const sockets: Socket[] = []
beforeEach(async () => {
  clock = new VirtualClock()
  bed = await openBed({ clock })
  const listening = await bed.http.listen()
  if (!listening.ok) throw new Error(listening.fault.code)
  port = listening.value.port
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await bed.close()
})

interface Line {
  readonly socket: Socket
  /** Everything that was said so far. */
  said(): string
  readonly ended: Promise<void>
}
function dial(bytes: string): Line {
  const socket = connect(port, '127.0.0.1', () => void socket.write(bytes))
  sockets.push(socket)
  let text = ''
  socket.on('data', (chunk) => (text += chunk.toString('latin1'))).on('error', () => undefined)
  return { socket, said: () => text, ended: new Promise((done) => socket.once('close', () => done())) }
}
const get = (path: string, ...more: string[]) =>
  ['GET', ' ', path, ' HTTP/1.1\r\nhost: localhost\r\n', ...more.map((one) => `${one}\r\n`), '\r\n'].join('')
const key = `authorization: Bearer ${KEYS.switchboard}`
const answers = (text: string) => text.split('HTTP/1.1 ').length - 1
/** Until it is so, with time passing in steps. */
const passing = (step: number, isSo: () => boolean) =>
  expect
    .poll(() => {
      clock.advance(step)
      return isSo()
    })
    .toBe(true)
const works = () => {
  const { said } = dial(get('/healthz'))
  return passing(10, () => said().includes('200 OK'))
}

test.each([
  ['a stranger', get('/api/v1/time')],
  ['somebody signed in', get('/api/v1/site', key)],
])(
  'of what %s sends without waiting for answers not all is read, and the connection ends',
  async (_, one) => {
    const line = dial(one)
    await expect.poll(line.said).toContain('200 OK')
    line.socket.write(one.repeat(Math.floor(38_000 / one.length)))
    await expect.poll(() => clock.pending).toBeGreaterThan(0)
    await passing(2000, () => line.socket.destroyed)
    expect(answers(line.said())).toBeLessThan(400)
    await works()
  },
)

test('who sends more than a request can hold, before it was read, is cut off', async () => {
  const line = dial(
    `POST /api/v1/session HTTP/1.1\r\nhost: x\r\ncontent-length: 9000000\r\n\r\n${'x'.repeat(200_000)}`,
  )
  await line.ended
  await works()
})

test('who says nothing after connecting is let go', async () => {
  const { socket, ended } = dial('')
  await new Promise<void>((done) => socket.once('connect', () => done()))
  await passing(1000, () => socket.destroyed)
  await ended
})

test('what is sent behind the request for a stream is read by nobody', async () => {
  const line = dial(get('/api/v1/stream', key) + get('/api/v1/time').repeat(200))
  await expect.poll(line.said).toContain('event: ')
  await works()
  expect(answers(line.said())).toBe(1)
})
