import type { FastifyReply, FastifyRequest } from 'fastify'
import { SECOND } from '../../core/instant.ts'
import type { Timer } from '../../ports/clock.ts'
import type { Caller } from '../../ports/desk.ts'
import type { HttpParts } from './parts.ts'

/** A reader this far behind is dead or stalled: it is cut off and comes back by its cursor. */
const LIMIT = 1024 * 1024

/** Shortest time between two workings-out of one board. */
const BOARD_PAUSE = 200

/** The same of what a board must know beside the alerts: links and rotas do not change with every answer. */
const SITE_PAUSE = 2 * SECOND

/** A board says how long it has heard nothing, so it hears of us often; there are few boards. */
const BOARD_BEAT = 5 * SECOND

/** Where streams are opened, below the prefix of the interface. */
export const STREAM = '/stream'

interface Sink {
  send(event: string, data: unknown, id?: number): void
}

/**
 * Server-sent events (WHATWG HTML, clause 9.2) for one caller. A board gets every open alert at once and then each
 * change, with the bleeps that rang nobody and the state of the site; a phone gets its inbox from `Last-Event-ID` or
 * `since` onwards. A `beat` tells both that the line lives. When a console session ends, so does its stream, with a word.
 * A lost wake costs some heartbeats, never a row: a board looks again at each, a phone at each fourth, because there
 * are thousands of phones. A board is worked out at most five times a second, however fast answers come in.
 */
export async function stream(parts: HttpParts, caller: Caller, request: FastifyRequest, reply: FastifyReply) {
  const raw = reply.hijack().raw
  raw.writeHead(200, {
    ...Object.fromEntries(Object.entries(reply.getHeaders()).map(([k, v]) => [k, String(v)])),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  raw.write('retry: 2000\n\n')

  const sink: Sink = {
    send(event, data, id) {
      if (raw.writableLength > LIMIT) raw.destroy()
      if (raw.destroyed || raw.writableEnded) return
      raw.write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    },
  }
  const look =
    caller.kind === 'device' ? phone(parts, caller, sink, startOf(request)) : board(parts, caller, sink)

  const pause = caller.kind === 'device' ? 0 : BOARD_PAUSE
  let busy = false
  let again = false
  let looked = Number.NEGATIVE_INFINITY
  const run = async () => {
    again = true
    if (busy) return
    busy = true
    try {
      while (again && !raw.destroyed) {
        const early = looked + pause - parts.clock.now()
        if (early > 0) await new Promise<void>((done) => parts.clock.after(early, done))
        again = false
        looked = parts.clock.now()
        if (!(await look())) raw.end()
      }
    } catch (error) {
      parts.log.warn('stream-broken', { fault: error instanceof Error ? error.name : 'unknown' })
      raw.destroy()
    } finally {
      busy = false
    }
  }

  let beat: Timer
  let beats = 0
  const every = parts.config.heartbeat ?? (caller.kind === 'operator' ? BOARD_BEAT : 15 * SECOND)
  const tick = () => {
    sink.send('beat', { now: new Date(parts.clock.now()).toISOString() })
    beats += 1
    if (caller.kind === 'operator' || beats % 4 === 0) void run()
    beat = parts.clock.after(every, tick)
  }
  beat = parts.clock.after(every, tick)
  const unwatch = parts.desk.watch(caller, () => void run())
  const leave =
    caller.kind === 'device'
      ? parts.sockets?.attach(caller.device, (data) => {
          if (raw.destroyed) return false
          sink.send('bell', JSON.parse(data))
          void run()
          return true
        })
      : undefined
  const until = caller.kind === 'operator' ? caller.until : undefined
  const end =
    until === undefined
      ? undefined
      : parts.clock.after(Math.max(0, until - parts.clock.now()), () => {
          sink.send('signed-out', {})
          raw.end()
        })
  parts.watch?.stream(1)
  raw.on('close', () => {
    parts.watch?.stream(-1)
    beat.cancel()
    end?.cancel()
    unwatch()
    leave?.()
  })
  await run()
}

/** Sends the whole board first, then what changed since the last look. False: the caller may no longer look. */
function board(parts: HttpParts, caller: Caller, sink: Sink): () => Promise<boolean> {
  let shown: Map<string, string> | undefined
  let waiting: string | undefined
  let stands: string | undefined
  let looked = Number.NEGATIVE_INFINITY

  const alerts = async (): Promise<boolean> => {
    const said = await parts.desk.board(caller, { phase: 'open' })
    if (!said.ok) return false
    const now = new Map(said.value.alerts.map((a) => [a.id, JSON.stringify(a)]))
    if (shown === undefined) sink.send('board', said.value)
    else {
      for (const a of said.value.alerts) if (shown.get(a.id) !== now.get(a.id)) sink.send('alert', a)
      for (const id of shown.keys()) if (!now.has(id)) sink.send('closed', { id })
    }
    shown = now
    return true
  }
  const review = async (): Promise<boolean> => {
    const said = await parts.desk.review(caller)
    if (!said.ok) return false
    const bleeps = JSON.stringify(said.value.bleeps)
    if (bleeps !== waiting) sink.send('review', said.value)
    waiting = bleeps
    return true
  }
  const site = async (): Promise<boolean> => {
    if (parts.clock.now() - looked < SITE_PAUSE) return true
    looked = parts.clock.now()
    const said = await parts.desk.site(caller)
    if (!said.ok) return false
    const { now: _, ...rest } = said.value
    const view = JSON.stringify(rest)
    if (view !== stands) sink.send('site', said.value)
    stands = view
    return true
  }
  // One after the other: a board that comes back after a cut gets all three whole.
  return async () => (await alerts()) && (await review()) && (await site())
}

function phone(parts: HttpParts, caller: Caller, sink: Sink, since: number): () => Promise<boolean> {
  let cursor = since
  return async () => {
    for (;;) {
      const said = await parts.desk.inbox(caller, cursor)
      if (!said.ok) return false
      for (const item of said.value.items) sink.send('inbox', item, item.cursor)
      cursor = said.value.cursor
      if (!said.value.more) return true
    }
  }
}

function startOf(request: FastifyRequest): number {
  const query = request.query
  const asked = typeof query === 'object' && query !== null && 'since' in query ? query.since : undefined
  const cursor = Number(request.headers['last-event-id'] ?? asked ?? 0)
  return Number.isSafeInteger(cursor) && cursor > 0 ? cursor : 0
}
