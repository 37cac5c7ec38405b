/** One database on this device, shared by page and worker, so that signing out can wipe it whole. */
const NAME = 'bleeps'

/** Every table: what the phone is and knows of itself, alerts as last told, inbox rows seen, what is still to be said. */
const TABLES = /** @type {const} */ (['kept', 'alerts', 'seen', 'unsaid'])

/** @typedef {(typeof TABLES)[number]} Table */

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

let sealed = false

/**
 * While this phone is being given away, and until it is somebody's again, whatever is still on its way here is dropped.
 * @param {boolean} yes
 */
export function seal(yes) {
  sealed = yes
}

/**
 * One transaction; resolves with what `work` asked for once it is durable.
 * @template T
 * @param {readonly Table[]} tables
 * @param {IDBTransactionMode} mode
 * @param {(tx: IDBTransaction) => IDBRequest<T> | undefined} work
 * @returns {Promise<T | undefined>}
 */
export async function transact(tables, mode, work) {
  if (sealed && mode === 'readwrite') return undefined
  return run(tables, mode, work)
}

/**
 * @template T
 * @param {readonly Table[]} tables
 * @param {IDBTransactionMode} mode
 * @param {(tx: IDBTransaction) => IDBRequest<T> | undefined} work
 * @returns {Promise<T | undefined>}
 */
async function run(tables, mode, work) {
  const db = await open()
  try {
    return await new Promise((done, fail) => {
      const tx = db.transaction([...tables], mode)
      const request = work(tx)
      tx.oncomplete = () => done(request?.result)
      tx.onabort = () => fail(tx.error)
      tx.onerror = () => fail(tx.error)
    })
  } finally {
    db.close()
  }
}

/** Everything this device holds, gone: rows first, so that nothing is left even if the database itself is held open. */
export async function wipe() {
  await run(TABLES, 'readwrite', (tx) => {
    for (const name of TABLES) tx.objectStore(name).clear()
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
