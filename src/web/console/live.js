/** @import { BoardView, Card, ReviewView, SiteView } from '../shared/types.d.ts' */

/** Until the server has said how often it speaks. */
const BEAT = 3000
/** Two beats that did not come, and a moment for the network: what is shown may be old, and the board says so. */
const MISSED = 2
const MOMENT = 300
/** After this many beats the line is taken for dead, whatever the browser thinks of it, and opened anew. */
const DEAD = 4
const AGAIN = 1000

/**
 * What the stream tells, by name. The first words after every opening are the whole: board, review and site.
 * @typedef {object} Hears
 * @property {(data: { now: string, every?: number }) => void} beat
 * @property {(data: BoardView) => void} board
 * @property {(data: Card) => void} alert
 * @property {(data: { id: string, card?: Card }) => void} closed
 * @property {(data: ReviewView) => void} review
 * @property {(data: SiteView) => void} site
 */

const NAMES = /** @type {const} */ (['beat', 'board', 'alert', 'closed', 'review', 'site'])

/**
 * Keeps the stream open. A browser gives up for good when the server refuses or restarts; we do not.
 * @param {Hears} hears
 * @param {{ heard(): void, lost(): void, ended(): void, refused(): Promise<boolean> }} tells `heard` any word; `lost` the
 * connection has gone; `ended` the session is over; `refused` asks whether we are still signed in
 */
export function createLive(hears, tells) {
  /** @type {EventSource | undefined} */
  let source
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let next
  let heard = Date.now()
  let opened = Date.now()
  let running = false
  let beat = BEAT
  /** The connection has gone, and the whole board has not come since. */
  let lost = false

  function open() {
    source?.close()
    opened = Date.now()
    const stream = new EventSource('/api/v1/stream')
    source = stream
    for (const name of NAMES) {
      stream.addEventListener(name, (event) => {
        const data = JSON.parse(/** @type {MessageEvent<string>} */ (event).data)
        heard = Date.now()
        if (name === 'beat' && data.every > 0) beat = data.every
        if (name === 'board') lost = false
        hears[name](data)
        tells.heard()
      })
    }
    stream.addEventListener('signed-out', () => {
      stop()
      tells.ended()
    })
    stream.addEventListener('error', () => {
      if (source !== stream) return
      lost = true
      tells.lost()
      if (stream.readyState === EventSource.CLOSED) void again()
    })
  }

  async function again() {
    clearTimeout(next)
    if (!running) return
    if (!(await tells.refused())) return stop()
    if (running) next = setTimeout(open, AGAIN)
  }

  function stop() {
    running = false
    clearTimeout(next)
    source?.close()
    source = undefined
  }

  return {
    /** Milliseconds since the last word. */
    silentFor: () => Date.now() - heard,
    /** Whether what it told can be taken for what is. */
    isLive: () => running && !lost && Date.now() - heard < MISSED * beat + MOMENT,
    start() {
      running = true
      heard = Date.now()
      open()
    },
    stop,
    /** Called every second: a line that has died without a word is opened anew. */
    check() {
      if (running && Date.now() - Math.max(heard, opened) >= DEAD * beat) open()
    },
  }
}
