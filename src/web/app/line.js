import { createApi, explain, Refusal, Unreachable } from '../shared/api.js'
import { say } from '../shared/say.js'
import { learn, now } from '../shared/time.js'
import { expire, expireOne, overdue } from './expire.js'
import {
  held,
  keep,
  keepOutcome,
  kept,
  leaveUnsaid,
  nowSaid,
  passed,
  refresh,
  take,
  token,
  unsaid,
} from './store.js'
import { urgentFirst } from './urgent-first.js'

/** @import { AlertView, Answered, Card, InboxItem, InboxView } from '../shared/types.d.ts' */
/** @import { Unsaid } from './store.js' */

/** How long something unsaid is still worth saying; a receipt or answer later than this misleads. */
const WORTH_SAYING = 30 * 60_000

/** @type {string | undefined} */
let bearer
export const api = createApi(() => bearer)

/** Reads the token this device was given, and how wrong its clock is; without a token there is nobody to speak for. */
export async function signedIn() {
  bearer = await token()
  const skew = await kept('skew')
  if (typeof skew === 'number') learn(new Date(Date.now() - skew).toISOString())
  return bearer !== undefined
}

/**
 * Pulls the inbox from where this device got to, and drops what may not be kept. Each new row is given to `show`
 * exactly once, over page and worker together; what is known already only brings its card up to date.
 * @param {(item: InboxItem) => Promise<void>} show
 * @param {string} [rang] what the push named that made us look
 * @returns {Promise<number>} how many alerts left because the shift they were told in is over
 */
export async function pull(show, rang) {
  let gone = 0
  for (;;) {
    const since = Number((await kept('cursor')) ?? 0)
    /** @type {InboxView} */
    const view = await inbox(since, rang)
    learn(view.now)
    await keep('contact', Date.now())
    await keep('skew', Date.now() - Date.parse(view.now))
    for (const item of urgentFirst(view.items)) await receive(item, show, 'pull')
    // Only now: whoever is cut off half-way begins again, and rings for none twice.
    await passed(since, view.cursor)
    gone += await expire(now(), view.kept, Date.parse(view.now))
    if (view.more) continue
    for (const { id } of overdue(await held(), view.kept, now())) if (await isOver(id)) gone += 1
    return gone
  }
}

const ASK_ELSEWHERE = 3
const ELSEWHERE_MS = 300

/**
 * While nodes are apart, only the one that rang knows of the call: any other says so, and asking again leads to another.
 * @param {number} since
 * @param {string} [rang]
 * @returns {Promise<InboxView>}
 */
async function inbox(since, rang) {
  for (let left = rang === undefined ? 0 : ASK_ELSEWHERE; left > 0; left -= 1) {
    try {
      return await api.get(`/inbox?since=${since}&rang=${rang}`)
    } catch (error) {
      if (!(error instanceof Refusal) || error.problem.status !== 503) throw error
      await new Promise((done) => setTimeout(done, ELSEWHERE_MS))
    }
  }
  return api.get(`/inbox?since=${since}`)
}

/**
 * Asks after one alert whose time is over: it stays while its person is still on it, and no longer.
 * @param {string} id
 */
async function isOver(id) {
  try {
    /** @type {AlertView} */
    const view = await api.get(`/alerts/${id}`)
    await refresh(view)
    return (await expire(now())) > 0
  } catch (error) {
    if (!(error instanceof Refusal) || ![404, 410].includes(error.problem.status)) throw error
    return expireOne(id, now())
  }
}

/**
 * @param {InboxItem} item
 * @param {(item: InboxItem) => Promise<void>} show
 * @param {'stream' | 'pull'} by
 */
export async function receive(item, show, by) {
  if (await take(item)) {
    if (item.attempt !== undefined) await report(item.attempt, 'on-device', by)
    await show(item)
  } else await refresh(item.alert)
}

/**
 * Says how far an attempt came; kept for later when the server cannot be reached.
 * @param {string} attempt
 * @param {'on-device' | 'presented' | 'opened'} stage
 * @param {'push' | 'stream' | 'pull'} by how it came here: only that way is shown to work
 */
export async function report(attempt, stage, by = 'pull') {
  const body = { attempt, stage, by, at: new Date().toISOString() }
  try {
    await api.send('POST', '/receipts', body)
  } catch (error) {
    // A receipt for an attempt the server no longer knows has nobody waiting for it.
    if (!isPassing(error)) return
    await leaveUnsaid({ method: 'POST', path: '/receipts', body, since: Date.now() })
  }
}

/** The server knows this phone no more: its token is void. @param {unknown} error */
export const isOut = (error) => error instanceof Refusal && error.problem.status === 401

/** A role is offered or given to whoever has this phone. @param {{ id: string }} bell */
export const isHandOver = ({ id }) => id.startsWith('hand-')

/** Another phone was set up for the person who has this one. @param {{ id: string }} bell */
export const isNewPhone = ({ id }) => id.startsWith('phone-')

/** Somebody has answered a call that whoever has this phone made. @param {{ id: string }} bell */
export const isAskNews = ({ id }) => id.startsWith('ask-')

/**
 * At the change of shift each phone is rung once without a sound: its own receipt proves that it can be reached.
 * @param {{ id: string }} bell
 */
export const isRollCall = ({ id }) => id.startsWith('roll-')

/**
 * Answers: first on this device, so that nothing is lost however the next seconds go, then at the server. Given twice it
 * happens once.
 * @param {Pick<Card, 'id' | 'version'>} card
 * @param {string} answer
 * @param {string} [person] which of its holders speaks, on a shared handset
 * @param {() => void} [queued] it is safe on this device
 */
export async function answer(card, answer, person, queued) {
  await keepOutcome(card.id, undefined)
  await leaveUnsaid({
    method: 'POST',
    path: `/alerts/${card.id}/answers`,
    body: { answer, version: card.version, ...(person === undefined ? {} : { person }) },
    since: Date.now(),
    alert: card.id,
    answer,
  })
  queued?.()
  await catchUp()
}

/** Says what could not be said before, in order, once over page and worker together. Gives how much is still waiting. */
export async function catchUp() {
  const locks = navigator.locks
  if (locks === undefined) return sayAll()
  return locks.request('bleeps-unsaid', sayAll)
}

async function sayAll() {
  for (const what of await unsaid()) {
    if (what.key === undefined) continue
    if (Date.now() - what.since > WORTH_SAYING) await tooLate(what)
    else if (!(await sayOne(what))) break
    await nowSaid(what.key)
  }
  return (await unsaid()).length
}

/**
 * @param {Unsaid} what
 * @returns {Promise<boolean>} false: it has to wait
 */
async function sayOne(what) {
  try {
    /** @type {Answered | undefined} */
    const done = await api.send(what.method, what.path, what.body)
    if (what.alert !== undefined) await keepOutcome(what.alert, done)
  } catch (error) {
    if (isPassing(error)) return false
    if (what.alert !== undefined) {
      const stands = error instanceof Refusal ? error.problem.stands : undefined
      await keepOutcome(what.alert, stands, say('phone.yourAnswerWasNotTaken', { error: explain(error) }))
    }
  }
  return true
}

/** @param {Unsaid} what */
async function tooLate(what) {
  if (what.alert === undefined) return
  await keepOutcome(what.alert, undefined, say('phone.yourAnswerCouldNotBe'))
}

/**
 * Out of reach, or a server that cannot work for now: worth saying again. A refusal is final.
 * @param {unknown} error
 */
export function isPassing(error) {
  if (error instanceof Unreachable) return true
  return (
    error instanceof Refusal && (error.problem.status >= 500 || [408, 429].includes(error.problem.status))
  )
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
  return best
}
