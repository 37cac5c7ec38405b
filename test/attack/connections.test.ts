import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { afterEach, expect, test } from 'vitest'
import type { HttpConfig } from '../../src/io/http/parts.ts'
import { type Bed, openBed } from '../support/desk-bed.ts'
import { removeFolder } from '../support/folders.ts'
import { installed } from '../support/installed.ts'

let bed: Bed | undefined
const sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await bed?.close()
  bed = undefined
})

async function open(config: Partial<HttpConfig> = {}): Promise<number> {
  bed = await openBed({ config })
  const listening = await bed.http.listen()
  if (!listening.ok) throw new Error(listening.fault.code)
  return listening.value.port
}

function dial(port: number): Promise<Socket> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => done(socket))
    socket.on('error', () => undefined)
    sockets.push(socket)
  })
}

const ended = (socket: Socket) =>
  new Promise<void>((done) => {
    socket.on('data', () => undefined)
    socket.once('close', () => done())
  })

/** A certificate for this machine, made for one test. */
function pair(): { cert: string; key: string } {
  const folder = mkdtempSync(join(tmpdir(), 'bleepd-pair-'))
  try {
    const [key, cert] = [join(folder, 'k'), join(folder, 'c')]
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
        ...['-subj', '/CN=localhost', '-days', '2', '-keyout', key, '-out', cert],
      ],
      { stdio: 'pipe' },
    )
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') }
  } finally {
    removeFolder(folder)
  }
}

test.skipIf(!installed('openssl'))(
  'connections that say nothing do not keep the TLS door from closing, and are gone with it',
  async () => {
    const port = await open({ tls: pair() })
    const silent = await Promise.all(Array.from({ length: 5 }, () => dial(port)))
    const gone = silent.map(ended)
    await bed?.http.close()
    await Promise.all(gone)
  },
)

test.skipIf(!installed('openssl'))('what is weak or old is not spoken', async () => {
  const port = await open({ tls: pair() })
  const greeted = (how: object) =>
    new Promise<string>((done) => {
      const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ...how }, () =>
        done(String(socket.getProtocol())),
      )
      socket.on('error', () => done('refused'))
      sockets.push(socket)
    })
  expect(await greeted({})).toBe('TLSv1.3')
  expect(await greeted({ maxVersion: 'TLSv1.2' })).toBe('TLSv1.2')
  expect(await greeted({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' })).toBe(
    'refused',
  )
  for (const ciphers of ['AES128-SHA', 'ECDHE-ECDSA-AES128-SHA', 'AES256-GCM-SHA384'])
    expect(await greeted({ maxVersion: 'TLSv1.2', ciphers })).toBe('refused')
})

test('a half-open connection and one in the middle of a request end with the door', async () => {
  const port = await open()
  const [silent, halfway, closed] = [await dial(port), await dial(port), await dial(port)]
  halfway.write('POST /api/v1/session HTTP/1.1\r\nhost: x\r\ncontent-length: 900\r\n\r\n{')
  closed.end()
  const gone = [silent, halfway, closed].map(ended)
  await bed?.http.close()
  await Promise.all(gone)
})

test('bytes that are no request are told so, and the connection is ended though its other end stays open', async () => {
  const port = await open()
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  sockets.push(socket)
  socket.on('error', () => undefined)
  socket.write('\u0016\u0003\u0001 hello\r\n\r\n')
  let text = ''
  socket.on('data', (chunk) => (text += chunk))
  await new Promise<void>((done) => socket.once('end', () => done()))
  expect(text).toContain('request-invalid')
})

test('a connection beyond those of its address is closed; its neighbours go on', async () => {
  const port = await open({ connectionsPerAddress: 2 })
  const [first, second] = [await dial(port), await dial(port)]
  await ended(await dial(port))
  for (const socket of [first, second]) {
    socket.write('GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n')
    const answer = await new Promise<string>((done) => socket.once('data', (d) => done(d.toString())))
    expect(answer).toContain('200 OK')
  }
})
