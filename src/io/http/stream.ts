import type { Writable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { DAY, type Instant, SECOND } from '../../core/instant.ts'
import type { Timer } from '../../ports/clock.ts'
import type { Caller } from '../../ports/desk.ts'
import { Beats } from './beats.ts'
import { letGo } from './let-go.ts'
import { asked, board, frame, inbox, type Listener, type Look } from './looks.ts'
import type { HttpParts } from './parts.ts'
import { Refused } from './problem.ts'

/** A reader this far behind is dead or stalled: it is cut off and comes back by its cursor. */
const LIMIT = 1024 * 1024

/** A board shows how long it has heard nothing, so it gets a beat often. There are few boards. */
const BOARD_BEAT = 3 * SECOND
const PHONE_BEAT = 15 * SECOND
const BEATS = { operator: BOARD_BEAT, device: PHONE_BEAT }

/** Shortest time between two workings-out of one board. */
const BOARD_PAUSE = 200

/** Where streams are opened, below the prefix of the interface. */
export const STREAM = '/stream'

/** What streams stand on. */
interface StreamParts extends Pick<HttpParts, 'desk' | 'clock' | 'log' | 'watch' | 'sockets'> {
  readonly config: Pick<HttpParts['config'], 'heartbeat'>
}

export interface Streams {
  /** Server-sent events (WHATWG HTML, clause 9.2) for one caller, as long as its connection lasts. */
  open(caller: Caller, request: FastifyRequest, reply: FastifyReply): Promise<void>
  /** Ends the streams of a console session, with a word. */
  endOf(caller: Caller): void
  /** Ends every stream. */
  end(): void
}

/**
 * A board gets every open alert at once and then each change, with the bleeps that rang nobody and the state of the
 * site; a phone gets its inbox from `Last-Event-ID` or `since` onwards. A `beat` tells both that the line lives. A lost
 * wake costs some heartbeats, never a row: a board looks again at each, a phone at each fourth, because there are
 * thousands of phones. A board is worked out at most five times a second, however fast answers come in.
 */
export function createStreams(parts: StreamParts): Streams {
  const beats = {
    operator: new Beats(parts.clock, parts.config.heartbeat ?? BEATS.operator),
    device: new Beats(parts.clock, parts.config.heartbeat ?? BEATS.device),
  }
  const open = new Map<Stream, Caller>()
  const of = (caller: Caller): readonly Stream[] =>
    [...open].filter(([, other]) => isSame(caller, other)).map(([stream]) => stream)
  /** When a console session ends, so does its stream, with a word. */
  const signOutAt = (until: Instant, stream: Stream): (() => void) => {
    let timer: Timer
    // A timer runs for some weeks at most, a wall's session for a year.
    const wait = () => {
      const left = until - parts.clock.now()
      timer = parts.clock.after(Math.max(0, Math.min(left, DAY)), () => {
        if (left > DAY) wait()
        else stream.signOut()
      })
    }
    wait()
    return () => timer.cancel()
  }
  return {
    async open(caller, request, reply) {
      const look = lookOf(parts, caller, request)
      makeRoom(of(caller), caller)
      const stream = new Stream(parts, begin(reply, parts.clock.now()), look, caller.kind)
      // Gone before it began: nobody would hear it close.
      if (stream.gone) return
      open.set(stream, caller)
      parts.watch?.stream(1)
      const leave = [
        beats[caller.kind].join(() => stream.beat()),
        parts.desk.watch(caller, () => void stream.look()),
        ...(caller.kind === 'device' && parts.sockets
          ? [parts.sockets.attach(caller.device, (bell) => stream.bell(bell))]
          : []),
        ...(caller.kind === 'operator' && caller.until !== undefined
          ? [signOutAt(caller.until, stream)]
          : []),
      ]
      stream.onGone(() => {
        open.delete(stream)
        parts.watch?.stream(-1)
        for (const one of leave) one()
      })
      await stream.look()
    },
    endOf(caller) {
      if (caller.kind === 'operator' && caller.session === undefined) return
      for (const stream of of(caller)) stream.signOut()
    },
    end() {
      for (const stream of open.keys()) stream.cut()
    },
  }
}

/** Streams of one credential: tabs of a browser, a phone that comes back before its old connection is known to be gone. */
const MOST = { operator: 40, device: 8 } as const

/** One device, or one console session; whoever shows a token is one by name. */
function isSame(a: Caller, b: Caller): boolean {
  if (a.kind === 'device') return b.kind === 'device' && a.device === b.device
  return b.kind === 'operator' && a.operator === b.operator && a.session === b.session
}

/** A phone's oldest stream gives way to its newest; of an operator no board is taken away. */
function makeRoom(others: readonly Stream[], { kind }: Caller): void {
  if (others.length < MOST[kind]) return
  if (kind === 'operator') throw new Refused({ code: 'too-many-requests' })
  others[0]?.cut()
}

/** A board that ends when its session was ended elsewhere, or was left alone for too long; or that hides its words. */
function signed(parts: StreamParts, caller: Extract<Caller, { kind: 'operator' }>): Look {
  let shut = caller.shut === true
  let look = board(parts, caller)
  return async (to) => {
    const how = await parts.desk.sessionStands(caller)
    if (how === 'ended') {
      to.send('signed-out', {})
      return false
    }
    if ((how === 'shut') !== shut) {
      shut = how === 'shut'
      look = board(parts, { ...caller, ...(shut ? { shut } : {}) })
    }
    return look(to)
  }
}

function lookOf(parts: StreamParts, caller: Caller, request: FastifyRequest): Look {
  if (caller.kind === 'operator') return signed(parts, caller)
  return caller.access === 'ward' ? asked(parts, caller) : inbox(parts, caller, startOf(request))
}

class Stream implements Listener {
  readonly #parts: StreamParts
  readonly #wire: Writable
  readonly #look: Look
  readonly #kind: Caller['kind']
  #busy = false
  #again = false
  #looked: Instant = Number.NEGATIVE_INFINITY
  #beats = 0

  constructor(parts: StreamParts, wire: Writable, look: Look, kind: Caller['kind']) {
    this.#parts = parts
    this.#wire = wire
    this.#look = look
    this.#kind = kind
  }

  get gone(): boolean {
    return this.#wire.destroyed
  }

  onGone(run: () => void): void {
    this.#wire.on('close', run)
  }

  /** Ends it once what was said is out. */
  end(): void {
    this.#wire.end()
  }

  signOut(): void {
    this.send('signed-out', {})
    this.end()
  }

  cut(): void {
    this.#wire.destroy()
  }

  send(event: string, data: unknown, id?: number): void {
    this.write(frame(event, JSON.stringify(data), id))
  }

  write(bytes: string | Uint8Array): void {
    if (this.#wire.writableLength > LIMIT) this.cut()
    if (this.gone || this.#wire.writableEnded) return
    this.#wire.write(bytes)
  }

  beat(): void {
    const every = this.#parts.config.heartbeat ?? BEATS[this.#kind]
    this.send('beat', { now: new Date(this.#parts.clock.now()).toISOString(), every })
    this.#beats += 1
    if (this.#kind === 'operator' || this.#beats % 4 === 0) void this.look()
  }

  /** The LAN socket's bell, as JSON; false when nobody is there to hear it. */
  bell(bell: string): boolean {
    this.write(frame('bell', bell))
    if (this.gone) return false
    void this.look()
    return true
  }

  /** Looks now, or once more after the look that is under way. */
  async look(): Promise<void> {
    this.#again = true
    if (this.#busy) return
    this.#busy = true
    const { clock, log } = this.#parts
    const pause = this.#kind === 'operator' ? BOARD_PAUSE : 0
    try {
      while (this.#again && !this.gone) {
        // Never for longer than that, whatever a clock says that went back.
        const early = Math.min(pause, this.#looked + pause - clock.now())
        if (early > 0) await new Promise<void>((done) => clock.after(early, done))
        this.#again = false
        this.#looked = clock.now()
        if (!(await this.#look(this))) this.#wire.end()
      }
    } catch (error) {
      log.warn('stream-broken', { error })
      this.cut()
    } finally {
      this.#busy = false
    }
  }
}

/** Answers with the head of a stream; what is written to what it gives goes straight to the reader. */
function begin(reply: FastifyReply, now: Instant): Writable {
  const headers: Record<string, string> = {
    ...Object.fromEntries(Object.entries(reply.getHeaders()).map(([k, v]) => [k, String(v)])),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  }
  const response = reply.hijack().raw
  const bare = letGo(response)
  if (bare === undefined) response.writeHead(200, headers)
  else {
    // No length and no chunks: the stream lasts until the connection ends (RFC 9112 clause 6.3, item 8).
    const head = { ...headers, date: new Date(now).toUTCString(), connection: 'close' }
    const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`)
    bare.write(`HTTP/1.1 200 OK\r\n${lines.join('')}\r\n`)
  }
  const wire = bare ?? response
  wire.write('retry: 2000\n\n')
  return wire
}

function startOf(request: FastifyRequest): number {
  const query = request.query
  const asked = typeof query === 'object' && query !== null && 'since' in query ? query.since : undefined
  const cursor = Number(request.headers['last-event-id'] ?? asked ?? 0)
  return Number.isSafeInteger(cursor) && cursor > 0 ? cursor : 0
}
