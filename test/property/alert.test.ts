import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Actor, Alert, AlertEffect, AlertEvent } from '../../src/core/alert/alert.ts'
import { coverOf } from '../../src/core/alert/cover.ts'
import { blankAlert, recordedWho, replayAlert, stepAlert, type Who } from '../../src/core/alert/lifecycle.ts'
import { futureOf } from '../../src/core/alert/obligations.ts'
import { isComing } from '../../src/core/alert/responder.ts'
import { type AlertId, asId, type BleepId, type PersonId } from '../../src/core/ids.ts'
import { DEFAULT_POLICIES, policiesSchema, policyFor, snapshotPlan } from '../../src/core/route/policy.ts'
import { whoAt } from '../../src/core/route/who.ts'
import type { Answer } from '../../src/core/vocabulary.ts'
import { aHolding, EVERYBODY, wardDirectory } from '../support/ward.ts'

const RUNS = { seed: 20_261_122, numRuns: 600 }
const PEOPLE = EVERYBODY as PersonId[]
const ROLES = ['med-reg', 'ccu-nurse', 'anaes', 'icu-reg', 'outreach', 'surg-f1', 'nobody'] as const

/** What may happen next, in words; instants and versions are filled in when it is played. */
type Move =
  | { kind: 'wait'; ms: number }
  | { kind: 'next-due' }
  | { kind: 'wrong-due'; name: string }
  | { kind: 'receipt'; person: PersonId; stage: 'on-device' | 'presented' | 'opened' }
  | { kind: 'unreachable'; person: PersonId; path: boolean }
  | { kind: 'answer'; person: PersonId; answer: Answer; by: 'self' | 'switchboard' | 'pbx'; behind: number }
  | { kind: 'release'; person: PersonId; behind: number }
  | { kind: 'take-over'; behind: number }
  | { kind: 'ask-again'; behind: number }
  | { kind: 'close'; behind: number }
  | { kind: 'cancel' }
  | { kind: 'repeat' }
  | { kind: 'upgrade' }
  | { kind: 'hand-over'; role: string; from: PersonId; to: PersonId }
  | { kind: 'also'; role: string; behind: number }
  | { kind: 'say'; person: PersonId; text: string }
  | { kind: 'holds'; role: string; people: PersonId[] }
  | { kind: 'clock'; by: number }

const person = fc.constantFrom(...PEOPLE)
const role = fc.constantFrom<string>(...ROLES)
const behind = fc.constantFrom(0, 0, 0, 1, 2, 5, -1)
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.integer({ min: 1, max: 20_000 }) }) },
  { weight: 6, arbitrary: fc.constant<Move>({ kind: 'next-due' }) },
  fc.record({
    kind: fc.constant('wrong-due'),
    name: fc.constantFrom('step-1', 'step-9', 'receipt', 'lapse', 'repeat', 'hold', 'close', 'also', 'never'),
  }),
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('receipt'),
      person,
      stage: fc.constantFrom('on-device', 'presented', 'opened'),
    }),
  },
  fc.record({ kind: fc.constant('unreachable'), person, path: fc.boolean() }),
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('answer'),
      person,
      answer: fc.constantFrom('accepted', 'declined', 'call-back', 'attending', 'arrived', 'not-me'),
      by: fc.constantFrom('self', 'self', 'switchboard', 'pbx'),
      behind,
    }),
  },
  fc.record({ kind: fc.constant('release'), person, behind }),
  fc.record({ kind: fc.constant('take-over'), behind }),
  fc.record({ kind: fc.constant('ask-again'), behind }),
  fc.constant<Move>({ kind: 'repeat' }),
  fc.constant<Move>({ kind: 'upgrade' }),
  fc.record({ kind: fc.constant('hand-over'), role, from: person, to: person }),
  fc.record({ kind: fc.constant('also'), role, behind }),
  fc.record({ kind: fc.constant('say'), person, text: fc.string({ maxLength: 400 }) }),
  fc.record({ kind: fc.constant('holds'), role, people: fc.uniqueArray(person, { maxLength: 3 }) }),
  fc.record({ kind: fc.constant('clock'), by: fc.integer({ min: 1000, max: 3_600_000 }) }),
) as fc.Arbitrary<Move>
const ending = fc.constantFrom<Move>({ kind: 'close', behind: 0 }, { kind: 'cancel' }, { kind: 'next-due' })
const call = fc.record({
  to: fc.constantFrom('team:crash', 'team:gap', 'role:surg-f1', 'role:med-reg', 'role:nobody', 'person:gas'),
  class: fc.constantFrom('emergency', 'urgent', 'routine', 'test'),
  moves: fc.array(fc.oneof({ weight: 40, arbitrary: move }, { weight: 1, arbitrary: ending }), {
    maxLength: 40,
  }),
})

interface Played {
  readonly blank: Alert
  readonly states: readonly Alert[]
  readonly events: readonly AlertEvent[]
  readonly effects: readonly (readonly AlertEffect[])[]
}

function play({ to, class: c, moves }: typeof call extends fc.Arbitrary<infer T> ? T : never): Played {
  const holding = aHolding()
  const [kind, id] = to.split(':') as ['team' | 'role' | 'person', string]
  const target =
    kind === 'team'
      ? { kind, team: asId<never>(id) }
      : kind === 'role'
        ? { kind, role: asId<never>(id) }
        : { kind, person: asId<never>(id) }
  let at = Date.UTC(2026, 10, 22, 3)
  const policy = policyFor(policiesSchema.parse({}), c as never, 'any', target)
  const plan = snapshotPlan(policy, target, wardDirectory(holding), at)
  const blank = blankAlert(asId<AlertId>('a1'), asId<BleepId>('b1'), plan, at)
  const states: Alert[] = [blank]
  const events: AlertEvent[] = []
  const effects: (readonly AlertEffect[])[] = []
  const happen = (event: AlertEvent) => {
    const alert = states.at(-1)!
    const resolved: NonNullable<AlertEvent['resolved']>[number][] = []
    const real = whoAt(wardDirectory(holding), event.at)
    const who: Who = (t) => {
      const holders = real(t)
      resolved.push({ target: t, holders })
      return holders
    }
    const [next, asked] = stepAlert(alert, event, who)
    effects.push(asked)
    if (next === alert) return
    states.push(next)
    events.push({ ...event, resolved })
  }
  happen({ kind: 'raised', at })
  for (const m of moves) {
    const now = states.at(-1)!
    // As shown now, as shown some decisions ago, or a number that never was.
    const shown = [...new Set(states.slice(1).map((s) => s.version))]
    const seen = (b: number) => (b < 0 ? now.version - b : (shown.at(-1 - b) ?? 0))
    const by = (who: string, p: PersonId): Actor =>
      who === 'self'
        ? { kind: 'person', person: p }
        : who === 'pbx'
          ? { kind: 'pbx' }
          : { kind: 'switchboard', operator: 'op' }
    switch (m.kind) {
      case 'wait':
        at += m.ms
        break
      case 'next-due': {
        const future = futureOf(now)
        if (future.kind !== 'due') break
        at = Math.max(at, future.at)
        happen({ kind: 'due', at, name: future.name })
        break
      }
      case 'wrong-due':
        happen({ kind: 'due', at, name: m.name })
        break
      case 'receipt':
        happen({ kind: 'receipt', at, person: m.person, stage: m.stage, attempt: asId('t') })
        break
      case 'unreachable':
        happen({ kind: 'unreachable', at, person: m.person, reason: m.path ? 'path-failed' : 'no-device' })
        break
      case 'answer':
        happen({
          kind: 'answered',
          at,
          by: by(m.by, m.person),
          person: m.person,
          answer: m.answer,
          version: seen(m.behind),
        })
        break
      case 'release':
        happen({
          kind: 'released',
          at,
          by: by('switchboard', m.person),
          person: m.person,
          version: seen(m.behind),
        })
        break
      case 'take-over':
        happen({
          kind: 'taken-over',
          at,
          by: { kind: 'switchboard', operator: 'op' },
          version: seen(m.behind),
        })
        break
      case 'ask-again':
        happen({
          kind: 'asked-again',
          at,
          by: { kind: 'switchboard', operator: 'op' },
          version: seen(m.behind),
        })
        break
      case 'close':
        happen({ kind: 'closed', at, by: { kind: 'switchboard', operator: 'op' }, version: seen(m.behind) })
        break
      case 'cancel':
        happen({ kind: 'cancelled', at, by: 'page', reason: 'cancelled-by-page' })
        break
      case 'repeat':
        happen({ kind: 'repeated', at, bleep: asId('b2'), reason: 'same-call-again' })
        break
      case 'upgrade': {
        if (now.plan.class === 'emergency') break
        const urgent = policyFor(policiesSchema.parse({}), 'emergency', 'any', target)
        const better = snapshotPlan(urgent, target, wardDirectory(holding), at)
        happen({ kind: 'upgraded', at, plan: better, was: now.plan, reason: 'reading-more-urgent' })
        break
      }
      case 'hand-over':
        happen({ kind: 'handed-over', at, role: asId(m.role), from: m.from, to: m.to })
        break
      case 'also':
        happen({
          kind: 'also-ask',
          at,
          by: { kind: 'switchboard', operator: 'op' },
          target: { kind: 'role', role: asId(m.role) },
          version: seen(m.behind),
        })
        break
      case 'say':
        happen({
          kind: 'said',
          at,
          by: { kind: 'person', person: m.person },
          said: { kind: 'eta', text: m.text },
        })
        break
      case 'holds':
        holding.set(m.role, m.people)
        break
      case 'clock':
        at -= m.by
        happen({ kind: 'clock-set-back', at, by: m.by })
        break
    }
  }
  return { blank, states, events, effects }
}

const always = (check: (played: Played) => void) =>
  fc.assert(
    fc.property(call, (c) => check(play(c))),
    RUNS,
  )

test('every open alert has a future, whatever happens in whatever order', () => {
  always(({ states }) => {
    for (const alert of states.slice(1)) expect(futureOf(alert).kind).not.toBe('none')
  })
})

test('a closed alert stays closed and has nothing due', () => {
  always(({ states }) => {
    const from = states.findIndex((s) => s.phase === 'closed')
    if (from === -1) return
    for (const alert of states.slice(from)) {
      expect(alert.phase).toBe('closed')
      expect(alert.due).toEqual({})
    }
  })
})

test('covered is said only while cover holds, and ringing only while it does not', () => {
  always(({ states }) => {
    for (const alert of states.slice(1)) {
      if (!alert.plan.escalates) expect(['ringing', 'closed']).toContain(alert.phase)
      else if (alert.phase === 'covered') expect(coverOf(alert).complete).toBe(true)
      else if (alert.phase !== 'closed') expect(coverOf(alert).complete).toBe(false)
    }
  })
})

test('cover never counts one person twice, nor anyone who is not coming', () => {
  always(({ states }) => {
    for (const alert of states) {
      const seated = coverOf(alert).needs.flatMap((n) => n.filledBy)
      expect(new Set(seated).size).toBe(seated.length)
      for (const p of seated) expect(isComing(alert.responders[p]!, alert.plan.class)).toBe(true)
    }
  })
})

test('replaying the stored events gives the stored state, without a directory', () => {
  always(({ blank, states, events }) => {
    expect(replayAlert(blank, events)).toEqual(states.at(-1))
    expect(JSON.parse(JSON.stringify(states.at(-1)))).toEqual(states.at(-1))
  })
})

test('no key is delivered twice, and every stored event raises the version by one', () => {
  always(({ states, events, effects }) => {
    const keys = effects.flat().flatMap((e) => (e.kind === 'deliver' || e.kind === 'radio' ? [e.key] : []))
    expect(new Set(keys).size).toBe(keys.length)
    expect(states.map((s) => s.revision)).toEqual([0, ...events.map((_, i) => i + 1)])
  })
})

test('an ignored event asks for nothing but an answer', () => {
  always(({ blank, events, states }) => {
    const last = states.at(-1) ?? blank
    const [same, effects] = stepAlert(
      last,
      { kind: 'due', at: 0, name: 'never' },
      recordedWho({ kind: 'raised', at: 0 }),
    )
    expect(same).toBe(last)
    expect(effects).toEqual([])
    expect(events.length).toBe(last.revision)
  })
})

test('due rows follow from the effects alone: what the store is told is what the alert knows', () => {
  always(({ states, effects }) => {
    const rows = new Map<string, number>()
    for (const e of effects.flat()) {
      if (e.kind === 'due') rows.set(e.name, e.at)
      if (e.kind === 'forget') rows.delete(e.name)
    }
    expect(Object.fromEntries(rows)).toEqual(states.at(-1)!.due)
  })
})

test('what a person did counts only where they had seen what stands', () => {
  always(({ states, events }) => {
    events.forEach((event, i) => {
      const before = states[i]!
      const seen = 'seen' in event ? event.seen : undefined
      if (seen === undefined || before.phase === 'closed') return
      if ('by' in event && typeof event.by === 'object' && event.by.kind === 'pbx') return
      expect(seen).toBe(before.version)
    })
  })
})

test('the version that people see moves with decisions: never back, never by a receipt, a reply or a clock', () => {
  always(({ states, events }) => {
    events.forEach((event, i) => {
      const [before, after] = [states[i]!, states[i + 1]!]
      expect([before.version, after.revision]).toContain(after.version)
      if (before.phase !== after.phase && i > 0) expect(after.version).toBe(after.revision)
      else if (['receipt', 'said', 'clock-set-back'].includes(event.kind))
        expect(after.version).toBe(before.version)
    })
  })
})

test('an answer said to fit still fits: given again with the version that stands it is not stale', () => {
  always(({ states, events }) => {
    const alert = states.at(-1)!
    for (const person of Object.keys(alert.responders) as PersonId[]) {
      const answer = (version: number) =>
        stepAlert(
          alert,
          {
            kind: 'answered',
            at: events.at(-1)!.at,
            by: { kind: 'person', person },
            person,
            answer: 'accepted',
            version,
          },
          () => [],
        )[1].find((e) => e.kind === 'answered')!
      for (let seen = 0; seen <= alert.revision + 1; seen++) {
        if (answer(seen).again) expect(answer(alert.version).outcome).not.toBe('stale')
        else if (seen !== alert.version && alert.phase !== 'closed')
          expect(answer(seen).outcome).not.toBe('applied')
      }
    }
  })
})

test('a repeated emergency rings everyone who has not said "not me"', () => {
  always(({ states, events, effects }) => {
    events.forEach((event, i) => {
      const before = states[i]!
      if (event.kind !== 'repeated' || before.phase === 'closed' || before.plan.class !== 'emergency') return
      const after = states[i + 1]!
      const rung = effects
        .flat()
        .flatMap((e) => (e.kind === 'deliver' && e.key.startsWith(`a1/${after.revision}/`) ? [e.to] : []))
      for (const r of Object.values(before.responders))
        if (r.state !== 'not-me') expect(rung).toContain(r.person)
    })
  })
})

test('a person who has said no, or was released, is not rung again unless the whole call is', () => {
  always(({ states, events, effects }) => {
    events.forEach((event, i) => {
      if (event.kind === 'repeated' || event.kind === 'handed-over' || event.kind === 'upgraded') return
      const [before, after] = [states[i]!, states[i + 1]!]
      const rung = effects
        .flat()
        .flatMap((e) =>
          e.kind === 'deliver' &&
          (e.purpose === 'ask' || e.purpose === 'again') &&
          e.key.startsWith(`a1/${after.revision}/`)
            ? [e.to]
            : [],
        )
      for (const p of rung) {
        const r = before.responders[p]
        if (r) expect(r.state === 'declined' || r.state === 'not-me' || r.released === true).toBe(false)
      }
    })
  })
})

test('the moves above do reach every phase and every answer outcome', () => {
  const phases = new Set<string>()
  const outcomes = new Set<string>()
  always(({ states, effects }) => {
    for (const s of states) phases.add(s.phase)
    for (const e of effects.flat()) if (e.kind === 'answered') outcomes.add(e.outcome)
  })
  expect([...phases].sort()).toEqual(['closed', 'covered', 'exhausted', 'ringing'])
  expect([...outcomes].sort()).toEqual(['already', 'applied', 'late', 'not-asked', 'stale'])
})

test('the built-in policies hold for every class', () => {
  expect(DEFAULT_POLICIES.map((p) => p.class)).toEqual(['emergency', 'urgent', 'routine', 'test'])
})
