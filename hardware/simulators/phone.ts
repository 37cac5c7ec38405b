import { z } from 'zod'
import { enrolledView } from '../../src/core/desk/people-views.ts'
import { type Card, inboxView, problem } from '../../src/core/desk/views.ts'
import type { PushService } from './push-service.ts'

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

export interface Phone {
  readonly person: string
  /** Alerts that rang on the screen, each once. */
  readonly rang: readonly string[]
  close(): void
}

const doorbell = z.object({ id: z.string(), class: z.string(), purpose: z.string() })

/**
 * A phone as the daemon meets one: enrols with a one-time code, has a push subscription whose messages it decrypts
 * itself, and then speaks HTTP: receipt, inbox, answer. Nothing in a push is enough to show; the words are pulled.
 */
export async function startPhone(options: {
  readonly base: string
  readonly code: string
  readonly person: string
  readonly push: PushService
  readonly vapidKey: string
  readonly temper: Temper
}): Promise<Phone> {
  const { base, person, push, temper } = options
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
        'content-type': 'application/json',
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

  async function rung(text: string): Promise<void> {
    if (temper.unreachable) return
    const { id } = doorbell.parse(JSON.parse(text))
    await later(temper.receives)
    await call('POST', '/receipts', { attempt: id, stage: 'on-device' })
    pulling = pulling.then(pull)
    await pulling
  }

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

  const receiver = push.subscribe(options.vapidKey, (message) => {
    if (!closed) rung(message.text).catch(() => {})
  })
  const enrolled = enrolledView.parse(
    await call('POST', '/devices', {
      code: options.code,
      label: SIMULATED,
      channel: 'webpush',
      address: JSON.stringify(receiver.subscription),
    }),
  )
  token = enrolled.token
  return {
    person,
    rang,
    close() {
      closed = true
      for (const timer of timers) clearTimeout(timer)
      receiver.unsubscribe()
    },
  }
}
