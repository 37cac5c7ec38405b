/** @import { BoardView, Card, ReviewView, SiteView } from '../shared/types.d.ts' */

/** The server speaks every 5 s; after this long without a word the board may be old, and says so. */
export const SILENT = 12_000
/** After this long the line is taken for dead, whatever the browser thinks of it, and opened anew. */
const DEAD = 25_000
const AGAIN = 2000

/**
 * What the stream tells, by name. The first words after every opening are the whole: board, review and site.
 * @typedef {object} Hears
 * @property {(data: { now: string }) => void} beat
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
 * @param {{ heard(): void, ended(): void, refused(): Promise<boolean> }} tells `heard` any word; `ended` the session is
 * over; `refused` asks whether we are still signed in
 */
export function createLive(hears, tells) {
  /** @type {EventSource | undefined} */
  let source
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let next
  let heard = Date.now()
  let opened = Date.now()
  let running = false

  function open() {
    source?.close()
    opened = Date.now()
    const stream = new EventSource('/api/v1/stream')
    source = stream
    for (const name of NAMES) {
      stream.addEventListener(name, (event) => {
        heard = Date.now()
        hears[name](JSON.parse(/** @type {MessageEvent<string>} */ (event).data))
        tells.heard()
      })
    }
    stream.addEventListener('signed-out', () => {
      stop()
      tells.ended()
    })
    stream.addEventListener('error', () => {
      if (stream.readyState === EventSource.CLOSED && source === stream) void again()
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
    start() {
      running = true
      heard = Date.now()
      open()
    },
    stop,
    /** Called every second: a line that has died without a word is opened anew. */
    check() {
      if (running && Date.now() - Math.max(heard, opened) >= DEAD) open()
    },
  }
}
