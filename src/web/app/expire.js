import { transact } from './db.js'

/** @import { Card, KeptView, MeView } from '../shared/types.d.ts' */
/** @import { Held, Off } from './store.js' */

/** Even an open alert of one's own leaves a phone that nobody has reached for so long, milliseconds. */
const LONGEST = 12 * 3_600_000
/** Where no shift ends what is held, it leaves the phone after this, milliseconds. */
const KEPT_FOR = 7 * 24 * 3_600_000

/**
 * Takes what must not be kept any longer off this device: by the time that came with it, whether or not the server can
 * be reached, and by the server's word. Called before anything is shown, by page and worker alike. The next pull brings
 * back what may be kept after all, because the duty went on, say.
 * @param {number} now milliseconds, the server's time as well as this device can tell
 * @param {KeptView} [said] what may be kept, where the server has said so: of what was told before `saidAt`
 * @param {number} [saidAt]
 * @returns {Promise<number>} how many alerts left with the shift they were told in
 */
export async function expire(now, said, saidAt = now) {
  let gone = 0
  await transact(['alerts', 'seen', 'kept'], 'readwrite', (tx) => {
    const cursor = tx.objectStore('alerts').openCursor()
    cursor.onsuccess = () => {
      const row = cursor.result
      if (row === null) {
        forgetSeen(tx.objectStore('seen'), now)
        remember(tx.objectStore('kept'), said, now, gone)
        return
      }
      /** @type {Held} */
      const before = row.value
      const known = Date.parse(before.told) <= saidAt ? said : undefined
      const held = { ...before, until: personOf(before, known)?.until ?? before.until }
      const over = isOver(held, known, now)
      if (over) row.delete()
      else if (held.until !== before.until) row.update(held)
      if (over === 'shift') gone += 1
      row.continue()
    }
    return undefined
  })
  return gone
}

/**
 * Takes one alert off this device: the server no longer gives it.
 * @param {string} id
 * @param {number} now
 * @returns {Promise<true>}
 */
export async function expireOne(id, now) {
  await transact(['alerts', 'kept'], 'readwrite', (tx) => {
    tx.objectStore('alerts').delete(id)
    remember(tx.objectStore('kept'), undefined, now, 1)
    return undefined
  })
  return true
}

/**
 * @param {Held} held
 * @param {KeptView | undefined} said
 */
const personOf = ({ card }, said) => said?.people.find((p) => p.person === card.you?.person)

/**
 * @param {Held} held
 * @param {KeptView | undefined} said
 * @param {number} now
 * @returns {'shift' | 'age' | undefined} why it has to go
 */
function isOver(held, said, now) {
  const old = Date.parse(held.told) + KEPT_FOR
  if (old <= now) return 'age'
  const until = held.until === undefined ? old : Date.parse(held.until)
  const stranger = said?.shared === true && personOf(held, said) === undefined
  const cleared = said?.cleared !== undefined && held.told <= said.cleared
  // The server clears nothing of an alert that somebody is still on; this phone may not have heard that it is over.
  if (cleared) return 'shift'
  if (until > now && !stranger) return undefined
  return isEngaged(held.card) && now < until + LONGEST ? undefined : 'shift'
}

/**
 * Alerts that stay beyond their time only because, as far as this phone knows, their person is still on them.
 * @param {readonly Held[]} all
 * @param {KeptView} said
 * @param {number} now
 */
export function overdue(all, said, now) {
  return all.filter(
    (h) => Date.parse(h.until ?? '') <= now || (said.shared && personOf(h, said) === undefined),
  )
}

/** Asked on an open alert, or coming to it. @param {Pick<Card, 'phase' | 'you'>} card */
export function isEngaged(card) {
  const you = card.you?.state
  return card.phase !== 'closed' && you !== undefined && !['declined', 'not-me', 'stood-down'].includes(you)
}

/**
 * @param {IDBObjectStore} seen
 * @param {number} now
 */
function forgetSeen(seen, now) {
  const oldest = new Date(now - KEPT_FOR).toISOString()
  const cursor = seen.openCursor()
  cursor.onsuccess = () => {
    const row = cursor.result
    if (row === null) return
    if (row.value < oldest) row.delete()
    row.continue()
  }
}

/**
 * Says on this device that a shift ended. On a shared handset whoever had it is signed out: no name stays.
 * @param {IDBObjectStore} kept
 * @param {KeptView | undefined} said
 * @param {number} now
 * @param {number} gone
 */
function remember(kept, said, now, gone) {
  const before = kept.get('off')
  const who = kept.get('me')
  who.onsuccess = () => {
    /** @type {Off | undefined} */
    const off = before.result
    const cleared = said?.cleared ?? off?.cleared
    if (gone === 0 && cleared === off?.cleared) return
    /** @type {MeView | undefined} */
    const me = who.result
    const handset = me?.device?.owner.kind === 'role' ? me.device.owner.name : off?.handset
    kept.delete('draft')
    kept.put({ at: now, cleared, handset, read: false }, 'off')
    // What may be kept after all is pulled again from the beginning; rows seen before do not ring again.
    kept.put(0, 'cursor')
    if (handset === undefined) return
    kept.delete('me')
    kept.delete('speaker')
  }
}
