import { transact } from './db.js'

/** Names kept, so that none rings again: more hand-overs than one person gets in a shift. */
const KEPT = 50

/**
 * Whether the server names a hand-over that nobody was rung for on this device yet. From then on it counts as rung, over
 * page and worker together.
 * @param {readonly string[]} handed names of offers and of roles just given, as the server has them
 * @returns {Promise<boolean>}
 */
export async function isNewlyHanded(handed) {
  let fresh = false
  await transact(['kept'], 'readwrite', (tx) => {
    const kept = tx.objectStore('kept')
    const before = kept.get('handed')
    before.onsuccess = () => {
      const known = /** @type {readonly string[]} */ (before.result ?? [])
      const added = handed.filter((id) => !known.includes(id))
      fresh = added.length > 0
      if (fresh) kept.put([...known, ...added].slice(-KEPT), 'handed')
    }
    return undefined
  })
  return fresh
}
