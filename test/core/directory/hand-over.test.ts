import { describe, expect, test } from 'vitest'
import type { StoredEdit } from '../../../src/core/directory/build.ts'
import { buildDirectory } from '../../../src/core/directory/build.ts'
import type { HandOverDecision, HandOverRequest } from '../../../src/core/directory/hand-over.ts'
import { decideHandOver } from '../../../src/core/directory/hand-over.ts'
import type { Site } from '../../../src/core/directory/site.ts'
import { HOUR, MINUTE, parseInstant } from '../../../src/core/instant.ts'
import { aPerson, person, role, smallSite } from '../../support/small-site.ts'

const REG = role('reg')
/** Ada is on until 20:00, Ben from then until 08:00. */
const SHIFT_END = parseInstant('2026-01-05T20:00:00Z') ?? Number.NaN
const MORNING = SHIFT_END + 12 * HOUR

/** The same few lines a console would run: decide, store what was applied, fold again. */
class Desk {
  readonly site: Site
  readonly stored: StoredEdit[] = []
  constructor(more: Partial<Site> = {}) {
    this.site = smallSite(more)
  }
  directory() {
    return buildDirectory(this.site, this.stored)
  }
  ask(at: number, request: HandOverRequest): HandOverDecision {
    const decision = decideHandOver(this.directory(), request, at)
    if (decision.edit !== undefined) {
      this.stored.push({ id: `e${this.stored.length}`, at, by: 'desk', edit: decision.edit })
    }
    return decision
  }
  on(at: number) {
    return this.directory()
      .holders(REG, at)
      .map((h) => h.person)
  }
}
const offer = (by: string, to: string): HandOverRequest => ({
  kind: 'offer',
  role: REG,
  by: person(by),
  to: person(to),
})
const act = (kind: 'take' | 'refuse' | 'withdraw', by: string): HandOverRequest => ({
  kind,
  role: REG,
  by: person(by),
})
const force = (to: string): HandOverRequest => ({
  kind: 'force',
  role: REG,
  to: person(to),
  operator: 'desk 1',
})
const reasons = (...decisions: HandOverDecision[]) => decisions.map((d) => d.reason)

describe('offer and take', () => {
  test('moves the role at the moment it is taken, and keeps both clocks', () => {
    const desk = new Desk()
    const offered = SHIFT_END - 10 * MINUTE
    const taken = SHIFT_END - 4 * MINUTE
    expect(desk.ask(offered, offer('ada', 'ben')).reason).toBe('baton-offered')
    expect(desk.on(offered)).toEqual(['ada'])
    const decision = desk.ask(taken, act('take', 'ben'))
    expect(decision).toMatchObject({
      applied: true,
      reason: 'baton-taken',
      handedOver: { role: 'reg', from: 'ada', to: 'ben', at: taken, until: MORNING },
    })
    expect(desk.on(taken - 1)).toEqual(['ada'])
    expect(desk.on(taken)).toEqual(['ben'])
    expect(desk.on(MORNING)).toEqual(['ada'])
    expect(desk.directory().batons.get(REG)).toEqual({
      role: 'reg',
      held: { person: 'ben', since: taken, until: MORNING, offered, forced: false },
    })
  })

  test('who comes on within two hours may take it without an offer', () => {
    const desk = new Desk()
    expect(desk.ask(SHIFT_END - 2 * HOUR, act('take', 'ben')).reason).toBe('baton-not-offered')
    expect(desk.ask(SHIFT_END - 2 * HOUR + 1, act('take', 'ben')).reason).toBe('baton-taken')
    expect(desk.on(SHIFT_END - HOUR)).toEqual(['ben'])
  })

  test('somebody not on the rota keeps it until the duty they took over ends', () => {
    const desk = new Desk()
    const noon = SHIFT_END - 8 * HOUR
    desk.ask(noon, offer('ada', 'cat'))
    expect(desk.ask(noon + 1, act('take', 'cat')).handedOver?.until).toBe(SHIFT_END)
    expect(desk.on(SHIFT_END - 1)).toEqual(['cat'])
    expect(desk.on(SHIFT_END)).toEqual(['ben'])
  })

  test('a second take is answered with what stands', () => {
    const desk = new Desk()
    const at = SHIFT_END - MINUTE
    desk.ask(at, offer('ada', 'ben'))
    desk.ask(at, act('take', 'ben'))
    expect(desk.ask(at + 1, act('take', 'ben'))).toEqual({ applied: false, reason: 'baton-already' })
  })

  test('a new offer replaces one not yet answered', () => {
    const desk = new Desk()
    const at = SHIFT_END - 6 * HOUR
    desk.ask(at, offer('ada', 'cat'))
    desk.ask(at, offer('ada', 'dov'))
    expect(reasons(desk.ask(at, act('take', 'cat')), desk.ask(at, act('take', 'dov')))).toEqual([
      'baton-not-offered',
      'baton-taken',
    ])
  })

  test('two takes stored at once by two nodes: the first stands, the second is left out', () => {
    const desk = new Desk()
    const at = SHIFT_END - 6 * HOUR
    desk.ask(at, offer('ada', 'cat'))
    const stale = desk.directory()
    desk.ask(at, offer('ada', 'dov'))
    const late = decideHandOver(stale, act('take', 'cat'), at)
    desk.stored.push({ id: 'late', at, by: 'desk', edit: late.edit })
    expect(desk.directory().leftOut).toEqual([{ edit: 'late', reason: 'baton-not-offered' }])
    expect(desk.on(at)).toEqual(['ada'])
  })
})

describe('refuse and withdraw', () => {
  const at = SHIFT_END - 6 * HOUR

  test('leave the role where it was', () => {
    const desk = new Desk()
    desk.ask(at, offer('ada', 'cat'))
    expect(desk.ask(at, act('refuse', 'cat')).reason).toBe('baton-refused')
    expect(desk.directory().batons.get(REG)).toEqual({ role: 'reg' })
    desk.ask(at, offer('ada', 'cat'))
    expect(desk.ask(at, act('withdraw', 'ada')).reason).toBe('baton-withdrawn')
    expect(desk.ask(at, act('take', 'cat')).reason).toBe('baton-not-offered')
    expect(desk.on(at)).toEqual(['ada'])
  })

  test('keep what was held before the offer', () => {
    const desk = new Desk()
    desk.ask(at, force('cat'))
    desk.ask(at + 1, offer('cat', 'dov'))
    desk.ask(at + 2, act('refuse', 'dov'))
    expect(desk.directory().batons.get(REG)?.held?.person).toBe('cat')
    expect(desk.on(at + 3)).toEqual(['cat'])
  })

  test('are for the two people concerned only', () => {
    const desk = new Desk()
    desk.ask(at, offer('ada', 'cat'))
    expect(
      reasons(
        desk.ask(at, act('refuse', 'dov')),
        desk.ask(at, act('withdraw', 'cat')),
        desk.ask(at, act('take', 'dov')),
      ),
    ).toEqual(['baton-not-offered', 'baton-not-offered', 'baton-not-offered'])
  })
})

describe('switchboard', () => {
  test('gives the role to anybody active, over the heads of all', () => {
    const desk = new Desk()
    const at = SHIFT_END - 6 * HOUR
    desk.ask(at, offer('ada', 'dov'))
    const decision = desk.ask(at, force('cat'))
    expect(decision).toMatchObject({ reason: 'baton-forced', handedOver: { to: 'cat', until: SHIFT_END } })
    expect(decision.handedOver).not.toHaveProperty('from')
    expect(desk.on(at)).toEqual(['cat'])
    expect(desk.ask(at, act('take', 'dov')).reason).toBe('baton-not-offered')
    expect(desk.directory().batons.get(REG)?.held).toMatchObject({ person: 'cat', forced: true })
  })

  test('fills a gap until the next duty begins', () => {
    const desk = new Desk({ rota: smallSite().rota.slice(0, 1) })
    const at = SHIFT_END + HOUR
    expect(desk.on(at)).toEqual([])
    expect(desk.ask(at, force('cat')).handedOver?.until).toBe(MORNING)
    expect(desk.on(MORNING - 1)).toEqual(['cat'])
    expect(desk.on(MORNING)).toEqual(['ada'])
  })

  test('and never for longer than the longest shift', () => {
    const desk = new Desk({ rota: [] })
    expect(desk.ask(SHIFT_END, force('cat')).handedOver?.until).toBe(SHIFT_END + 13 * HOUR)
  })
})

describe('what cannot be', () => {
  const at = SHIFT_END - 6 * HOUR
  const people = ['ada', 'ben', 'cat', 'dov'].map((id) => aPerson(id, { active: id !== 'dov' }))

  test.each<[HandOverRequest, string]>([
    [offer('cat', 'ben'), 'baton-not-holder'],
    [offer('ada', 'ada'), 'baton-already'],
    [offer('ada', 'dov'), 'baton-person-unknown'],
    [offer('ada', 'zoe'), 'baton-person-unknown'],
    [force('dov'), 'baton-person-unknown'],
    [act('take', 'cat'), 'baton-not-offered'],
    [{ ...act('take', 'ada'), role: role('none') }, 'role-unknown'],
  ])('%j: %s', (request, reason) => {
    expect(new Desk({ people }).ask(at, request)).toEqual({ applied: false, reason })
  })
})
