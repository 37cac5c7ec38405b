/** @import { Card, DailyTestView, SiteView, WaitingBleep } from '../shared/types.d.ts' */
import { say } from '../shared/say.js'
import { ofSite } from './todo-site.js'
import { ofTest } from './todo-tests.js'

/**
 * One thing that the switchboard has to do, in plain words.
 * @typedef {object} Task
 * @property {string} key the same while it is the same thing at the same level: silence and keyboard hold on to it
 * @property {'act' | 'prompt' | 'soon'} level now, look, or before long
 * @property {'alert' | 'review' | 'unfit' | 'role' | 'test' | 'gap' | 'offer' | 'line'} sort
 * @property {'emergency' | 'urgent' | 'routine' | undefined} sounds what it sounds like; absent: only to be seen
 * @property {Card['class'] | undefined} class
 * @property {string} since
 * @property {string} title
 * @property {string} where
 * @property {readonly string[]} lines what has to be done, a sentence each
 * @property {string | undefined} href where there is more of it
 * @property {Card} [card]
 * @property {WaitingBleep} [bleep]
 * @property {SiteView['unclaimed'][number]} [role]
 * @property {DailyTestView} [test]
 */

/**
 * @typedef {object} Known
 * @property {Iterable<Card>} cards
 * @property {readonly WaitingBleep[]} waiting
 * @property {SiteView | undefined} site
 * @property {readonly DailyTestView[]} tests
 * @property {number} now
 */

const LEVEL = { act: 0, prompt: 1, soon: 2 }
const RANK = { emergency: 0, urgent: 1, routine: 2, test: 3 }
/**
 * What must I do now: every task, the most pressing first, emergencies before all else; of two alike, the one that has
 * waited longer.
 * @param {Known} known
 * @returns {Task[]}
 */
export function tasksOf({ cards, waiting, site, tests, now }) {
  return [
    ...[...cards].flatMap(ofAlert),
    ...waiting.map(ofReview),
    ...(site === undefined ? [] : ofSite(site, now)),
    ...tests.flatMap((test) => ofTest(test, now)),
  ].sort(byNeed)
}

/**
 * @param {Task} a
 * @param {Task} b
 */
function byNeed(a, b) {
  return (
    Number(b.class === 'emergency') - Number(a.class === 'emergency') ||
    LEVEL[a.level] - LEVEL[b.level] ||
    RANK[a.class ?? 'urgent'] - RANK[b.class ?? 'urgent'] ||
    a.since.localeCompare(b.since)
  )
}

/**
 * @param {Card} card
 * @returns {Task[]}
 */
function ofAlert(card) {
  const { level } = card.must
  if (level === 'none' || card.phase === 'closed') return []
  return [
    {
      key: `alert/${card.id}/${level}`,
      level,
      sort: 'alert',
      sounds: level === 'act' && card.class !== 'test' ? card.class : 'routine',
      class: card.class,
      since: card.raised,
      title: card.title,
      where: card.place ?? card.to,
      lines: needed(card),
      href: `#/alert/${card.id}`,
      card,
    },
  ]
}

/**
 * Which roles nobody has taken, in words; where no role is needed by name, what the server says.
 * @param {Card} card
 * @returns {readonly string[]}
 */
export function needed(card) {
  const missing = card.missing.filter((m) => m.mandatory)
  if (missing.length === 0) return [`${card.must.sentence}.`]
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
      : say('todo.nobodyHasAcceptedAs2', { role }),
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
    title: say('todo.aBleepRangNobody'),
    where: numberSays(bleep.number),
    lines: [`${bleep.sentence}.`],
    href: '#/review',
    bleep,
  }
}

/** @param {string} number */
export function numberSays(number) {
  const ric = /^ric:(\d+)\/(\d)$/.exec(number)
  return ric === null
    ? say('todo.bleep2', { number })
    : say('todo.radioAddressFunction', { ric: ric[1] ?? '', fn: ric[2] ?? '' })
}
