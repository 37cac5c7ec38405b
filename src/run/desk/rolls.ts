import type { TestWindow } from '../../core/alert/daily-test.ts'
import type { RollCall } from '../../core/alert/roll-call.ts'
import { say } from '../../core/catalogue/say.ts'
import { nameOfNumber } from '../../core/desk/card.ts'
import { nameOfRole, reachOf } from '../../core/desk/names.ts'
import type { DailyTestsView, RollView } from '../../core/desk/test-views.ts'
import type { Directory } from '../../core/directory/directory.ts'
import { NAMED } from '../../core/directory/directory.ts'
import { given } from '../../core/given.ts'
import type { Reader } from '../../core/govern/reader.ts'
import { printInstant } from '../../core/instant.ts'
import type { Desk } from '../../ports/desk.ts'
import { allowed, audit, type DeskParts, done, refuse } from './desk-parts.ts'

/** The daily tests for the switchboard: who was expected, who answered and when, who did not. */
export function createRolls(parts: DeskParts): Pick<Desk, 'dailyTests' | 'callTest'> {
  return {
    callTest: (caller, id) =>
      allowed(parts, caller, 'tests.call', async () => {
        const alert = await parts.callTest?.(id)
        await audit(parts, caller, 'test.call', id, alert === undefined ? 'refused' : 'done')
        return alert === undefined ? refuse('test-unknown') : done({ alert: alert.id })
      }),

    dailyTests: (caller) =>
      allowed(parts, caller, 'tests.read', async () => {
        const directory = parts.roster.current()
        const shown = (roll: RollCall) => rollView(roll, directory, { access: caller.access })
        const tests = (await parts.dailyTests?.()) ?? []
        return done({
          now: printInstant(parts.clock.now()),
          tests: tests.map(
            ({ test, now, hand, next, rolls, lastComplete }): DailyTestsView['tests'][number] => ({
              id: test.id,
              number: test.number,
              name: nameOfNumber(test.number, directory),
              call: test.call,
              from: test.from,
              to: test.to,
              days: test.days,
              ...(now ? { running: { window: windowView(now.window), roll: shown(now.roll) } } : {}),
              ...(hand ? { hand: shown(hand) } : {}),
              ...(next ? { next: windowView(next) } : {}),
              ...(lastComplete === undefined ? {} : { lastComplete: printInstant(lastComplete) }),
              rolls: rolls.map(shown),
            }),
          ),
        })
      }),
  }
}

function windowView({ day, from, to, due }: TestWindow) {
  return { day, from: printInstant(from), to: printInstant(to), due: printInstant(due) }
}

function rollView(roll: RollCall, directory: Directory, reader: Reader): RollView {
  return {
    day: roll.day,
    from: printInstant(roll.from),
    to: printInstant(roll.to),
    made: printInstant(roll.made),
    outcome: roll.outcome,
    ...(roll.call
      ? { call: { at: printInstant(roll.call.at), alert: roll.call.alert, calls: roll.call.calls } }
      : {}),
    roles: roll.lines.map(({ role, mandatory, count, answered, people }) => ({
      role,
      name: role === NAMED ? say('watch.inPerson') : nameOfRole(role, directory),
      ...given({ bleep: directory.roles.get(role)?.baton }),
      mandatory,
      count,
      answered,
      people: people.map((p) => ({
        ...reachOf(p.person, reader, directory),
        answered: p.answered,
        ...(p.state === undefined ? {} : { state: p.state }),
        ...(p.since === undefined ? {} : { since: printInstant(p.since) }),
      })),
    })),
  }
}
