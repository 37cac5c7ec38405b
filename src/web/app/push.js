import { api, isPassing } from './line.js'
import { keyOf, subscribe } from './push-address.js'
import { state } from './state.js'
import { kept } from './store.js'

/** @import { MeView } from '../shared/types.d.ts' */

/** How often the push address is looked at while nothing seems wrong with it, milliseconds. */
const EVERY = 10 * 60_000
let looked = 0

/**
 * At the start, now and then, and while something is wrong: whether a push still reaches this phone.
 * @param {MeView} me
 * @param {() => void} draw
 */
export async function lookAfterPush(me, draw) {
  const due = Date.now() - looked > EVERY || me.device?.state === 'dead' || !state.pushed
  if (!due || me.device === undefined) return
  looked = Date.now()
  const was = state.pushed
  state.pushed = await mendPush(me).catch((error) => isPassing(error) && was)
  if (state.pushed !== was) draw()
}

/**
 * Push addresses die in silence: browsers drop them, services forget them, the hospital's key changes. Looks whether the
 * one that this phone holds is the one that the server has, by the server's key, and mends it where it may.
 * @param {MeView} me
 * @returns {Promise<boolean>} false: this phone had such an address, and has none that works now
 */
async function mendPush({ device }) {
  const had = device?.channel === 'webpush'
  if (!('Notification' in window) || Notification.permission !== 'granted') return !had
  const registration = await navigator.serviceWorker?.getRegistration('/app/')
  if (registration === undefined || !('pushManager' in registration)) return !had
  /** @type {{ key: string }} */
  const { key } = await api.get('/push-key')
  if (key === '') return true
  const held = await registration.pushManager.getSubscription()
  const dead = device?.state === 'dead'
  const known = had && !dead && held !== null && (await kept('subscribed')) === held.endpoint
  if (!known || keyOf(held) !== key) await subscribe(registration, key, dead, 'pushManager' in window)
  return true
}
