import { html, nothing } from '../shared/dom.js'
import { say } from '../shared/say.js'
import { now } from '../shared/time.js'
import { emergencies, foldedCalls, shortCalls } from './calls.js'
import { tasksPanel } from './tasks.js'

/** @import { Card } from '../shared/types.d.ts' */
/** @import { Acts } from './acts.js' */
/** @import { Context } from './context.js' */
/** @import { TaskTools } from './tasks.js' */
/** @import { Task } from './todo.js' */

/**
 * What the board shows: held still together while the pointer is about to press.
 * @typedef {object} Shown
 * @property {readonly Task[]} tasks
 * @property {readonly Card[]} cards
 * @property {readonly Card[]} closed
 */

const RANK = { emergency: 0, urgent: 1, routine: 2, test: 3 }
/** A covered emergency stays in full view this long: who is coming is asked about first then. */
const FRESH = 10 * 60_000
const LEVEL = { act: 0, prompt: 1, none: 2 }

/**
 * What must I do now, then every open emergency, then the rest, then what is covered and closed.
 * @param {Pick<Context, 'state' | 'draw'>} context
 * @param {Shown} shown
 * @param {TaskTools} tools
 * @param {Acts | undefined} acts
 * @param {boolean} opens whether this operator may open an alert
 */
export function board(context, { tasks, cards, closed }, tools, acts, opens) {
  const open = cards.filter((c) => c.phase !== 'closed')
  const calls = { ...context, acts, opens }
  const emergency = open.filter((c) => c.class === 'emergency' && c.phase !== 'covered').toSorted(byNeed)
  const covered = open.filter((c) => c.phase === 'covered').toSorted(byNeed)
  const fresh = covered.filter((c) => c.class === 'emergency' && now() - Date.parse(c.raised) < FRESH)
  const others = open.filter((c) => c.class !== 'emergency' && c.phase !== 'covered').toSorted(byNeed)
  return html`<h1 class="away">${say('board.board')}</h1>
    <div class="board">
    ${tasksPanel(tasks, tools)}
    <div class="open">
      ${emergencies([...emergency, ...fresh], calls)}
      ${shortCalls(say('board.urgentRoutineAndTests'), others, calls)}
      ${foldedCalls(
        say('board.covered'),
        covered.filter((c) => !fresh.includes(c)),
        calls,
      )}
      ${foldedCalls(say('board.closedInTheLastTwo'), closed, calls)}
      ${open.length === 0 ? html`<p class="quiet">${say('board.newBleepsAppearHereBy')}</p>` : nothing}
    </div>
  </div>`
}

/**
 * @param {Card} a
 * @param {Card} b
 */
function byNeed(a, b) {
  return (
    LEVEL[a.must.level] - LEVEL[b.must.level] ||
    RANK[a.class] - RANK[b.class] ||
    b.raised.localeCompare(a.raised)
  )
}
