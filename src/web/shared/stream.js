import { events } from './events.js'

/** @import { Said } from './events.js' */

/** Longer than two heartbeats without a word: the line is dead, whatever the radio symbol says. Milliseconds. */
const SILENT = 35_000
/** A connection that has not begun to answer by then leads into a hole. As long as any other request may take. */
const CONNECT = 8000
const RETRY = [1000, 2000, 5000, 10_000]
const LOOK = 5000

const never = () => false
/**
 * Whether so many milliseconds are over. By both clocks: one stands still while a phone sleeps, one is set by hand.
 * @param {number} ms
 */
function within(ms) {
  const wall = Date.now() + ms
  const steady = performance.now() + ms
  return () => Date.now() > wall || performance.now() > steady
}

/**
 * Keeps a stream of the hospital’s server open while the page is: server-sent events over fetch, because an EventSource
 * cannot carry a device’s token. What hangs is given up in bounded time, and a network that has come back is used at once.
 * @param {object} on
 * @param {() => Promise<string | undefined>} on.token without one it ends
 * @param {() => Promise<string>} on.path asked anew for each connection
 * @param {Record<string, (data: Said['data']) => Promise<void> | void>} on.hears by name of what the stream tells
 * @param {() => Promise<void> | void} on.out the server knows this device no more: it ends
 * @param {(live: boolean) => void} on.live
 * @returns {() => void} stops it
 */
export function keepStream({ token, path, hears, out, live }) {
  let stopped = false
  let tries = 0
  let current = new AbortController()
  let isOverdue = never
  let wake = () => {}

  const cut = () => current.abort()
  const look = () => {
    if (isOverdue()) cut()
  }
  /** A page that is looked away from, or left, opens nothing anew before its time. */
  const back = () => {
    if (document.visibilityState === 'hidden') return
    look()
    wake()
  }
  const looks = setInterval(look, LOOK)
  // The radio knows sooner than a line that nobody speaks on.
  window.addEventListener('offline', cut)
  window.addEventListener('online', back)
  document.addEventListener('visibilitychange', back)

  function stop() {
    stopped = true
    window.removeEventListener('offline', cut)
    window.removeEventListener('online', back)
    document.removeEventListener('visibilitychange', back)
    clearInterval(looks)
    cut()
    wake()
  }

  /** @param {string} bearer */
  async function listen(bearer) {
    const at = await path()
    if (stopped) return
    current = new AbortController()
    isOverdue = within(CONNECT)
    const headers = { authorization: `Bearer ${bearer}` }
    // A cache would let one of two streams of one address wait for the other's end: of a page that was just left, for ever.
    const response = await fetch(at, { headers, signal: current.signal, cache: 'no-store' })
    if (response.status === 401) {
      stop()
      return out()
    }
    if (!response.ok || response.body === null) throw new Error(String(response.status))
    isOverdue = within(SILENT)
    tries = 0
    live(true)
    for await (const { event, data } of events(response.body)) {
      isOverdue = within(SILENT)
      await hears[event]?.(data)
    }
  }

  async function run() {
    while (!stopped) {
      const bearer = await token()
      if (bearer === undefined) return stop()
      try {
        await listen(bearer)
      } catch {
        // Out of reach or cut off: said on the screen, tried again below.
      }
      // What was told and could not be taken in leaves its connection open, and a browser has six for a server.
      cut()
      isOverdue = never
      if (stopped) return
      live(false)
      const ms = RETRY[Math.min(tries++, RETRY.length - 1)]
      await new Promise((done) => {
        wake = () => done(undefined)
        setTimeout(done, ms)
      })
    }
  }
  void run()
  return stop
}
