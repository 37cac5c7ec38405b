import { html, nothing } from '../shared/dom.js'
import { say } from '../shared/say.js'
import { now } from '../shared/time.js'
import { emergencies, foldedCalls, shortCalls } from './calls.js'
import { first } from './place.js'
import { readOut, toBeRung } from './read-out.js'
import { tasksPanel } from './tasks.js'

/** @import { Card, SiteView } from '../shared/types.d.ts' */
/** @import { PageContext } from './pages.d.ts' */

/** A covered emergency stays in full view this long: who is coming is asked about first then. */
const FRESH = 10 * 60_000

/**
 * What must I do now, then every open emergency, then the rest, then what is covered and closed.
 * @param {PageContext} context
 */
export function board(context) {
  const { tasks, fresh: latest, isMoreToDo, ...all } = context.shown()
  const hospital = new URLSearchParams(globalThis.location?.search).get('hospital')
  const [cards, closed] = [ofHospital(all.cards, hospital), ofHospital(all.closed, hospital)]
  const open = cards.filter((c) => c.phase !== 'closed')
  // Of what has come while the lists stood still nobody may read that there is none.
  const ringing = ofHospital([...context.state.cards.values()], hospital).filter(
    ({ phase }) => phase !== 'closed' && phase !== 'covered',
  ).length
  const calls = { ...context, acts: context.acting, opens: context.may('alert.read') }
  const newest = new Map(latest.map(({ id }, i) => [id, i]))
  const rank = (/** @type {Card} */ c) => newest.get(c.id) ?? newest.size
  // What has just come stands first, the newest on top, until it is touched; then the one order holds, worst first.
  const emergency = open
    .filter((c) => c.class === 'emergency' && c.phase !== 'covered')
    .toSorted((a, b) => rank(a) - rank(b) || first(a, b))
  const covered = open.filter((c) => c.phase === 'covered').toSorted(first)
  const fresh = covered.filter((c) => c.class === 'emergency' && now() - Date.parse(c.raised) < FRESH)
  const others = open.filter((c) => c.class !== 'emergency' && c.phase !== 'covered').toSorted(first)
  return html`<h1 class="away">${say('frame.board')}</h1>
    <div class="board">
    ${tasksPanel(tasks, {
      ...{ ...context, acts: context.acting, directory: context.state.directory, site: context.state.site },
      ...{ calling: ringing, untold: toBeRung(context.state.asks).length, isMoreToDo },
    })}
    <div class="open">
      ${hospital === null ? nothing : html`<p class="quiet">${say('board.onlyHospital', { hospital })} <a href="/#/">${say('board.everyHospital')}</a></p>`}
      ${emergencies([...emergency, ...fresh], calls)}
      ${readOut(context.state.asks, context.acting)}
      ${shortCalls(say('board.urgentRoutineAndTests'), others, calls)}
      ${foldedCalls(
        say('board.covered'),
        covered.filter((c) => !fresh.includes(c)),
        calls,
      )}
      ${foldedCalls(say('board.closedInTheLastTwo'), closed, calls)}
      ${unfinished(context.state.site)}
      ${open.length === 0 ? html`<p class="quiet">${say('board.newBleepsAppearHereBy')}</p>` : nothing}
    </div>
  </div>`
}

/**
 * A board of one hospital (`?hospital=` and its id): its calls, and those of which nobody knows whose they are.
 * @param {readonly Card[]} cards
 * @param {string | null} hospital
 */
const ofHospital = (cards, hospital) =>
  cards.filter((card) => hospital === null || card.hospital === undefined || card.hospital === hospital)

/** What is still to be shown before this may be relied on. @param {SiteView | undefined} site */
function unfinished(site) {
  if (site === undefined || (site.begun && site.neverProved === 0)) return nothing
  return html`<p class="quiet unfinished"><a href="#/ready"
    >${site.begun ? say('ready.boardSays', { n: site.neverProved }) : say('ready.boardBegin')}</a
  ></p>`
}
