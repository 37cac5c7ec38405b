import { createApi, Refusal, Unreachable } from '../shared/api.js'
import { learn } from '../shared/time.js'
import { keep, kept, leaveUnsaid, nowSaid, refresh, take, token, unsaid } from './store.js'

/** @import { Answered, Card, InboxItem, InboxView } from '../shared/types.d.ts' */

/** How long something unsaid is still worth saying; a receipt or answer later than this misleads. */
const WORTH_SAYING = 30 * 60_000

/** @type {string | undefined} */
let bearer
export const api = createApi(() => bearer)

/** Reads the token this device was given; without one there is nobody to speak for. */
export async function signedIn() {
  bearer = await token()
  return bearer !== undefined
}

/**
 * Pulls the inbox from where this device got to. Each new row is given to `show` exactly once, over page and worker
 * together; what is known already only brings its card up to date.
 * @param {(item: InboxItem) => Promise<void>} show
 */
export async function pull(show) {
  for (;;) {
    const since = Number((await kept('cursor')) ?? 0)
    /** @type {InboxView} */
    const view = await api.get(`/inbox?since=${since}`)
    learn(view.now)
    for (const item of view.items) await receive(item, show)
    if (!view.more) return
  }
}

/**
 * @param {InboxItem} item
 * @param {(item: InboxItem) => Promise<void>} show
 */
export async function receive(item, show) {
  if (await take(item)) {
    if (item.attempt !== undefined) await report(item.attempt, 'on-device')
    await show(item)
  } else await refresh(item.alert)
}

/**
 * Says how far an attempt came; kept for later when the server cannot be reached.
 * @param {string} attempt
 * @param {'on-device' | 'presented' | 'opened'} stage
 */
export async function report(attempt, stage) {
  await say('/receipts', { attempt, stage, at: new Date().toISOString() }).catch((error) => {
    // A receipt for an attempt the server no longer knows has nobody waiting for it.
    if (!(error instanceof Refusal)) throw error
  })
}

/**
 * Answers. One that comes behind somebody else's and still fits goes again by itself (shared/api.js); any other refusal
 * is theirs to read.
 * @param {Pick<Card, 'id' | 'version'>} card
 * @param {string} answer
 * @returns {Promise<Answered | undefined>} undefined: it will be said when the server can be reached
 */
export async function answer(card, answer) {
  return say(`/alerts/${card.id}/answers`, { answer, version: card.version })
}

/**
 * @param {string} path
 * @param {object} body
 */
async function say(path, body) {
  try {
    return await api.send('POST', path, body)
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error
    await leaveUnsaid({ method: 'POST', path, body, since: Date.now() })
    return undefined
  }
}

let catching = false

/** Says what could not be said before, in order. Gives how much is still waiting. */
export async function catchUp() {
  if (catching) return 0
  catching = true
  try {
    for (const what of await unsaid()) {
      if (what.key === undefined) continue
      if (Date.now() - what.since < WORTH_SAYING) {
        try {
          await api.send(what.method, what.path, what.body)
        } catch (error) {
          if (error instanceof Unreachable) break
        }
      }
      await nowSaid(what.key)
    }
    return (await unsaid()).length
  } finally {
    catching = false
  }
}

/**
 * Measures this device's clock against the server's: the quickest of three exchanges is the least uncertain.
 * @returns {Promise<{ offset: number, uncertainty: number }>}
 */
export async function measureClock() {
  let best = { offset: 0, uncertainty: Number.POSITIVE_INFINITY }
  for (let i = 0; i < 3; i++) {
    const sent = Date.now()
    /** @type {{ ms: number }} */
    const { ms } = await api.get('/time')
    const back = Date.now()
    const uncertainty = (back - sent) / 2
    if (uncertainty < best.uncertainty) best = { offset: sent + uncertainty - ms, uncertainty }
  }
  await api.send('PUT', '/devices/me/clock', best)
  await keep('heard', Date.now())
  return best
}
