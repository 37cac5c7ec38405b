import { expect, test } from 'vitest'
import type { Alert } from '../../../src/core/alert/alert.ts'
import type { Device } from '../../../src/core/deliver/device.ts'
import { buildDirectory, type SiteDirectory } from '../../../src/core/directory/build.ts'
import {
  dutyEnds,
  firstLook,
  keeping,
  keptUntil,
  lookAtShift,
  mayKeep,
  type ShiftEndRules,
} from '../../../src/core/govern/shift-end.ts'
import { asId } from '../../../src/core/ids.ts'
import { DAY, HOUR, MINUTE } from '../../../src/core/instant.ts'
import type { ResponderState } from '../../../src/core/vocabulary.ts'
import { aLine, aRole, person, role, smallSite } from '../../support/small-site.ts'

const at = (clock: string, day = 23) => Date.parse(`2026-11-${day}T${clock}:00Z`)
const RULES: ShiftEndRules = { own: true, shared: true, grace: 30 * MINUTE }

/** ada by day, ben by night, on `reg`; ada is on `late` from 20:15 to 22:00 as well where a test asks for it. */
const site = buildDirectory(smallSite())
const withLate = buildDirectory(
  smallSite({
    roles: [aRole('reg', { crash: true }), aRole('late')],
    shifts: [...smallSite().shifts, { id: 'late', name: 'Late', from: '20:15', to: '22:00' }],
    rota: [...smallSite().rota, aLine('late', 'ada', 'late')],
  }),
)

const base: Device = {
  id: asId('phone'),
  owner: { kind: 'person', person: person('ada') },
  label: 'Phone',
  channel: 'socket',
  address: '',
  state: 'active',
  enrolled: at('07:00'),
}
const own = (more: Partial<Device> = {}): Device => ({ ...base, ...more })
const shared = (more: Partial<Device> = {}): Device => ({
  ...base,
  owner: { kind: 'role', role: role('reg') },
  ...more,
})

function alert(phase: Alert['phase'], state: ResponderState, who = 'ada'): Alert {
  return {
    id: asId('a'),
    revision: 1,
    bleep: asId('b'),
    plan: {
      policy: 't',
      class: 'urgent',
      steps: [],
      need: [],
      receiptWithin: 0,
      repeatLast: 0,
      escalates: true,
    },
    phase,
    step: 0,
    raised: at('19:00'),
    responders: {
      [person(who)]: {
        person: person(who),
        roles: [role('reg')],
        state,
        asked: at('19:00'),
        rung: at('19:00'),
        path: 0,
        since: at('19:00'),
        changed: 1,
      },
    },
    thread: [],
    repeats: [],
    rounds: 1,
    due: {},
    version: 0,
    gaps: [],
    also: [],
  }
}

const nobody = () => false
const look = (device: Device, now: number, directory: SiteDirectory = site, engaged = nobody) =>
  lookAtShift(device, now, directory, RULES, engaged)

test('a duty ends where no other begins within the grace', () => {
  const roles = [role('reg'), role('late')]
  expect(dutyEnds(site, [role('reg')], person('ada'), at('12:00'), RULES.grace)).toBe(at('20:00'))
  expect(dutyEnds(withLate, roles, person('ada'), at('12:00'), RULES.grace)).toBe(at('22:00'))
  expect(dutyEnds(withLate, roles, person('ada'), at('12:00'), 10 * MINUTE)).toBe(at('20:00'))
  expect(dutyEnds(site, [role('reg')], person('ada'), at('21:00'), RULES.grace)).toBeUndefined()
})

test('what is told on duty goes half an hour after its end; what is told off duty half an hour after it was told', () => {
  const phone = own()
  expect(keptUntil(phone, person('ada'), at('12:00'), at('12:00'), site, RULES)).toBe(at('20:30'))
  const later = own({ cleared: at('20:30') })
  expect(keptUntil(later, person('ada'), at('23:00'), at('23:10'), site, RULES)).toBe(at('23:30'))
})

test('who has never been on duty since the phone was enrolled is on no rota that could end', () => {
  expect(keptUntil(own(), person('ada'), at('23:00'), at('23:10'), site, RULES)).toBeUndefined()
  expect(firstLook(own(), [at('23:00')], at('23:10'), site, RULES).keepsUntil).toBeUndefined()
})

test('a site that keeps bleeps sets no time and refuses nothing', () => {
  const keep = { ...RULES, own: false }
  expect(keptUntil(own(), person('ada'), at('12:00'), at('12:00'), site, keep)).toBeUndefined()
  expect(firstLook(own(), [at('12:00')], at('12:00'), site, keep).keepsUntil).toBeUndefined()
  const gone = own({ cleared: at('20:30') })
  expect(
    mayKeep(gone, alert('closed', 'accepted'), person('ada'), at('19:00'), at('21:00'), site, keep),
  ).toBe(true)
})

test('an own phone is looked at when the grace is over, cleared once, and its next shift sets the next time', () => {
  const told = firstLook(own(), [at('12:00')], at('12:00'), site, RULES)
  expect(told.keepsUntil).toBe(at('20:30'))
  expect(look(told, at('20:29'))).toEqual({ kind: 'nothing' })
  const ended = look(told, at('20:30'))
  expect(ended).toMatchObject({ kind: 'ended', device: { cleared: at('20:30') } })
  const after = ended.kind === 'ended' ? ended.device : own()
  expect(after.keepsUntil).toBeUndefined()
  expect(firstLook(after, [], at('20:31'), site, RULES).keepsUntil).toBeUndefined()
  expect(keeping(after, at('20:31'), site, RULES)).toEqual([{ person: 'ada' }])
  expect(look(after, at('20:31'))).toEqual({ kind: 'nothing' })
  expect(firstLook(after, [], at('09:00', 24), site, RULES).keepsUntil).toBe(at('20:30', 24))
})

test('whoever is on an open alert keeps it however late it gets', () => {
  const told = own({ keepsUntil: at('20:30') })
  expect(look(told, at('22:00'), site, () => true)).toEqual({ kind: 'engaged' })
  const gone = own({ cleared: at('20:30') })
  const may = (a: Alert) => mayKeep(gone, a, person('ada'), at('19:00'), at('22:00'), site, RULES)
  expect(may(alert('ringing', 'presented'))).toBe(true)
  expect(may(alert('covered', 'attending'))).toBe(true)
  expect(may(alert('covered', 'stood-down'))).toBe(false)
  expect(may(alert('ringing', 'declined'))).toBe(false)
  expect(may(alert('closed', 'arrived'))).toBe(false)
})

test('a duty that was prolonged moves the time, one that ended early brings it near', () => {
  const told = own({ keepsUntil: at('20:30') })
  const prolonged = buildDirectory(smallSite(), [
    {
      id: '1',
      at: at('19:00'),
      by: 't',
      edit: {
        kind: 'override',
        role: 'reg',
        person: 'ada',
        from: at('20:00'),
        to: at('23:00'),
        mode: 'also',
      },
    },
  ])
  expect(look(told, at('20:30'), prolonged)).toMatchObject({
    kind: 'later',
    device: { keepsUntil: at('23:30') },
  })
  const early = buildDirectory(smallSite(), [
    {
      id: '1',
      at: at('13:00'),
      by: 't',
      edit: { kind: 'leave', person: 'ada', from: at('13:00'), to: at('20:00') },
    },
  ])
  expect(look(told, at('13:01'), early)).toMatchObject({
    kind: 'later',
    device: { keepsUntil: at('13:31') },
  })
})

test('told something off duty, the phone keeps that for the grace and is cleared again', () => {
  const off = own({ cleared: at('20:30') })
  const told = firstLook(off, [at('23:00')], at('23:01'), site, RULES)
  expect(told.keepsUntil).toBe(at('23:30'))
  expect(firstLook(told, [at('23:20')], at('23:21'), site, RULES).keepsUntil).toBe(at('23:50'))
  expect(look(told, at('23:30'))).toMatchObject({ kind: 'ended', device: { cleared: at('23:30') } })
})

test('a ward handset passes to the next holder: the last one’s bleeps go, the next one’s stay', () => {
  const handset = firstLook(shared(), [at('12:00')], at('12:00'), site, RULES)
  expect(handset.keepsUntil).toBe(at('20:30'))
  const now = at('20:10')
  // What the next holder is told meanwhile does not put the end off.
  expect(firstLook(handset, [now], now, site, RULES).keepsUntil).toBe(at('20:30'))
  expect(keeping(handset, now, site, RULES)).toEqual([
    { person: 'ben', until: at('08:30', 24) },
    { person: 'ada', until: at('20:30') },
  ])
  expect(keeping(handset, at('20:31'), site, RULES)).toEqual([{ person: 'ben', until: at('08:30', 24) }])
  const ended = look(handset, at('20:30'))
  expect(ended).toMatchObject({
    kind: 'ended',
    device: { cleared: at('20:00'), keepsUntil: at('08:30', 24) },
  })
  const after = ended.kind === 'ended' ? ended.device : handset
  const may = (who: string, told: number, now: number) =>
    mayKeep(after, alert('closed', 'accepted', who), person(who), told, now, site, RULES)
  expect(may('ada', at('19:00'), at('20:31'))).toBe(false)
  expect(may('ben', at('20:10'), at('20:31'))).toBe(true)
})

test('somebody’s next shift does not bring back what a ward handset told them in the last', () => {
  const next = at('12:00', 24)
  const told = alert('closed', 'accepted')
  expect(mayKeep(shared(), told, person('ada'), at('12:00'), next, site, RULES)).toBe(false)
  expect(mayKeep(shared(), told, person('ada'), next - HOUR, next, site, RULES)).toBe(true)
  expect(mayKeep(shared(), told, person('ada'), next - DAY, next, site, RULES)).toBe(false)
})

test('a ward handset waits for the one who had it and is still on an open alert', () => {
  const handset = shared({ keepsUntil: at('20:30') })
  expect(lookAtShift(handset, at('20:40'), site, RULES, (p) => p === 'ada')).toEqual({ kind: 'engaged' })
  expect(lookAtShift(handset, at('20:40'), site, RULES, (p) => p === 'ben')).toMatchObject({ kind: 'ended' })
})
