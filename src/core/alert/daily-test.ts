import { z } from 'zod'
import { clockAt, dayAt, instantOf, isClock, printDay, weekday, withinHours } from '../directory/civil.ts'
import type { Directory, Target } from '../directory/directory.ts'
import type { BleepId, PersonId, RoleId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import type { Alert, ResponderState } from './alert.ts'

const clock = z.string().refine(isClock, 'HH:MM')

/** The morning test of the crash bleeps: heard by the bridge from the switchboard, or called by the bridge itself. */
export const dailyTestSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/),
    number: z.string().min(1).meta({ description: 'Bleep number of the test call' }),
    from: clock.meta({ description: 'Begin of the window, local time' }),
    to: clock.meta({ description: 'End of the window, local time, the same day' }),
    days: z
      .array(z.number().int().min(1).max(7))
      .min(1)
      .default([1, 2, 3, 4, 5, 6, 7])
      .meta({ description: 'ISO weekdays, 1 Monday' }),
    call: z.enum(['heard', 'own']).default('heard').meta({
      description: 'heard: switchboard makes the call; own: the bridge does, when the window opens',
    }),
    answerWithinMs: z.number().int().min(10_000).max(3_600_000).default(300_000),
  })
  .refine((test) => test.from < test.to, { error: 'the window ends on the day it begins', path: ['to'] })
export type DailyTest = z.output<typeof dailyTestSchema>

/** One day's window, half-open. */
export interface TestWindow {
  /** Civil day, `2026-11-22`. */
  readonly day: string
  readonly from: Instant
  readonly to: Instant
  /** When everybody who will answer has answered. */
  readonly due: Instant
}

/** The window that is open at an instant, or else the last one before it; looks a week back, for tests on one weekday. */
export function windowAt(test: DailyTest, at: Instant, zone: string): TestWindow | undefined {
  const today = dayAt(at, zone)
  for (let back = 0; back <= 7; back++) {
    const day = today - back
    const from = instantOf(day, test.from, zone)
    if (!test.days.includes(weekday(day)) || from > at) continue
    const to = instantOf(day, test.to, zone)
    return { day: printDay(day), from, to, due: to + test.answerWithinMs }
  }
  return undefined
}

export interface RollLine {
  readonly role: RoleId
  readonly mandatory: boolean
  /** Everyone who was asked for this role, and how far they got; empty when nobody held it. */
  readonly people: readonly {
    readonly person: PersonId
    readonly state: ResponderState
    readonly since: Instant
  }[]
  readonly answered: boolean
}

/** Who answered the test: the daily proof that the path from switchboard to hand works. */
export interface RollCall {
  readonly test: string
  readonly day: string
  /** Absent: no test call came in the window, which is the worst news of all. */
  readonly call?: { readonly at: Instant; readonly bleep: BleepId }
  readonly lines: readonly RollLine[]
  /** A call came and every mandatory role answered it. */
  readonly complete: boolean
  readonly made: Instant
}

const ANSWERED: ReadonlySet<ResponderState> = new Set(['accepted', 'attending', 'arrived', 'call-back'])

/**
 * Takes the roll after a window. Several calls in one window count together: switchboard repeats the test for whoever
 * was slow.
 */
export function takeRoll(
  test: DailyTest,
  window: TestWindow,
  to: Target,
  alerts: readonly Alert[],
  directory: Directory,
  at: Instant,
): RollCall {
  const first = [...alerts].sort((a, b) => a.raised - b.raised)[0]
  const responders = alerts.flatMap((a) => Object.values(a.responders))
  const lines = expectedRoles(to, directory, first?.raised ?? window.from).map(
    ({ role, mandatory }): RollLine => {
      const people = responders
        .filter((r) => r.roles.includes(role))
        .map(({ person, state, since }) => ({ person, state, since }))
      return { role, mandatory, people, answered: people.some((p) => ANSWERED.has(p.state)) }
    },
  )
  return {
    test: test.id,
    day: window.day,
    ...(first ? { call: { at: first.raised, bleep: first.bleep } } : {}),
    lines,
    complete: first !== undefined && lines.every((line) => line.answered || !line.mandatory),
    made: at,
  }
}

function expectedRoles(
  to: Target,
  directory: Directory,
  at: Instant,
): readonly { role: RoleId; mandatory: boolean }[] {
  if (to.kind === 'role') return [{ role: to.role, mandatory: true }]
  if (to.kind === 'person') return []
  const now = clockAt(at, directory.zone)
  return (directory.teams.get(to.team)?.members ?? [])
    .filter((m) => m.hours === undefined || withinHours(m.hours, now))
    .map((m) => ({ role: m.role, mandatory: m.need === 'mandatory' }))
}
