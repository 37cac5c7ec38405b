import { z } from 'zod'
import { say } from '../catalogue/say.ts'
import { dayAt, instantOf, isClock, printDay, weekday } from '../directory/civil.ts'
import type { Instant } from '../instant.ts'

const clock = z.string().refine(isClock, 'HH:MM')

/** The morning test of the crash bleeps: heard by the bridge from the switchboard, or called by the bridge itself. */
export const dailyTestSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/),
    /** Bleep number of the test call. */
    number: z.string().min(1),
    /** The window, local time; it ends on the day it begins. */
    from: clock,
    to: clock,
    /** ISO weekdays, 1 Monday. */
    days: z.array(z.number().int().min(1).max(7)).min(1).default([1, 2, 3, 4, 5, 6, 7]),
    /** `heard`: switchboard makes the call; `own`: the bridge does, when the window opens. */
    call: z.enum(['heard', 'own']).default('heard'),
    answerWithinMs: z.number().int().min(10_000).max(3_600_000).default(300_000),
  })
  .refine(({ from, to }) => !isClock(from) || !isClock(to) || from < to, {
    error: say('refusals.windowEndsDayBegins'),
    path: ['to'],
  })
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

/** Tests may be on one weekday only. */
const WEEK = 7

/** The window that is open at an instant, or else the last one before it. */
export function windowAt(test: DailyTest, at: Instant, zone: string): TestWindow | undefined {
  const today = dayAt(at, zone)
  for (let day = today; day >= today - WEEK; day--) {
    const window = windowOn(test, day, zone)
    if (window && window.from <= at) return window
  }
  return undefined
}

/** The first window that opens after an instant. */
export function windowAfter(test: DailyTest, at: Instant, zone: string): TestWindow | undefined {
  const today = dayAt(at, zone)
  for (let day = today; day <= today + WEEK; day++) {
    const window = windowOn(test, day, zone)
    if (window && window.from > at) return window
  }
  return undefined
}

function windowOn(test: DailyTest, day: number, zone: string): TestWindow | undefined {
  if (!test.days.includes(weekday(day))) return undefined
  const to = instantOf(day, test.to, zone)
  return {
    day: printDay(day),
    from: instantOf(day, test.from, zone),
    to,
    due: to + test.answerWithinMs,
  }
}
