import { events } from '../shared/events.js'
import { learn } from '../shared/time.js'

/** @import { InboxItem, KeptView } from '../shared/types.d.ts' */

/** Longer than two heartbeats without a word: the line is dead, whatever the radio symbol says. */
const SILENT = 35_000
const RETRY = [1000, 2000, 5000, 10_000]

/**
 * Keeps a stream to the hospital’s server open while the app is: server-sent events over fetch, because an EventSource
 * cannot carry this device’s token.
 * @param {object} on
 * @param {() => Promise<string | undefined>} on.token
 * @param {() => Promise<number>} on.cursor
 * @param {(item: InboxItem) => Promise<void>} on.item
 * @param {(bell: { id: string, purpose: string }) => Promise<void>} on.bell
 * @param {(keeps: KeptView) => Promise<void>} on.kept what this device may keep from now on
 * @param {() => Promise<void>} on.out the server knows this phone no more
 * @param {(live: boolean) => void} on.live
 * @returns {() => void} stops it
 */
export function listen(on) {
  let stopped = false
  let tries = 0
  /** @type {AbortController | undefined} */
  let current
  let heard = 0

  const watchdog = setInterval(() => {
    if (heard !== 0 && Date.now() - heard > SILENT) current?.abort()
  }, 5000)

  async function run() {
    while (!stopped) {
      const token = await on.token()
      if (token === undefined) return
      current = new AbortController()
      try {
        const response = await fetch(`/api/v1/stream?since=${await on.cursor()}`, {
          headers: { authorization: `Bearer ${token}` },
          signal: current.signal,
        })
        if (response.status === 401) {
          stopped = true
          await on.out()
          return
        }
        if (!response.ok || response.body === null) throw new Error(String(response.status))
        heard = Date.now()
        tries = 0
        on.live(true)
        for await (const { event, data } of events(response.body)) {
          heard = Date.now()
          if (event === 'beat') learn(data.now)
          if (event === 'inbox') await on.item(data)
          if (event === 'bell') await on.bell(data)
          if (event === 'kept') await on.kept(data)
        }
      } catch {
        // Out of reach or cut off: said on the screen, tried again below.
      }
      heard = 0
      on.live(false)
      if (!stopped) await wait(RETRY[Math.min(tries++, RETRY.length - 1)] ?? 10_000)
    }
  }
  void run()
  // The radio knows sooner than a line that nobody speaks on.
  const cut = () => current?.abort()
  window.addEventListener('offline', cut)
  return () => {
    stopped = true
    window.removeEventListener('offline', cut)
    clearInterval(watchdog)
    current?.abort()
  }
}

/** @param {number} ms */
function wait(ms) {
  return new Promise((done) => setTimeout(done, ms))
}
