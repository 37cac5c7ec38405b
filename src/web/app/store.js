import { transact } from './db.js'
import { lifted } from './lift.js'

/** @import { AlertView, Answered, Card, InboxItem, MeView } from '../shared/types.d.ts' */

/**
 * An alert as last told, with what the screen needs beside it.
 * @typedef {object} Held
 * @property {string} id
 * @property {Card} card
 * @property {string} at when it was first told
 * @property {string} told when it was last told: what a shift's end goes by
 * @property {string | undefined} until it leaves this device then; absent: no shift ends it
 * @property {string} expires after this it never rings
 * @property {string | undefined} attempt the last attempt that asked
 * @property {string} [draft] words to the others on it that were typed and not sent yet
 * @property {{ cursor: number, at: string }} [rang] the newest row that rang for it here
 * @property {Note | undefined} note what became of an answer that did not come through as given
 */

/** @typedef {{ text: string, at: number }} Note */

/**
 * Something to say to the server once it can be reached; kept in order.
 * @typedef {object} Unsaid
 * @property {number} [key]
 * @property {'POST'} method
 * @property {string} path
 * @property {object} body
 * @property {number} since
 * @property {string} [alert] an answer to this alert
 * @property {string} [answer]
 */

/**
 * The last end of a shift on this device.
 * @typedef {object} Off
 * @property {number} at when it was wiped
 * @property {string | undefined} cleared the server's word for it, where it was reached
 * @property {string | undefined} handset the role a shared handset belongs to
 * @property {boolean} read nobody needs to be told of it any more
 */

/**
 * `contact`: when the server last spoke. `skew`: how far this device's clock was ahead of it then. `tested`: the last
 * self-test. `draft`: what was being written. `handed`: hand-overs that rang. `speaker`: who said that they have this shared handset.
 * @typedef {'token' | 'me' | 'cursor' | 'device' | 'contact' | 'skew' | 'tested' | 'speaker' | 'off' | 'subscribed' | 'renew' | 'language' | 'draft' | 'handed'} Key
 */

/**
 * @param {Key} key
 * @returns {Promise<unknown>}
 */
export const kept = (key) => transact(['kept'], 'readonly', (tx) => tx.objectStore('kept').get(key))

/**
 * @param {Key} key
 * @param {unknown} value
 */
export const keep = (key, value) =>
  transact(['kept'], 'readwrite', (tx) => tx.objectStore('kept').put(value, key))

/** @returns {Promise<string | undefined>} */
export async function token() {
  const value = await kept('token')
  return typeof value === 'string' ? value : undefined
}

/** @returns {Promise<MeView | undefined>} */
export async function keptMe() {
  return /** @type {MeView | undefined} */ (await kept('me'))
}

/** @param {Held} kept @returns {Held} */
const asNow = (kept) => ({ ...kept, card: lifted(kept.card) })

/** @returns {Promise<readonly Held[]>} newest first */
export async function held() {
  const all = await transact(['alerts'], 'readonly', (tx) => tx.objectStore('alerts').getAll())
  return /** @type {Held[]} */ (all ?? []).map(asNow).toSorted((a, b) => b.at.localeCompare(a.at))
}

/**
 * @param {string} id
 * @returns {Promise<Held | undefined>}
 */
export async function heldOne(id) {
  const one = await transact(['alerts'], 'readonly', (tx) => tx.objectStore('alerts').get(id))
  return one && asNow(one)
}

/**
 * Changes an alert that is held; one that is not held stays away.
 * @param {string} id
 * @param {(held: Held) => Held} how
 */
async function change(id, how) {
  await transact(['alerts'], 'readwrite', (tx) => {
    const store = tx.objectStore('alerts')
    const request = store.get(id)
    request.onsuccess = () => {
      if (request.result !== undefined) store.put(how(request.result))
    }
    return undefined
  })
}

/**
 * Keeps a card unless a newer version is already here; of an alert that was looked at whole, no more than the card.
 * @param {Card | AlertView} seen
 */
export const refresh = (seen) =>
  change(seen.id, (had) => ((had.card.revision ?? 0) <= seen.revision ? { ...had, card: cardOf(seen) } : had))

/**
 * @param {Card | AlertView} seen
 * @returns {Card}
 */
function cardOf(seen) {
  if (!('timeline' in seen)) return seen
  const { hops, timeline, attempts, thread, waterfall, reasons, steps, firstByte, filing, ...card } = seen
  return card
}

/**
 * What became of an answer: where this person stands now, and a note where it did not come through as given.
 * @param {string} id
 * @param {Pick<Answered, 'you' | 'version' | 'phase'> | undefined} stands
 * @param {string} [text]
 */
export const keepOutcome = (id, stands, text) =>
  change(id, (had) => ({
    ...had,
    note: text === undefined ? undefined : { text, at: Date.now() },
    card: stands === undefined || stands.version < had.card.version ? had.card : standing(had.card, stands),
  }))

/**
 * @param {Card} card
 * @param {Pick<Answered, 'you' | 'version' | 'phase'>} stands
 * @returns {Card}
 */
function standing(card, { you, version, phase }) {
  const person = card.you?.person
  return {
    ...card,
    version,
    phase,
    ...(you === undefined || person === undefined ? {} : { you: { person, state: you } }),
  }
}

/** @type {Map<string, string>} */
const typed = new Map()
/** @type {Promise<void> | undefined} */
let keeping

/**
 * Keeps what is being typed on an alert, until it is sent or leaves this phone with the alert. Letters come faster than a
 * phone writes: whatever stands by the time it can write is kept.
 * @param {string} id
 * @param {string} draft
 * @returns {Promise<void>} once it is kept
 */
export function keepDraft(id, draft) {
  typed.set(id, draft)
  keeping ??= keepTyped().finally(() => {
    keeping = undefined
  })
  return keeping
}

async function keepTyped() {
  for (const [id, draft] of typed) {
    typed.delete(id)
    await change(id, (had) => ({ ...had, draft }))
  }
}

/** The note has been read. @param {string} id */
export const noted = (id) => change(id, (had) => ({ ...had, note: undefined }))

/**
 * A ring that a later one of the same alert has overtaken: after a dead spot the pushes of both arrive, in any order, and
 * the first pull has rung for all of them. Cursors of nodes apart say nothing of each other, nor do times after a clock
 * was set back: in doubt it rings.
 * @param {InboxItem} item
 * @param {Held | undefined} had
 */
const isOvertaken = ({ ring, cursor, at }, had) =>
  ring && had?.rang !== undefined && cursor < had.rang.cursor && at <= had.rang.at

/**
 * Takes one inbox row. True exactly once for each row over page and worker together: whoever gets true shows it. A row
 * seen before puts back what had left this device and may be kept after all.
 * @param {InboxItem} item
 * @returns {Promise<boolean>}
 */
export async function take(item) {
  let fresh = false
  await transact(['alerts', 'seen'], 'readwrite', (tx) => {
    const seen = tx.objectStore('seen')
    const before = seen.get(item.cursor)
    before.onsuccess = () => {
      fresh = before.result === undefined
      if (fresh) seen.put(item.at, item.cursor)
      const alerts = tx.objectStore('alerts')
      const known = alerts.get(item.alert.id)
      known.onsuccess = () => {
        /** @type {Held | undefined} */
        const had = known.result
        const overtaken = isOvertaken(item, had)
        fresh &&= !overtaken
        alerts.put({
          id: item.alert.id,
          card: had !== undefined && (had.card.revision ?? 0) > item.alert.revision ? had.card : item.alert,
          at: had?.at ?? item.at,
          told: had !== undefined && had.told > item.at ? had.told : item.at,
          until: item.until,
          expires: item.expires,
          attempt: overtaken ? had?.attempt : (item.attempt ?? had?.attempt),
          note: had?.note,
          draft: had?.draft,
          rang: item.ring && !overtaken ? { cursor: item.cursor, at: item.at } : had?.rang,
        })
      }
    }
    return undefined
  })
  return fresh
}

/**
 * All rows after `since` and up to `cursor` are taken: the next pull begins there. Where the end of a shift has set it
 * back meanwhile it stays there.
 * @param {number} since
 * @param {number} cursor
 */
export const passed = (since, cursor) =>
  transact(['kept'], 'readwrite', (tx) => {
    const kept = tx.objectStore('kept')
    const before = kept.get('cursor')
    before.onsuccess = () => {
      const at = Number(before.result ?? 0)
      if (at >= since && at < cursor) kept.put(cursor, 'cursor')
    }
    return undefined
  })

/**
 * @param {Omit<Unsaid, 'key'>} what
 * @returns {Promise<unknown>}
 */
export const leaveUnsaid = (what) =>
  transact(['unsaid'], 'readwrite', (tx) => tx.objectStore('unsaid').add(what))

/** @returns {Promise<readonly Unsaid[]>} in the order in which it was to be said */
export async function unsaid() {
  return (await transact(['unsaid'], 'readonly', (tx) => tx.objectStore('unsaid').getAll())) ?? []
}

/** @param {number} key */
export const nowSaid = (key) =>
  transact(['unsaid'], 'readwrite', (tx) => {
    tx.objectStore('unsaid').delete(key)
    return undefined
  })
