import { z } from 'zod'
import { enrolledView } from '../../src/core/desk/people-views.ts'
import { type Card, inboxView, problem } from '../../src/core/desk/views.ts'

/** What simulated phones are called. */
export const SIMULATED = 'Simulated phone'

/** How the owner of a phone behaves. Times in milliseconds after the one before. */
export interface Temper {
  /** The phone is off or out of reach: nothing is ever reported. */
  readonly unreachable?: boolean
  readonly receives: number
  readonly reads: number
  readonly thinks: number
  answer(alert: Card): 'accepted' | 'declined' | 'call-back' | 'attending' | undefined
}

const doorbell = z.object({ id: z.string(), class: z.string(), purpose: z.string() })

/**
 * A phone and its owner, by whatever push it is woken: it enrols with a one-time code and then speaks HTTP: receipt,
 * inbox, answer. Nothing in a push is enough to show; the words are pulled.
 */
export function createHolder(base: string, temper: Temper) {
  const rang: string[] = []
  const timers = new Set<NodeJS.Timeout>()
  let cursor = 0
  let token = ''
  let closed = false
  let pulling = Promise.resolve()

  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${base}/api/v1${path}`, {
      method,
      headers: {
        // A body of none must not be called JSON.
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return response.json()
  }
  const later = (ms: number): Promise<void> =>
    new Promise((done) => {
      const timer = setTimeout(() => {
        timers.delete(timer)
        if (!closed) done()
      }, ms)
      timers.add(timer)
    })

  async function pull(): Promise<void> {
    const inbox = inboxView.parse(await call('GET', `/inbox?since=${cursor}`))
    cursor = inbox.cursor
    for (const item of inbox.items) {
      if (!item.ring || rang.includes(`${item.alert.id}/${item.attempt}`)) continue
      rang.push(`${item.alert.id}/${item.attempt}`)
      see(item.alert, item.attempt).catch(() => {})
    }
  }

  async function see(alert: Card, attempt: string | undefined): Promise<void> {
    const receipt = (stage: string) =>
      attempt === undefined ? undefined : call('POST', '/receipts', { attempt, stage })
    await receipt('presented')
    await later(temper.reads)
    const answer = temper.answer(alert)
    if (answer === undefined) return
    await receipt('opened')
    await later(temper.thinks)
    await say(alert.id, answer, alert.version)
  }

  /** A stale version is answered with what stands: look, and press again. */
  async function say(id: string, answer: string, version: number): Promise<void> {
    const reply = await call('POST', `/alerts/${id}/answers`, { answer, version })
    const refused = problem.safeParse(reply)
    const stands = refused.success ? refused.data.stands : undefined
    if (stands && stands.version !== version && stands.phase !== 'closed')
      await say(id, answer, stands.version)
  }

  return {
    rang,
    call,
    async enrol(code: string, channel: string, address: string): Promise<void> {
      const body = { code, label: SIMULATED, channel, address }
      token = enrolledView.parse(await call('POST', '/devices', body)).token
    },
    /** A push came: what it says is the doorbell, and a roll-call is heard without a sound. */
    async rung(bell: unknown): Promise<void> {
      if (closed || temper.unreachable) return
      const { id } = doorbell.parse(bell)
      await later(temper.receives)
      await call('POST', '/receipts', { attempt: id, stage: 'on-device' })
      if (id.startsWith('roll-')) return
      pulling = pulling.then(pull)
      await pulling
    },
    close() {
      closed = true
      for (const timer of timers) clearTimeout(timer)
    },
  }
}
