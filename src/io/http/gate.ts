import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { SECOND } from '../../core/instant.ts'
import type { Clock } from '../../ports/clock.ts'
import { Buckets } from './buckets.ts'
import type { HttpConfig } from './parts.ts'
import { PROBLEM_TYPE, rawProblem } from './problem.ts'

/** What one address may do that has not shown who it is. A ward behind one address opens the console as one. */
const STRANGERS = { burst: 2000, perSecond: 200 } as const
/** What one credential may do: a console that is opened asks for some hundred files and lists. */
const KNOWN = { burst: 600, perSecond: 50 } as const
/** Credentials that were good of late; beyond it the oldest counts as its address again. */
const MOST_KNOWN = 20_000

/** Strangers have a quarter of the thread's time, in slices so short that a page waits for none of them. */
const SLICE = 1
const REST = 3
/** Strangers' requests that wait for a slice. */
const MOST_WAITING = 2000
/** Who asked too much is answered after this time: refusing costs time as well, and nobody asks again before. */
const HELD = SECOND
/** Requests under way on one connection. No browser sends the next one before it has the answer. */
const MOST_AT_ONCE = 8

type Handler = (request: IncomingMessage, response: ServerResponse) => void

export interface Gate {
  /** Every request comes by here before anything else looks at it. */
  handler(to: Handler): Handler
  /** The credential of this request is good: from now on it is counted by itself and not with its neighbours. */
  knows(request: IncomingMessage): void
}

/**
 * What HTTP may take of the thread that reads and stores pages. Who has shown a good credential is counted by it; all
 * others are counted by address and served in short slices, so that no flood of them delays a page. A neighbour who
 * asks too much exhausts nobody else who is known.
 */
export function createGate(
  clock: Clock,
  config: Pick<HttpConfig, 'trustedProxies' | 'requestsPerSecond'>,
): Gate {
  const perSecond = config.requestsPerSecond ?? STRANGERS.perSecond
  const strangers = new Buckets(clock, perSecond * (STRANGERS.burst / STRANGERS.perSecond), perSecond)
  const credentials = new Buckets(clock, KNOWN.burst, KNOWN.perSecond)
  const proxies = new Set(config.trustedProxies)
  const known = new Set<string>()
  const underWay = new WeakMap<Socket, number>()
  const waiting: (() => void)[] = []
  let serving = false

  const serve = (): void => {
    serving = true
    const began = clock.now()
    for (;;) {
      const next = waiting.shift()
      if (next === undefined) break
      next()
      if (clock.now() - began >= SLICE && waiting.length > 0) return void clock.after(REST, serve)
    }
    serving = false
  }

  const refuse = (response: ServerResponse): void => {
    clock.after(HELD, () => {
      if (response.destroyed) return
      response.writeHead(429, { 'retry-after': '1', 'content-type': PROBLEM_TYPE }).end(BUSY)
    })
  }

  return {
    handler: (to) => (request, response) => {
      const { socket } = request
      if (socket.destroyed) return
      const atOnce = (underWay.get(socket) ?? 0) + 1
      underWay.set(socket, atOnce)
      if (atOnce > MOST_AT_ONCE) {
        // Once is enough, however many more there are in what was read.
        if (atOnce === MOST_AT_ONCE + 1) clock.after(HELD, () => socket.destroy())
        return
      }
      response.once('close', () => underWay.set(socket, (underWay.get(socket) ?? 1) - 1))

      const credential = credentialOf(request)
      const address = socket.remoteAddress ?? ''
      if (credential !== undefined && known.has(credential)) {
        if (credentials.take(credential)) to(request, response)
        else refuse(response)
        return
      }
      // What a trusted proxy lets through is counted by the address that it names, further in.
      if (!proxies.has(plain(address)) && !strangers.take(plain(address))) return refuse(response)
      if (waiting.length >= MOST_WAITING) return refuse(response)
      waiting.push(() => {
        if (!socket.destroyed) to(request, response)
      })
      if (!serving) serve()
    },
    knows(request) {
      const credential = credentialOf(request)
      if (credential === undefined || known.has(credential)) return
      known.add(credential)
      if (known.size > MOST_KNOWN) known.delete(known.values().next().value ?? credential)
    },
  }
}

const BUSY = rawProblem({ code: 'too-many-requests' }).split('\r\n\r\n')[1] ?? ''

/** An IPv4 address as it is written, however the socket came by it. */
export function plain(address: string): string {
  return address.replace(/^::ffff:/, '')
}

function credentialOf({ headers }: IncomingMessage): string | undefined {
  const shown = headers.authorization ?? headers.cookie
  return shown === undefined ? undefined : createHash('sha256').update(shown).digest('base64')
}
