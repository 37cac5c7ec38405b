/** @import { Card, InboxItem, MeView } from '../shared/types.d.ts' */

/**
 * What this device holds, shared by the page and the worker: who it is, what it was told, what it has not yet been
 * able to say. Everything is in one database, so that signing out can wipe it whole.
 */
const NAME = 'bleeps'

/**
 * An alert as last told, with what the screen needs beside it.
 * @typedef {object} Held
 * @property {string} id
 * @property {Card} card
 * @property {string} at when it was first told
 * @property {string} expires after this it never rings
 * @property {string | undefined} attempt the last attempt that asked
 */

/**
 * Something to say to the server once it can be reached; kept in order.
 * @typedef {object} Unsaid
 * @property {number} [key]
 * @property {'POST'} method
 * @property {string} path
 * @property {object} body
 * @property {number} since
 */

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((done, fail) => {
    const request = indexedDB.open(NAME, 1)
    request.onupgradeneeded = () => {
      const db = request.result
      db.createObjectStore('kept')
      db.createObjectStore('alerts', { keyPath: 'id' })
      db.createObjectStore('seen')
      db.createObjectStore('unsaid', { keyPath: 'key', autoIncrement: true })
    }
    request.onsuccess = () => done(request.result)
    request.onerror = () => fail(request.error)
  })
}

/**
 * One transaction; resolves with what `work` asked for once it is durable.
 * @template T
 * @param {readonly string[]} stores
 * @param {IDBTransactionMode} mode
 * @param {(tx: IDBTransaction) => IDBRequest<T> | undefined} work
 * @returns {Promise<T | undefined>}
 */
async function transact(stores, mode, work) {
  const db = await open()
  try {
    return await new Promise((done, fail) => {
      const tx = db.transaction([...stores], mode)
      const request = work(tx)
      tx.oncomplete = () => done(request?.result)
      tx.onabort = () => fail(tx.error)
      tx.onerror = () => fail(tx.error)
    })
  } finally {
    db.close()
  }
}

/**
 * @param {'token' | 'me' | 'cursor' | 'device' | 'heard' | 'sound'} key
 * @returns {Promise<unknown>}
 */
export const kept = (key) => transact(['kept'], 'readonly', (tx) => tx.objectStore('kept').get(key))

/**
 * @param {'token' | 'me' | 'cursor' | 'device' | 'heard' | 'sound'} key
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

/** @returns {Promise<readonly Held[]>} newest first */
export async function held() {
  const all = await transact(['alerts'], 'readonly', (tx) => tx.objectStore('alerts').getAll())
  return /** @type {Held[]} */ (all ?? []).toSorted((a, b) => b.at.localeCompare(a.at))
}

/**
 * @param {string} id
 * @returns {Promise<Held | undefined>}
 */
export async function heldOne(id) {
  return transact(['alerts'], 'readonly', (tx) => tx.objectStore('alerts').get(id))
}

/** Keeps a card unless a newer version is already here. @param {Card} card */
export async function refresh(card) {
  await transact(['alerts'], 'readwrite', (tx) => {
    const store = tx.objectStore('alerts')
    const request = store.get(card.id)
    request.onsuccess = () => {
      /** @type {Held | undefined} */
      const before = request.result
      if (before !== undefined && (before.card.revision ?? 0) <= card.revision) store.put({ ...before, card })
    }
    return undefined
  })
}

/**
 * Takes one inbox row. True exactly once for each row over page and worker together: whoever gets true shows it.
 * @param {InboxItem} item
 * @returns {Promise<boolean>}
 */
export async function take(item) {
  let fresh = false
  await transact(['alerts', 'seen', 'kept'], 'readwrite', (tx) => {
    const seen = tx.objectStore('seen')
    const before = seen.get(item.cursor)
    before.onsuccess = () => {
      if (before.result !== undefined) return
      fresh = true
      seen.put(item.at, item.cursor)
      const alerts = tx.objectStore('alerts')
      const known = alerts.get(item.alert.id)
      known.onsuccess = () => {
        /** @type {Held | undefined} */
        const had = known.result
        alerts.put({
          id: item.alert.id,
          card: had !== undefined && (had.card.revision ?? 0) > item.alert.revision ? had.card : item.alert,
          at: had?.at ?? item.at,
          expires: item.expires,
          attempt: item.attempt ?? had?.attempt,
        })
      }
      const kept = tx.objectStore('kept')
      const cursor = kept.get('cursor')
      cursor.onsuccess = () => {
        if (!(Number(cursor.result) >= item.cursor)) kept.put(item.cursor, 'cursor')
      }
    }
    return undefined
  })
  return fresh
}

/** Rows and alerts older than this leave the phone by themselves. */
const KEPT_FOR = 7 * 24 * 3_600_000

export async function tidy() {
  const oldest = new Date(Date.now() - KEPT_FOR).toISOString()
  await transact(['alerts', 'seen'], 'readwrite', (tx) => {
    for (const name of ['alerts', 'seen']) {
      const cursor = tx.objectStore(name).openCursor()
      cursor.onsuccess = () => {
        const row = cursor.result
        if (row === null) return
        const at = typeof row.value === 'string' ? row.value : row.value.at
        if (at < oldest) row.delete()
        row.continue()
      }
    }
    return undefined
  })
}

/** @param {Omit<Unsaid, 'key'>} what */
export const leaveUnsaid = (what) =>
  transact(['unsaid'], 'readwrite', (tx) => tx.objectStore('unsaid').add(what))

/** @returns {Promise<readonly Unsaid[]>} oldest first */
export async function unsaid() {
  return (await transact(['unsaid'], 'readonly', (tx) => tx.objectStore('unsaid').getAll())) ?? []
}

/** @param {number} key */
export const nowSaid = (key) =>
  transact(['unsaid'], 'readwrite', (tx) => {
    tx.objectStore('unsaid').delete(key)
    return undefined
  })

/** Everything this device holds, gone: rows first, so that nothing is left even if the database itself is held open. */
export async function wipe() {
  await transact(['kept', 'alerts', 'seen', 'unsaid'], 'readwrite', (tx) => {
    for (const name of ['kept', 'alerts', 'seen', 'unsaid']) tx.objectStore(name).clear()
    return undefined
  })
  await /** @type {Promise<void>} */ (
    new Promise((done) => {
      const request = indexedDB.deleteDatabase(NAME)
      request.onsuccess = () => done()
      request.onerror = () => done()
      request.onblocked = () => done()
    })
  )
}
