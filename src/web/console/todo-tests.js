import { say } from '../shared/say.js'
import { clock, span } from '../shared/time.js'
import { placed } from './place.js'

/** @import { DailyTestView, RollView } from '../shared/types.d.ts' */
/** @import { Task } from './pages.d.ts' */

/**
 * A test call that is due, is being answered, or was not answered and not made good since.
 * @param {DailyTestView} test
 * @param {number} now
 * @returns {Task[]}
 */
export function ofTest(test, now) {
  const { running } = test
  const shared = {
    sort: /** @type {const} */ ('test'),
    sounds: undefined,
    class: /** @type {const} */ ('test'),
    href: '#/tests',
    where: test.name,
    test,
  }
  if (running !== undefined) {
    const { window, roll } = running
    const open = Date.parse(window.to) - now
    if (roll.call === undefined) {
      if (test.call === 'own' || open <= 0) return []
      return [
        {
          ...shared,
          key: `test/${test.id}/${window.day}/due`,
          level: 'prompt',
          since: window.from,
          order: placed('test', 'prompt', window.from),
          title: say('tests.dailyTestIsDue'),
          lines: [
            say('tests.callBeforeLeftNotHeard', {
              number: test.number,
              to: clock(window.to),
              open: span(open),
            }),
          ],
        },
      ]
    }
    const silent = silentRoles(roll)
    return silent.length === 0
      ? []
      : [
          {
            ...shared,
            key: `test/${test.id}/${window.day}/running`,
            level: 'soon',
            since: roll.call.at,
            order: placed('test', 'soon', roll.call.at),
            title: say('tests.dailyTestIsBeingAnswered'),
            lines: [say('tests.notYet', { silent: silent.join(', ') })],
          },
        ]
  }
  const [last] = test.rolls
  if (last === undefined || last.outcome === 'complete') return []
  return [
    {
      ...shared,
      key: `test/${test.id}/${last.day}/${last.outcome}`,
      level: 'prompt',
      since: last.made,
      order: placed('test', 'prompt', last.made),
      title:
        last.outcome === 'missed' ? say('tests.dailyTestWasMissed') : say('tests.dailyTestWasNotAnswered'),
      lines: [
        last.outcome === 'missed'
          ? say('tests.noTestCallToWas', { number: test.number })
          : say('tests.noAnswerFrom', { roles: silentRoles(last).join(', ') }),
      ],
    },
  ]
}

/**
 * Needed roles whose people have not answered.
 * @param {RollView} roll
 */
export function silentRoles(roll) {
  return roll.roles.filter((r) => r.mandatory && !r.answered).map((r) => r.name)
}
