import type { Server } from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'
import { MINUTE, SECOND } from '../../core/instant.ts'
import type { Clock } from '../../ports/clock.ts'
import { Buckets } from './buckets.ts'
import { type Gate, plain } from './gate.ts'
import { STAYS } from './let-go.ts'
import { type Held, inPieces, inTurn } from './mouth.ts'
import type { HttpConfig } from './parts.ts'

// Not by an import: that reads every name of the module, and some of them load Node's own web clients, 8 MB that rest unused.
const { createServer } = process.getBuiltinModule('node:http')

/** All connections, and those of one address: several thousand phones may come from one address of the wireless network. */
const MOST = 20_000
const MOST_OF_ONE = 4096
/** New connections of one address; with TLS each costs a key exchange. */
const NEW = { burst: 2000, perSecond: 200 } as const
const NEW_BY_TLS = { burst: 400, perSecond: 40 } as const
/** One too many is kept waiting so long and then closed, so that nobody tries again at once. */
const HELD = SECOND

const TIMES = {
  /** Header and body together: nothing that is asked of us is longer than some kilobytes. */
  requestTimeout: 20 * SECOND,
  headersTimeout: 10 * SECOND,
  /** Nothing of the two is looked at more often than this. */
  connectionsCheckingInterval: SECOND,
  keepAliveTimeout: 60 * SECOND,
} as const
/** Without a byte either way; streams say something more often. */
const IDLE = 2 * MINUTE
const HANDSHAKE_WITHIN = 10 * SECOND

/** What browsers and telephones of the last ten years know, and nothing that was broken since. */
const SUITES = [
  ...['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256'],
  ...['ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384', 'ECDHE-ECDSA-CHACHA20-POLY1305'],
  ...['ECDHE-RSA-CHACHA20-POLY1305', 'ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
].join(':')

export interface Listener {
  readonly server: Server
  /** Shows another certificate to whoever connects from now on. */
  renew(pair: { readonly cert: string; readonly key: string }): void
  /** Destroys every connection, also those that never said anything or are half open. */
  cut(): void
}

/** The server that everything comes in by: what a connection may take, and that none of them outlives us. */
export function createListener(
  {
    tls,
    trustedProxies = [],
    connectionsPerAddress = MOST_OF_ONE,
  }: Pick<HttpConfig, 'tls' | 'trustedProxies' | 'connectionsPerAddress'>,
  clock: Clock,
  gate: Gate,
  handler: Parameters<Gate['handler']>[0],
): Listener {
  const secure =
    tls &&
    https.createServer(
      {
        ...tls,
        ...TIMES,
        ...{ minVersion: 'TLSv1.2', ciphers: SUITES, honorCipherOrder: true },
        handshakeTimeout: HANDSHAKE_WITHIN,
      },
      gate.handler(handler),
    )
  const server = secure ?? createServer(TIMES, gate.handler(handler))
  server.maxConnections = MOST
  server.timeout = IDLE
  // What failed before there was a request: nobody waits for an answer.
  server.on('tlsClientError', (_error, socket) => socket.destroy())

  const open = new Map<string, Set<Socket>>()
  const all = new Set<Socket>()
  const { burst, perSecond } = secure ? NEW_BY_TLS : NEW
  const fresh = new Buckets(clock, burst, perSecond)
  const proxies = new Set(trustedProxies)
  const from = new WeakMap<Socket, string>()
  function gone(this: Socket): void {
    const address = from.get(this) ?? ''
    all.delete(this)
    open.get(address)?.delete(this)
    if (open.get(address)?.size === 0) open.delete(address)
  }
  STAYS.add(gone)
  const take = server.listeners('connection')
  server.removeAllListeners('connection')
  const held: Held = { bytes: 0 }
  server.on('connection', (socket: Socket) => {
    const address = plain(socket.remoteAddress ?? '')
    const others = open.get(address) ?? new Set()
    if (others.size >= connectionsPerAddress && !proxies.has(address)) return void socket.destroy()
    open.set(address, others.add(socket))
    all.add(socket)
    from.set(socket, address)
    socket.on('close', gone)
    if (!proxies.has(address) && !fresh.take(address)) {
      socket.on('error', () => undefined).pause()
      return void clock.after(HELD, () => socket.destroy())
    }
    inTurn(socket, address, gate, clock, () => {
      for (const one of take) Reflect.apply(one, server, [socket])
      if (!secure) inPieces(socket, address, gate, held)
    })
  })
  secure?.on('secureConnection', (socket) => inPieces(socket, plain(socket.remoteAddress ?? ''), gate, held))
  return {
    server,
    renew: (pair) => secure?.setSecureContext({ ...pair, minVersion: 'TLSv1.2', ciphers: SUITES }),
    cut() {
      for (const socket of all) socket.destroy()
    },
  }
}

/** Ends a connection whose bytes never became a request, and does not wait for its other end. */
export function endWith(socket: Socket, text: string, clock: Clock): void {
  if (!socket.writable) return void socket.destroy()
  const late = clock.after(SECOND, () => socket.destroy())
  socket.end(text, () => {
    late.cancel()
    socket.destroy()
  })
}
