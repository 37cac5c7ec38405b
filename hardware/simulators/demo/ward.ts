import { z } from 'zod'
import { type AskView, asksView } from '../../../src/core/desk/ask-views.ts'
import { enrolledView } from '../../../src/core/desk/people-views.ts'
import { SIMULATED } from '../holder.ts'
import { pause } from './stop.ts'

/** How often the screen is looked at: somebody stands before it. */
const LOOK_MS = 250

/** What is typed into a ward's screen. */
export interface WardAsk {
  readonly role: string
  readonly what: string
  readonly want: string
  readonly callBack: string
}

/** The screen of one ward, with somebody before it. */
export interface WardScreen {
  ask(ask: WardAsk): Promise<void>
  /** Its calls as they stood at the last look, with what it has been told. */
  asks(): readonly AskView[]
  close(): Promise<void>
}

/** Enrols a screen, and says of each answer that stands on it that it has been seen. */
export async function startWard(base: string, code: string): Promise<WardScreen> {
  const call = async (token: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${base}/api/v1${path}`, {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
      },
    })
    return response.json()
  }
  const { token } = enrolledView.parse(await call('', '/devices', { code, label: SIMULATED }))
  let seen: readonly AskView[] = []
  const off = new AbortController()
  const look = async (): Promise<void> => {
    while (!off.signal.aborted) {
      try {
        seen = asksView.parse(await call(token, '/asks')).asks
        for (const { id, owed, said } of seen) if (owed) await call(token, `/asks/${id}/told`, { said })
      } catch {
        // The daemon was away for a moment, or has ended: the next look tells.
      }
      await pause(LOOK_MS, off.signal)
    }
  }
  const looking = look()
  return {
    async ask(ask) {
      z.looseObject({ bleep: z.string() }).parse(
        await call(token, '/asks', { ...ask, urgency: 'routine', about: {} }),
      )
    },
    asks: () => seen,
    async close() {
      off.abort()
      await looking
    },
  }
}
