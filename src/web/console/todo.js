/** @import { Card, DailyTestView, SiteView, WaitingBleep } from '../shared/types.d.ts' */
import { say } from '../shared/say.js'
import { translate } from '../shared/translate.js'
/** @import { Task } from './pages.d.ts' */
import { first } from './place.js'
import { ofSite } from './todo-site.js'
import { ofTest } from './todo-tests.js'

/**
 * @typedef {object} Known
 * @property {Iterable<Card>} cards
 * @property {readonly WaitingBleep[]} waiting
 * @property {SiteView | undefined} site
 * @property {readonly DailyTestView[]} tests
 * @property {number} now
 */

/**
 * What must I do now: every task in the one order that the server gives, the worst first.
 * @param {Known} known
 * @returns {Task[]}
 */
export function tasksOf({ cards, waiting, site, tests, now }) {
  return [
    ...[...cards].flatMap(ofAlert),
    ...waiting.map(ofReview),
    ...(site === undefined ? [] : ofSite(site, now)),
    ...tests.flatMap((test) => ofTest(test, now)),
  ].sort(first)
}

/**
 * @param {Card} card
 * @returns {Task[]}
 */
function ofAlert(card) {
  const { level } = card.must
  const acting = card.acting !== undefined && card.phase !== 'covered'
  if ((level === 'none' && !acting) || card.phase === 'closed') return []
  const pressing = level === 'none' ? 'act' : level
  return [
    {
      // While somebody acts on it by telephone it stays, silent, with the numbers.
      key: `alert/${card.id}/${acting ? 'acting' : level}`,
      row: `alert/${card.id}`,
      level: pressing,
      sort: 'alert',
      sounds: acting ? undefined : level === 'act' && card.class !== 'test' ? card.class : 'routine',
      class: card.class,
      since: card.raised,
      order: card.order,
      title: card.title,
      where: card.place ?? card.to,
      lines: [...toCheck(card), ...needed(card)],
      href: `#/alert/${card.id}`,
      card,
    },
  ]
}

/**
 * What whoever acts on it must know is not sure: a bed, a number, or whether it is a call of its own.
 * @param {Pick<Card, 'unclear' | 'again'>} card
 */
function toCheck({ unclear, again }) {
  return [unclear, again].flatMap((said) => (said === undefined ? [] : [`${translate(said)}.`]))
}

/**
 * Which roles nobody has taken, in words; where no role is needed by name, what the server says.
 * @param {Card} card
 * @returns {readonly string[]}
 */
export function needed(card) {
  const missing = card.missing.filter((m) => m.mandatory)
  if (missing.length === 0) return [`${translate(card.must.sentence)}.`]
  const [only] = missing
  if (missing.length > 1)
    return [say('todo.nobodyHasAcceptedAs', { missing: listed(missing.map((m) => m.name)) })]
  if (only === undefined || only.role === 'any') return [say('todo.nobodyHasAccepted')]
  const role =
    only.bleep === undefined ? only.name : say('todo.bleep', { only: only.name, bleep: only.bleep })
  if (only.count > 1) return [say('todo.moreAreNeededAs', { count: only.count, role })]
  return [
    only.people?.length === 0
      ? say('todo.nobodyIsOnAs', { role })
      : say('todo.nobodyHasAcceptedAsRole', { role }),
  ]
}

/** @param {readonly string[]} names */
function listed(names) {
  return names.length < 2
    ? names.join()
    : say('todo.or', { names: names.slice(0, -1).join(', '), last: names.at(-1) ?? '' })
}

/**
 * @param {WaitingBleep} bleep
 * @returns {Task}
 */
function ofReview(bleep) {
  return {
    key: `review/${bleep.id}`,
    level: 'act',
    sort: 'review',
    sounds: 'emergency',
    class: bleep.class,
    since: bleep.received,
    order: bleep.order,
    title: say('todo.aBleepRangNobody'),
    where: numberSays(bleep.number),
    lines: [...toCheck(bleep), `${translate(bleep.sentence)}.`],
    href: '#/review',
    bleep,
  }
}

/** @param {string} number */
export function numberSays(number) {
  const ric = /^ric:(\d+)\/(\d)$/.exec(number)
  return ric === null
    ? say('todo.bleepOf', { number })
    : say('todo.radioAddressFunction', { ric: ric[1] ?? '', fn: ric[2] ?? '' })
}
