import { explain, Refusal } from '../shared/api.js'
import { now } from '../shared/time.js'

/** @import { Api } from '../shared/api.js' */
/** @import { AlertView, BoardView, DailyTestsView, DevicesView, DirectoryView, EstateView, FeedView, MeView, RotaView, StrangersView } from '../shared/types.d.ts' */
/** @import { State } from './context.js' */

/** How far back closed calls stay on the board, folded. */
const CLOSED_FOR = 2 * 3_600_000
/** Who may read the rota; others are not asked to be refused. */
const READS_ROTA = ['switchboard', 'governance', 'admin']

/**
 * Reads what the page in view needs, and keeps it for the next draw.
 * @param {Api} api
 * @param {State} state
 * @param {() => string} where
 * @param {{ draw(): void, tell(text: string, bad?: boolean): void, signedOut(): void }} tells
 */
export function createLoader(api, state, where, { draw, tell, signedOut }) {
  let asked = 0
  /** By thing: the question whose answer is shown. @type {Map<string, number>} */
  const shown = new Map()

  /**
   * Reads one thing. An answer that the answer to a later question has overtaken is old news and is dropped; one that is
   * only behind in asking is not, or a slow server would show nothing new at all.
   * @template T
   * @param {string} what
   * @param {string} path
   * @param {(view: T) => void} take
   */
  async function read(what, path, take) {
    const mine = ++asked
    /** @type {T} */
    const view = await api.get(path)
    if (mine < (shown.get(what) ?? 0)) return
    shown.set(what, mine)
    take(view)
  }

  /** @type {Readonly<Record<string, () => Promise<unknown>>>} */
  const pages = {
    '#/': closed,
    '#/review': () =>
      read('strangers', '/review/strangers', (/** @type {StrangersView} */ view) => {
        state.strangers = view
      }),
    '#/tests': tests,
    '#/rota': () => rota(Number(state.filter.ahead ?? 24)),
    '#/lines': () =>
      Promise.all([
        read('estate', '/supervised', (/** @type {EstateView} */ view) => {
          state.estate = view
        }),
        read('feeds', '/feeds', (/** @type {{ feeds: FeedView[] }} */ view) => {
          state.feeds = view.feeds
        }),
      ]),
    '#/devices': () =>
      read('devices', '/devices', (/** @type {DevicesView} */ { devices, nudges }) => {
        state.nudges = nudges
        state.devices = devices.toSorted((a, b) => a.owner.name.localeCompare(b.owner.name))
      }),
    '#/reports': () =>
      read('shifts', '/reports', (/** @type {{ shifts: NonNullable<State['shifts']> }} */ view) => {
        state.shifts = view.shifts
      }),
  }

  function closed() {
    const since = new Date(now() - CLOSED_FOR).toISOString()
    return read('closed', `/alerts?phase=closed&since=${since}`, (/** @type {BoardView} */ view) => {
      state.closed = view.alerts
    })
  }

  /** @param {number} hours ahead */
  function rota(hours) {
    const to = new Date(now() + hours * 3_600_000).toISOString()
    return read('rota', `/rota?to=${to}`, (/** @type {RotaView} */ view) => {
      state.rota = view
    })
  }

  /** For whoever asks who is on, on any page. */
  async function onNow() {
    if (READS_ROTA.includes(state.me?.access ?? '') && where() !== '#/rota') await rota(24)
  }

  function tests() {
    return read('tests', '/daily-tests', (/** @type {DailyTestsView} */ view) => {
      state.tests = view
    })
  }

  /** @param {string} hash */
  async function one(hash) {
    if (hash.startsWith('#/alert/'))
      await read('alert', `/alerts/${hash.slice('#/alert/'.length)}`, (/** @type {AlertView} */ view) => {
        if (where() === hash) state.alert = view
      })
    else if (hash.startsWith('#/fault'))
      await read('faults', '/faults', (/** @type {{ faults: NonNullable<State['faults']> }} */ view) => {
        state.faults = view.faults
      })
    else await pages[hash]?.()
  }

  /** @param {() => Promise<unknown>} work */
  async function safely(work) {
    if (state.me === undefined || state.signIn !== undefined) return
    try {
      await work()
    } catch (error) {
      if (error instanceof Refusal && error.problem.status === 401) return signedOut()
      // That the server is out of reach the heading says already.
      if (error instanceof Refusal) tell(explain(error), true)
    }
    draw()
  }

  const load = () => safely(() => one(where()))

  return {
    load,
    closed: () => (where() === '#/' ? safely(closed) : Promise.resolve()),

    /** Who has signed in; false: nobody, or nobody answers. */
    async me() {
      try {
        /** @type {MeView} */
        const me = await api.get('/me')
        state.me = me
        state.signIn = undefined
        return true
      } catch (error) {
        if (error instanceof Refusal) signedOut()
        else {
          const page = document.getElementById('page')
          if (page !== null && state.me === undefined) page.textContent = explain(error)
        }
        return false
      }
    },

    async directory() {
      state.directory = await api.get('/directory').then(
        (d) => /** @type {DirectoryView} */ (d),
        () => undefined,
      )
    },

    /** What no event tells: the morning tests, who is on, and the page in view where it is not live by itself. */
    async tick() {
      await safely(tests)
      await safely(onNow)
      if (!where().startsWith('#/alert/')) await load()
    },
  }
}
