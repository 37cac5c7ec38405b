import { z } from 'zod'
import type { PushService } from '../../hardware/simulators/push-service.ts'
import { enrolledView } from '../../src/core/desk/people-views.ts'
import { inboxView } from '../../src/core/desk/views.ts'
import { WATCHED } from './site.ts'

/** What a phone has got, in its own words. */
export interface Journal {
  /** How often each attempt was pushed to it. */
  readonly pushed: ReadonlyMap<string, number>
  /** For each text on the screen the alerts that rang for it. */
  readonly shown: ReadonlyMap<string, ReadonlySet<string>>
  /** When the first push for each text came, on the run's own clock. */
  readonly rang: ReadonlyMap<string, number>
  /** Texts that rang as more than one call, and had not when this was last asked. */
  newlyTwice(): readonly string[]
  close(): void
}

const bell = z.object({ id: z.string() })
const stale = z.object({ stands: z.object({ version: z.number(), phase: z.string() }).optional() })
const AGAIN = 200
const WITHIN = 5000
const PULLS = 4
/** A push may be of a call that only the other node knows. */
const LOOKS = 6

/**
 * A phone that goes on trying, at one node and then the next, as one in a pocket does: a push makes it pull, what is new
 * rings once, and its owner comes.
 * @param bases of the nodes, the nearest first
 */
export async function startJournal(options: {
  readonly bases: readonly string[]
  readonly code: string
  readonly push: PushService
  readonly vapidKey: string
}): Promise<Journal> {
  const { bases, push } = options
  const pushed = new Map<string, number>()
  const shown = new Map<string, Set<string>>()
  const begun = new Map<string, number>()
  const rang = new Map<string, number>()
  const presented = new Set<string>()
  const seen = new Set<string>()
  const twice = new Set<string>()
  let told = 0
  let token = ''
  let cursor = 0
  let closed = false
  let pulling = 0
  /** The node that is asked first. */
  let nearest = 0
  const waiting: string[] = []

  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    for (let tries = 0; !closed; tries += 1) {
      try {
        const response = await fetch(`${bases[(nearest + tries) % bases.length]}/api/v1${path}`, {
          method,
          headers: {
            'content-type': 'application/json',
            ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          signal: AbortSignal.timeout(WITHIN),
        })
        if (response.status < 500) return await response.json()
      } catch {
        // Away, cut off or too slow: the next one, a little later.
      }
      if (tries % bases.length === bases.length - 1) await new Promise((next) => setTimeout(next, AGAIN))
    }
    throw new Error('the phone is off')
  }

  async function pull(id: string): Promise<void> {
    for (let looks = 0; looks < LOOKS && !closed && !seen.has(id); looks += 1) {
      if (looks > 0) await new Promise((next) => setTimeout(next, AGAIN))
      await pullOnce(id)
      if (!seen.has(id)) nearest += 1
    }
  }

  async function pullOnce(id: string): Promise<void> {
    for (;;) {
      const inbox = inboxView.parse(await call('GET', `/inbox?since=${cursor}&rang=${id}`))
      cursor = Math.max(cursor, inbox.cursor)
      for (const { ring, alert, attempt } of inbox.items) {
        if (attempt !== undefined) seen.add(attempt)
        const key = `${alert.id}/${attempt}`
        if (!ring || presented.has(key)) continue
        presented.add(key)
        const words = alert.words ?? ''
        const calls = (shown.get(words) ?? new Set()).add(alert.id)
        shown.set(words, calls)
        if (calls.size > 1) twice.add(words)
        if (!rang.has(words)) rang.set(words, begun.get(attempt ?? '') ?? performance.now())
        if (attempt !== undefined) void call('POST', '/receipts', { attempt, stage: 'presented' }).catch(off)
        void come(alert.id, alert.version).catch(off)
      }
      if (!inbox.more) return
    }
  }

  async function come(alert: string, version: number): Promise<void> {
    const reply = stale.safeParse(
      await call('POST', `/alerts/${alert}/answers`, { answer: 'accepted', version }),
    )
    const stands = reply.success ? reply.data.stands : undefined
    if (stands && stands.version !== version && stands.phase !== 'closed') await come(alert, stands.version)
  }

  /** A few pulls at a time, so that one which a dead node keeps waiting holds up no other. */
  async function look(id: string): Promise<void> {
    waiting.push(id)
    if (pulling >= PULLS) return
    pulling += 1
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await pull(next).catch(off)
    pulling -= 1
  }

  const receiver = push.subscribe(options.vapidKey, ({ text }) => {
    if (closed) return
    const { id } = bell.parse(JSON.parse(text))
    pushed.set(id, (pushed.get(id) ?? 0) + 1)
    if (!begun.has(id)) begun.set(id, performance.now())
    void look(id)
    void call('POST', '/receipts', { attempt: id, stage: 'on-device' }).catch(off)
  })
  const enrolled = enrolledView.parse(
    await call('POST', '/devices', {
      code: options.code,
      label: `Phone of ${WATCHED.person}`,
      channel: 'webpush',
      address: JSON.stringify(receiver.subscription),
    }),
  )
  token = enrolled.token
  return {
    pushed,
    shown,
    rang,
    newlyTwice() {
      const fresh = [...twice].slice(told)
      told = twice.size
      return fresh
    },
    close() {
      closed = true
      receiver.unsubscribe()
    },
  }
}

/** A phone that was switched off ends what it was about. */
const off = (): void => undefined
