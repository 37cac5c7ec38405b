import { html } from '../shared/dom.js'
import { say } from '../shared/say.js'
import { now } from '../shared/time.js'
import { accountPage, loadAccount } from './account.js'
import { alertPage } from './alert.js'
import { board } from './board.js'
import { dailyPage } from './daily.js'
import { devicesPage } from './devices.js'
import { filingsPage, loadFilings } from './filings.js'
import { findPage, loadFound } from './find.js'
import { faultPage, linesPage } from './lines.js'
import { posterPage } from './poster.js'
import { loadReady, readyPage } from './ready.js'
import { reportsPage } from './reports.js'
import { loadRequest, requestPage } from './request.js'
import { loadRequests, requestsPage } from './requests.js'
import { reviewPage } from './review.js'
import { rotaPage } from './rota.js'
import { loadRotaChanges } from './rota-change.js'
import { loadCalls, startPage } from './start.js'
import { wallPage } from './wall.js'
import { whoPage } from './who.js'

/** @import { AlertView, AppView, AsksView, BoardView, DailyTestsView, DevicesView, EstateView, FeedView, MeView, RotaView, StrangersView } from '../shared/types.d.ts' */
/** @import { State } from './context.js' */
/** @import { PageContext, Read } from './pages.d.ts' */

/** How far back closed calls stay on the board, folded. */
const CLOSED_FOR = 2 * 3_600_000

/**
 * One page of the console. A new page is its module and a row in the table below.
 * @typedef {object} Page
 * @property {string} hash what its address begins with; the rest is handed to `load` and `view`
 * @property {string} [label] in the navigation; absent: reached by links alone
 * @property {string} [key] the letter that opens it
 * @property {MeView['may'][number]} [may] who has a use for it; absent: everybody
 * @property {(read: Read, state: State, rest: string) => Promise<unknown>} [load]
 * @property {(context: PageContext, rest: string) => import('/vendor/lit-html.js').TemplateResult} view
 */

/** @type {readonly Page[]} */
const PAGES = [
  { hash: '#/', label: say('frame.board'), key: 'b', load: boardOf, view: board },
  {
    hash: '#/call',
    label: say('start.title'),
    key: 'n',
    may: 'alert.manage',
    load: loadCalls,
    view: startPage,
  },
  {
    hash: '#/review',
    label: say('frame.review'),
    key: 'v',
    load: (read, state) =>
      read('strangers', '/review/strangers', (/** @type {StrangersView} */ view) => {
        state.strangers = view
      }),
    view: reviewPage,
  },
  { hash: '#/tests', label: say('frame.tests'), key: 't', may: 'tests.read', load: tests, view: dailyPage },
  {
    hash: '#/rota',
    label: say('frame.rota'),
    key: 'r',
    may: 'rota.read',
    load: (read, state) =>
      Promise.all([rota(read, state, Number(state.filter.ahead ?? 24)), loadRotaChanges(read, state)]),
    view: rotaPage,
  },
  {
    hash: '#/find',
    label: say('find.find'),
    key: 'f',
    may: 'alert.read',
    load: loadFound,
    view: findPage,
  },
  {
    hash: '#/filings',
    label: say('filing.title'),
    key: 'g',
    may: 'filing.read',
    load: loadFilings,
    view: filingsPage,
  },
  {
    hash: '#/lines',
    label: say('frame.lines'),
    key: 'l',
    may: 'feeds.read',
    load: (read, state) =>
      Promise.all([
        read('estate', '/supervised', (/** @type {EstateView} */ view) => {
          state.estate = view
        }),
        read('feeds', '/feeds', (/** @type {{ feeds: FeedView[] }} */ view) => {
          state.feeds = view.feeds
        }),
      ]),
    view: linesPage,
  },
  {
    hash: '#/devices',
    label: say('frame.devices'),
    key: 'd',
    may: 'device.list',
    load: async (read, state) => {
      await read('codes', '/enrolments', (/** @type {{ codes: State['codes'] }} */ view) => {
        state.codes = view.codes
      })
      await read('devices', '/devices', (/** @type {DevicesView} */ { devices, enters }) => {
        state.enters = enters
        state.devices = devices.toSorted((a, b) => a.owner.name.localeCompare(b.owner.name))
      })
    },
    view: devicesPage,
  },
  {
    hash: '#/reports',
    label: say('frame.reports'),
    key: 'p',
    may: 'reports.read',
    load: (read, state) =>
      read('shifts', '/reports', (/** @type {{ shifts: NonNullable<State['shifts']> }} */ view) => {
        state.shifts = view.shifts
      }),
    view: reportsPage,
  },
  { hash: '#/ready', load: loadReady, view: readyPage },
  { hash: '#/who', may: 'rota.read', view: whoPage },
  { hash: '#/wall', view: wallPage },
  { hash: '#/account', load: loadAccount, view: accountPage },
  {
    hash: '#/requests',
    label: say('requests.title'),
    key: 'q',
    may: 'subject.read',
    load: loadRequests,
    view: requestsPage,
  },
  { hash: '#/request/', may: 'subject.read', load: loadRequest, view: requestPage },
  {
    hash: '#/alert/',
    may: 'alert.read',
    load: (read, state, id) =>
      read('alert', `/alerts/${id}`, (/** @type {AlertView} */ view) => {
        if (location.hash.endsWith(id)) state.alert = view
      }),
    view: (context) =>
      context.state.alert === undefined
        ? html`<p class="wait">${say('frame.loading')}</p>`
        : alertPage({ ...context, view: context.state.alert }),
  },
  {
    hash: '#/poster',
    may: 'device.list',
    load: (read, state) =>
      read('app', '/devices/app', (/** @type {AppView} */ view) => {
        state.app = view
      }),
    view: posterPage,
  },
  {
    hash: '#/fault',
    load: (read, state) =>
      read('faults', '/faults', (/** @type {{ faults: NonNullable<State['faults']> }} */ view) => {
        state.faults = view.faults
      }),
    view: (context, rest) => faultPage(context, rest.slice(1)),
  },
]

/** @type {NonNullable<Page['load']>} */
function boardOf(read, state, rest) {
  const mayTell = state.me?.may.includes('ask.read')
  return Promise.all([closed(read, state, rest), mayTell ? asks(read, state) : undefined])
}

/**
 * Answers that the switchboard has to read out.
 * @param {Read} read
 * @param {State} state
 */
export const asks = (read, state) =>
  read('asks', '/asks', (/** @type {AsksView} */ view) => {
    state.asks = view.asks
  })

/** Closed calls of the last hours. @type {NonNullable<Page['load']>} */
function closed(read, state) {
  const since = new Date(now() - CLOSED_FOR).toISOString()
  return read('closed', `/alerts?phase=closed&since=${since}`, (/** @type {BoardView} */ view) => {
    state.closed = view.alerts
  })
}

/** @type {NonNullable<Page['load']>} */
export function tests(read, state) {
  return read('tests', '/daily-tests', (/** @type {DailyTestsView} */ view) => {
    state.tests = view
  })
}

/**
 * @param {Read} read
 * @param {State} state
 * @param {number} hours ahead
 */
export function rota(read, state, hours) {
  const to = new Date(now() + hours * 3_600_000).toISOString()
  return read('rota', `/rota?to=${to}`, (/** @type {RotaView} */ view) => {
    state.rota = view
  })
}

/**
 * The page at an address, and the rest of the address; an unknown one is the board.
 * @param {string} hash
 * @returns {readonly [page: Page, rest: string]}
 */
export function pageAt(hash) {
  const found = PAGES.filter((p) => p.hash !== '#/' && hash.startsWith(p.hash)).at(0) ?? PAGES[0]
  if (found === undefined) throw new Error('no pages')
  return [found, hash.slice(found.hash.length)]
}

/**
 * Those in the navigation that this reader has a use for.
 * @param {State} state
 */
export const pagesFor = ({ me }) =>
  PAGES.filter((p) => p.label !== undefined && (p.may === undefined || me?.may.includes(p.may)))
