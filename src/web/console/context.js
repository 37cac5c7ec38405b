import { explain, Refusal } from '../shared/api.js'

/** @import { Api } from '../shared/api.js' */
/** @import { AppView, AlertView, AskView, BoardView, CallsView, Card, CodeView, DailyTestsView, DeviceView, DirectoryView, EstateView, FeedView, FilingsView, ForeseenView, WeekView, ReadBackView, MeView, NudgeView, PackReview, PreviewView, ReadinessView, RequestView, RotaChangesView, RotaView, SiteView, StrangersView, WaitingBleep } from '../shared/types.d.ts' */

/**
 * What may be pressed beside what was said: to take it back, or to do all the same what something speaks against.
 * @typedef {{ label: string, act: () => Promise<void> }} Press
 */

/**
 * What came of a press.
 * @typedef {{ text: string, bad: boolean, at: number, press?: Press }} Said
 */

/**
 * @typedef {object} Start
 * @property {string} kind as `idOf` names it, `message`, or nothing yet
 * @property {string} place as typed so far
 * @property {PreviewView | undefined} [preview] who would be rung
 * @property {boolean} [failed] could not be looked up
 * @property {ReturnType<typeof setTimeout>} [holding] while the button is held down
 * @property {{ of: string, id: string }} [pressed] what was sent last, and under which name
 */

/** Everything on the screen. */
export const createState = () => ({
  /** @type {MeView | undefined} */ me: undefined,
  /** Why the sign-in is asked for; absent while signed in. @type {'start' | 'ended' | undefined} */
  signIn: undefined,
  fault: '',
  /** What the sign-in page is at. @type {import('./entry.d.ts').Entry} */ entry: {},
  /** What this person signs in with. @type {import('./entry.d.ts').OwnAccount | undefined} */ account:
    undefined,
  /** What came of the last thing done, and when it was said. */
  /** @type {Said} */ said: { text: '', bad: false, at: 0 },
  /** The last word of the server, by its clock. */ lastHeard: 0,
  /** Every word may be old: the connection is gone or silent. */ stale: false,
  /** The call whose reason for standing down is being asked. @type {string | undefined} */ standingDown:
    undefined,
  /** @type {Map<string, Card>} */ cards: new Map(),
  /** @type {readonly Card[]} */ closed: [],
  /** @type {readonly WaitingBleep[]} */ waiting: [],
  /** @type {SiteView | undefined} */ site: undefined,
  /** What nobody but the switchboard could tell whoever asked. @type {AskView[]} */ asks: [],
  /** @type {DailyTestsView | undefined} */ tests: undefined,
  /** @type {AlertView | undefined} */ alert: undefined,
  /** What can be started. @type {CallsView | undefined} */ calls: undefined,
  /** The call that is being put together. @type {Start} */ start: { kind: '', place: '' },
  /** What a search found. @type {BoardView | undefined} */ found: undefined,
  /** @type {DirectoryView | undefined} */ directory: undefined,
  /** @type {RotaView | undefined} */ rota: undefined,
  /** Leave, swaps and overrides entered by hand. @type {RotaChangesView['changes'] | undefined} */ rotaChanges:
    undefined,
  /** What speaks against the change that is being entered. @type {{ key: string, sentences: readonly string[] } | undefined} */
  warned: undefined,
  /** @type {readonly DeviceView[] | undefined} */ devices: undefined,
  /** What can be entered here for somebody. @type {readonly string[]} */ enters: [],
  /** A topic that was made just now. @type {NudgeView | undefined} */ topic: undefined,
  /** @type {CodeView | undefined} */ code: undefined,
  /** Codes that nobody has used yet. @type {import('../shared/types.d.ts').OpenCodeView[]} */ codes: [],
  /** @type {AppView | undefined} */ app: undefined,
  /** @type {ReadinessView | undefined} */ readiness: undefined,
  /** What a dry run showed. @type {ForeseenView | undefined} */ foreseen: undefined,
  /** Where the coming week has gaps; `looking` until that is known. @type {WeekView | 'looking' | undefined} */ week: undefined,
  /** @type {EstateView | undefined} */ estate: undefined,
  /** @type {readonly FeedView[]} */ feeds: [],
  /** @type {readonly { code: string, severity: string, sentence: string, remedy: string }[] | undefined} */
  faults: undefined,
  /** @type {StrangersView | undefined} */ strangers: undefined,
  /** @type {FilingsView | undefined} */ filings: undefined,
  /** What was read back of the number typed for one call. @type {(ReadBackView & { alert: string, typed: string }) | undefined} */
  readBack: undefined,
  /** @type {readonly { name: string, from: string, to: string }[] | undefined} */ shifts: undefined,
  /** What people ask about their data. @type {readonly RequestView[] | undefined} */ requests: undefined,
  /** @type {RequestView | undefined} */ request: undefined,
  /** The item whose words are being looked through. @type {PackReview | undefined} */ review: undefined,
  /** Of a pack, until the page is left. @type {string | undefined} */ passphrase: undefined,
  /** A press that must be pressed twice, and until when the second one counts. @type {{ key: string, until: number } | undefined} */
  sure: undefined,
  /** What a list is narrowed to, by the page it is on. @type {Record<string, string>} */
  filter: {},
  help: false,
  keys: true,
})

/** @typedef {ReturnType<typeof createState>} State */

/** @typedef {{ text: string, bad?: boolean, press: Press }} Done */

/**
 * What every page is given.
 * @typedef {object} Context
 * @property {Api} api
 * @property {State} state
 * @property {() => void} draw
 * @property {() => Promise<void>} load reads anew what the page in view needs
 * @property {(text: string, bad?: boolean, press?: Press) => void} tell
 * @property {(work: () => Promise<string | Done | undefined>) => Promise<void>} attempt does it, says what came of it, and reads anew
 * @property {(action: MeView['may'][number]) => boolean} may
 */

/**
 * Does something for a person and says what came of it; a refusal says what stands instead.
 * @param {(text: string, bad?: boolean, press?: Press) => void} tell
 * @param {() => void} signedOut
 * @param {() => Promise<void>} load
 * @returns {Context['attempt']}
 */
export function createAttempt(tell, signedOut, load) {
  return async (work) => {
    try {
      const done = await work()
      if (typeof done === 'string') tell(done)
      else if (done !== undefined) tell(done.text, done.bad, done.press)
    } catch (error) {
      if (error instanceof Refusal && error.problem.status === 401) return signedOut()
      tell(explain(error), true)
    }
    await load()
  }
}
