import type { TestWindow } from '../../core/alert/daily-test.ts'
import type { RollCall } from '../../core/alert/roll-call.ts'
import { say } from '../../core/catalogue/say.ts'
import { nameOfNumber } from '../../core/desk/card.ts'
import { nameOfRole } from '../../core/desk/names.ts'
import type { DailyTestsView, RollView } from '../../core/desk/test-views.ts'
import type { Directory } from '../../core/directory/directory.ts'
import { NAMED } from '../../core/directory/directory.ts'
import { namesPeople } from '../../core/govern/permit.ts'
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
        const names = namesPeople(caller.access)
        const shown = (roll: RollCall) => rollView(roll, directory, names)
        const tests = (await parts.dailyTests?.()) ?? []
        return done({
          now: printInstant(parts.clock.now()),
          tests: tests.map(({ test, now, next, rolls, lastComplete }): DailyTestsView['tests'][number] => ({
            id: test.id,
            number: test.number,
            name: nameOfNumber(test.number, directory),
            call: test.call,
            from: test.from,
            to: test.to,
            days: test.days,
            ...(now ? { running: { window: windowView(now.window), roll: shown(now.roll) } } : {}),
            ...(next ? { next: windowView(next) } : {}),
            ...(lastComplete === undefined ? {} : { lastComplete: printInstant(lastComplete) }),
            rolls: rolls.map(shown),
          })),
        })
      }),
  }
}

function windowView({ day, from, to, due }: TestWindow) {
  return { day, from: printInstant(from), to: printInstant(to), due: printInstant(due) }
}

function rollView(roll: RollCall, directory: Directory, names: boolean): RollView {
  const named = (person: RollCall['lines'][number]['people'][number]['person']) =>
    directory.people.get(person)?.name ?? person
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
      mandatory,
      count,
      answered,
      people: people.map((p) => ({
        person: p.person,
        ...(names ? { name: named(p.person) } : {}),
        answered: p.answered,
        ...(p.state === undefined ? {} : { state: p.state }),
        ...(p.since === undefined ? {} : { since: printInstant(p.since) }),
      })),
    })),
  }
}
