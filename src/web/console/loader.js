import { explain, Refusal } from '../shared/api.js'
import { asks, pageAt, rota, tests } from './page-table.js'

/** @import { Api } from '../shared/api.js' */
/** @import { DirectoryView, MeView } from '../shared/types.d.ts' */
/** @import { State } from './context.js' */
/** @import { Read } from './pages.d.ts' */

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
   * An answer that the answer to a later question has overtaken is old news and is dropped; one that is only behind in
   * asking is not, or a slow server would show nothing new at all.
   * @type {Read}
   */
  async function read(what, path, take) {
    const mine = ++asked
    const view = await api.get(path)
    if (mine < (shown.get(what) ?? 0)) return
    shown.set(what, mine)
    take(/** @type {never} */ (view))
  }

  /** @param {() => Promise<unknown> | undefined} work */
  async function safely(work) {
    if (state.me === undefined || state.signIn !== undefined) return
    try {
      await work()
    } catch (error) {
      if (error instanceof Refusal && error.problem.status === 401) return signedOut()
      // That the server is out of reach the banner says already.
      if (error instanceof Refusal) tell(explain(error), true)
    }
    draw()
  }

  const load = () =>
    safely(() => {
      const [page, rest] = pageAt(where())
      return page.load?.(read, state, rest)
    })

  return {
    load,

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
      // Words are hidden where nobody has touched the screen for a while.
      await safely(() =>
        read('me', '/me', (/** @type {MeView} */ me) => {
          state.me = me
        }),
      )
      if (state.me?.may.includes('tests.read')) await safely(() => tests(read, state, ''))
      if (state.me?.may.includes('ask.read') && where() !== '#/') await safely(() => asks(read, state))
      // For whoever asks who is on, on any page.
      if (state.me?.may.includes('rota.read') && where() !== '#/rota')
        await safely(() => rota(read, state, 24))
      if (!where().startsWith('#/alert/')) await load()
    },
  }
}
