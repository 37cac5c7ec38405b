import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { SECOND } from '../../core/instant.ts'
import type { Clock } from '../../ports/clock.ts'
import { Buckets } from './buckets.ts'
import { type Job, Lane, type Thread } from './lane.ts'
import type { HttpConfig } from './parts.ts'
import { PROBLEM_TYPE, rawProblem } from './problem.ts'

/** What one address may do that has not shown who it is. A ward behind one address opens the console as one. */
const STRANGERS = { burst: 2000, perSecond: 200 } as const
/** What one caller may do: a console that is opened asks for some hundred files and lists. */
const KNOWN = { burst: 600, perSecond: 50 } as const
/** The trust's directory, which tells of twenty thousand people within a minute. */
const LISTING = { burst: 2000, perSecond: 1000 } as const
export const DIRECTORY = 'directory'
/** Credentials that were good of late; beyond it the oldest counts as its address again. */
const MOST_KNOWN = 20_000

/**
 * Strangers together have a quarter of the thread's time. What one caller reads has a fifth of it at most; what they write
 * has half, apart from that: a call that is started does not rest behind what the same board has just read. The trust's
 * directory, which knows a token of its own, has two thirds, and the next of its people does not wait for the disk to have
 * the one before: only so are all of them here within the minute.
 */
const TO_STRANGERS = { rest: 3, most: 4000, mostOfOne: 2000 } as const
const TO_READER = { rest: 4, most: 200, mostOfOne: 200 } as const
const TO_WRITER = { rest: 1, most: 200, mostOfOne: 200 } as const
const TO_DIRECTORY = { rest: 0.5, most: 200, mostOfOne: 200, within: 2 } as const
/** Callers remembered with nothing under way. */
const MANY = 1000
/** Who asked too much is answered after this time: refusing costs time as well, and nobody asks again before. */
const HELD = SECOND
/** Refusals are written one by one over as long again, and not all at once. */
const STEPS = 50
/** Requests under way on one connection. No browser sends the next one before it has the answer. */
const MOST_AT_ONCE = 4

type Handler = (request: IncomingMessage, response: ServerResponse) => void

export interface Gate {
  /** Every request comes by here before anything else looks at it. */
  handler(to: Handler): Handler
  /** Whether bytes of this connection need not wait with those of strangers: it has shown a good credential. */
  isKnown(socket: Socket): boolean
  /** It asked for too much at once and is about to be ended: nothing more of it is read. */
  isSpent(socket: Socket): boolean
  /** Work for a connection of which nobody knows whose it is: its handshake, its bytes and what they ask for. */
  stranger(address: string, work: () => void): boolean
  /** The credential of this request is good: from now on it is counted with this caller's and not with its neighbours. */
  knows(request: IncomingMessage, caller: string): void
  /** It is good no more. */
  forgets(request: IncomingMessage): void
  /**
   * Resolves when a route may refuse this request as one too many. A known caller is told late, as with our own refusals,
   * and their next request does not wait for that. A stranger is told at once, because strangers wait for each other.
   */
  held(request: IncomingMessage): Promise<void>
}

/**
 * What HTTP may take of the thread that reads and stores pages. Who has shown a good credential is counted by who it is;
 * all others are counted by address, and everything that is done for them is done in a lane of their own, so that no
 * flood of them delays a page. A neighbour who asks too much exhausts nobody else.
 */
export function createGate(
  clock: Clock,
  config: Pick<HttpConfig, 'trustedProxies' | 'requestsPerSecond'>,
  thread?: Thread,
): Gate {
  const perSecond = config.requestsPerSecond ?? STRANGERS.perSecond
  const strangers = new Buckets(clock, perSecond * (STRANGERS.burst / STRANGERS.perSecond), perSecond)
  const callers = new Buckets(clock, KNOWN.burst, KNOWN.perSecond)
  const directory = new Buckets(clock, LISTING.burst, LISTING.perSecond)
  const proxies = new Set(config.trustedProxies)
  /** Whose each credential is. */
  const known = new Map<string, string>()
  const shown = new WeakSet<Socket>()
  const underWay = new WeakMap<Socket, number>()
  const spent = new WeakSet<Socket>()
  /** What lets the lane of a request go on before that is answered. */
  const goesOn = new WeakMap<IncomingMessage, () => void>()
  const outside = new Lane(TO_STRANGERS, thread)
  const inside = new Map<string, Lane>()
  /** Requests that came of the work of a stranger that is being done, and are not answered. */
  let begun: ServerResponse[] | undefined
  let refused = 0

  const laneOf = (caller: string, method = ''): Lane => {
    const writes = !['GET', 'HEAD'].includes(method)
    const name = writes ? `writes ${caller}` : caller
    const share = caller === DIRECTORY ? TO_DIRECTORY : writes ? TO_WRITER : TO_READER
    const lane = inside.get(name) ?? new Lane(share, thread)
    if (inside.size >= MANY) for (const [name, one] of inside) if (one.idle) inside.delete(name)
    // After that: it is idle as yet, and whoever has none takes as much of the thread as they like.
    inside.set(name, lane)
    return lane
  }

  const heldFor = (): number => {
    refused = (refused + 1) % STEPS
    return HELD + (refused * HELD) / STEPS
  }
  const refuse = (response: ServerResponse): void => {
    clock.after(heldFor(), () => {
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
        spent.add(socket)
        if (atOnce === MOST_AT_ONCE + 1) clock.after(heldFor(), () => socket.destroy())
        return
      }
      response.once('close', () => underWay.set(socket, (underWay.get(socket) ?? 1) - 1))

      const job: Job = (done) => {
        if (socket.destroyed) return done()
        response.once('close', done)
        goesOn.set(request, done)
        to(request, response)
      }
      const credential = credentialOf(request)
      const caller = credential === undefined ? undefined : known.get(credential)
      if (caller !== undefined) {
        shown.add(socket)
        const bucket = caller === DIRECTORY ? directory : callers
        if (!bucket.take(caller) || !laneOf(caller, request.method).put(caller, job)) refuse(response)
        return
      }
      const address = plain(socket.remoteAddress ?? '')
      // Behind a proxy stand many: each takes turns by the address that it names, not by the proxy's.
      const asker = proxies.has(address) ? forwarded(request, proxies) : address
      if (!strangers.take(asker)) return refuse(response)
      if (begun === undefined || asker !== address) {
        if (!outside.put(asker, job)) refuse(response)
        return
      }
      begun.push(response)
      to(request, response)
    },
    isKnown: (socket) => shown.has(socket),
    isSpent: (socket) => spent.has(socket),
    stranger: (address, work) =>
      outside.put(address, (done) => {
        const asked: ServerResponse[] = []
        begun = asked
        try {
          work()
        } finally {
          begun = undefined
        }
        let left = asked.length
        if (left === 0) return done()
        for (const one of asked)
          one.once('close', () => {
            left -= 1
            if (left === 0) done()
          })
      }),
    knows(request, caller) {
      shown.add(request.socket)
      const credential = credentialOf(request)
      if (credential === undefined || known.has(credential)) return
      known.set(credential, caller)
      if (known.size > MOST_KNOWN) known.delete(known.keys().next().value ?? credential)
    },
    forgets(request) {
      shown.delete(request.socket)
      const credential = credentialOf(request)
      if (credential !== undefined) known.delete(credential)
    },
    held: (request) =>
      new Promise((done) => {
        const goOn = goesOn.get(request)
        if (goOn === undefined) return done()
        goOn()
        clock.after(heldFor(), done)
      }),
  }
}

const BUSY = rawProblem({ code: 'too-many-requests' }).split('\r\n\r\n')[1] ?? ''

/** An address as it is written: an IPv4 one by itself, and none with the port that some proxies name beside it. */
export function plain(address: string): string {
  return address
    .replace(/^::ffff:/, '')
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
    .replace(/^\[([^\]]*)\](:\d+)?$/, '$1')
}

/** Whom a trusted proxy asks for: the last of the addresses it names that is no trusted proxy's itself; else the proxy. */
function forwarded({ headers, socket }: IncomingMessage, proxies: ReadonlySet<string>): string {
  const named = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',')
  const from = named.map((one) => plain(one.trim())).findLast((one) => !proxies.has(one))
  // Longer than any address: a proxy that hands on what a stranger wrote.
  return from === undefined || from === '' || from.length > 45 ? plain(socket.remoteAddress ?? '') : from
}

/** Our own cookie alone. With others beside it, one caller could seem to be a new one each time, and push others out. */
const SESSION = /(?:^|; *)((?:__Host-)?bleepd=[^;]+)/

function credentialOf({ headers }: IncomingMessage): string | undefined {
  const shown = headers.authorization ?? SESSION.exec(headers.cookie ?? '')?.[1]
  return shown === undefined ? undefined : createHash('sha256').update(shown).digest('base64')
}
