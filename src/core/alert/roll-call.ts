import { type Directory, NAMED, type Target } from '../directory/directory.ts'
import { rungHolders, whyUnrung } from '../directory/live.ts'
import { membersAt } from '../directory/team.ts'
import type { AlertId, BleepId, PersonId, RoleId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import { isYes, type ResponderState } from '../vocabulary.ts'
import type { Alert, Responder } from './alert.ts'
import type { DailyTest, TestWindow } from './daily-test.ts'

interface RollEntry {
  readonly person: PersonId
  /** How far they got, and since when; absent: held the role and was never asked. */
  readonly state?: ResponderState
  readonly since?: Instant
  readonly answered: boolean
}

interface RollLine {
  /** `named`: the number stands for one person, not for a role. */
  readonly role: RoleId
  readonly mandatory: boolean
  /** How many must answer. */
  readonly count: number
  /** Everybody who was expected for this role; empty when nobody held it. */
  readonly people: readonly RollEntry[]
  readonly answered: boolean
}

/** Who answered the test: the daily proof that the path from switchboard to hand works. */
export interface RollCall {
  readonly test: string
  readonly day: string
  /** The window, half-open. */
  readonly from: Instant
  readonly to: Instant
  /** The first test call, and how many there were; absent: none came in the window, the worst news of all. */
  readonly call?: {
    readonly at: Instant
    readonly bleep: BleepId
    readonly alert: AlertId
    readonly calls: number
  }
  readonly lines: readonly RollLine[]
  /**
   * `complete`: every mandatory role answered, or somebody where none is mandatory; `incomplete`: not so;
   * `missed`: no test call was heard.
   */
  readonly outcome: 'complete' | 'incomplete' | 'missed'
  readonly made: Instant
}

/**
 * "No" counts as an answer, because it came from the person whom the test was to reach. `not-me` says that it was
 * somebody else.
 */
function isProof(state: ResponderState): boolean {
  return isYes(state) || state === 'declined'
}

/**
 * Takes the roll of a window. Several calls count together: switchboard repeats the test for whoever was slow.
 * @param alerts of the test calls heard
 */
export function takeRoll(
  test: DailyTest,
  window: Omit<TestWindow, 'due'>,
  to: Target,
  alerts: readonly Alert[],
  directory: Directory,
  at: Instant,
): RollCall {
  const calls = [...alerts].sort((a, b) => a.raised - b.raised)
  const [first] = calls
  const asked = calls.flatMap((a) => Object.values(a.responders))
  const lines = expected(to, directory, first?.raised ?? window.from).map((line): RollLine => {
    const rung = asked.filter((r) => r.roles.includes(line.role)).map((r) => r.person)
    const people = [...new Set([...rung, ...line.people])].map((person) => entry(person, asked))
    const answered = people.filter((p) => p.answered).length >= line.count
    return { role: line.role, mandatory: line.mandatory, count: line.count, people, answered }
  })
  const mandatory = lines.filter((line) => line.mandatory)
  const proved =
    mandatory.length > 0 ? mandatory.every((line) => line.answered) : lines.some((line) => line.answered)
  return {
    test: test.id,
    day: window.day,
    from: window.from,
    to: window.to,
    ...(first
      ? { call: { at: first.raised, bleep: first.bleep, alert: first.id, calls: calls.length } }
      : {}),
    lines,
    outcome: first === undefined ? 'missed' : proved ? 'complete' : 'incomplete',
    made: at,
  }
}

/** One person over all calls: the first answer they gave, else how far the last call got. */
function entry(person: PersonId, asked: readonly Responder[]): RollEntry {
  const own = asked.filter((r) => r.person === person)
  const r = own.find(({ state }) => isProof(state)) ?? own.at(-1)
  if (!r) return { person, answered: false }
  return { person, state: r.state, since: r.since, answered: isProof(r.state) }
}

interface Expected {
  readonly role: RoleId
  readonly mandatory: boolean
  readonly count: number
  /** Holders by the rota. Whoever else is rung for the role is put on the roll as well. */
  readonly people: readonly PersonId[]
}

/** Whom a test of this number should reach at an instant, by the rota. */
function expected(to: Target, directory: Directory, at: Instant): readonly Expected[] {
  const holders = (role: RoleId) => rungHolders(directory, role, at).map((h) => h.person)
  if (to.kind === 'person') return [{ role: NAMED, mandatory: true, count: 1, people: [to.person] }]
  if (to.kind === 'role')
    return whyUnrung(directory, to.role, at) !== undefined
      ? []
      : [{ role: to.role, mandatory: true, count: 1, people: holders(to.role) }]
  const asked = membersAt(directory, to.team, at).filter(
    (m) => whyUnrung(directory, m.role, at) === undefined,
  )
  return asked.map((m) => ({
    role: m.role,
    mandatory: m.need === 'mandatory',
    count: m.count,
    people: holders(m.role),
  }))
}
