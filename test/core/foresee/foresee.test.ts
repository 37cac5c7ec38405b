import { expect, test } from 'vitest'
import { rulesSchema } from '../../../src/core/bleep/rule-schema.ts'
import { compileRules } from '../../../src/core/bleep/rules.ts'
import type { Device } from '../../../src/core/deliver/device.ts'
import { buildDirectory } from '../../../src/core/directory/build.ts'
import type { Site } from '../../../src/core/directory/site.ts'
import { isAddress, readAddress } from '../../../src/core/foresee/asked-of.ts'
import { type ForeseeParts, foresee, ringsSomebody } from '../../../src/core/foresee/foresee.ts'
import { foreseenSchema, foreseenView } from '../../../src/core/foresee/view.ts'
import { type Hole, holesOf } from '../../../src/core/foresee/week.ts'
import { asId } from '../../../src/core/ids.ts'
import { HOUR, MINUTE } from '../../../src/core/instant.ts'
import { policiesSchema } from '../../../src/core/route/policy.ts'
import { aLine, aRole, NUMBERS, person, role, smallSite } from '../../support/small-site.ts'

/** A Monday, 10:00 in London: Ada holds `reg`, Ben relieves her at 20:00. */
const AT = Date.UTC(2026, 10, 30, 10)
const compiled = compileRules(rulesSchema.parse({ extends: 'uk-starter' }))
if (!compiled.ok) throw new Error('rules')
const { rules } = compiled

const TO_REG = NUMBERS.map((row) => ({ ...row, to: { kind: 'role' as const, role: role('reg') } }))

function partsOf(more: Partial<Site> = {}, devices?: readonly Device[]): ForeseeParts {
  const directory = buildDirectory(smallSite({ numbers: TO_REG, ...more }))
  const policies = policiesSchema.parse({})
  return { directory, rules, policies, now: AT, ...(devices ? { devices } : {}) }
}

function phone(owner: string, more: Partial<Device> = {}): Device {
  return {
    ...{ id: asId(`phone-${owner}`), owner: { kind: 'person', person: person(owner) } },
    ...{ label: '', channel: 'webpush', address: '', state: 'active', enrolled: 0 },
    ...more,
  }
}

const proved = { webpush: { at: AT - MINUTE, by: 'ring' } } as const
const go = (number: string, parts: ForeseeParts, text = '', at = AT) =>
  foresee(readAddress(number, parts.directory), text, at, parts)
const printed = ({ steps }: ReturnType<typeof go>): readonly string[] =>
  steps.map(
    ({ after, reason, asks, radio, switchboard }) =>
      `${after / 1000} ${reason} ${asks.map(({ person, ways }) => `${person}:${ways.map((w) => `${w.channel}/${w.state}`)}`)}${radio ? ' radio' : ''} ${switchboard}`,
  )
const weekOf = (parts: ForeseeParts, hours = 48): readonly Hole[] => {
  const work = holesOf(AT, hours, parts)
  let step = work.next()
  while (!step.done) step = work.next()
  return step.value
}

test('an emergency that nobody answers, second by second, by the built-in policy', () => {
  const seen = go('2201', partsOf({}, [phone('ada', { proved })]))
  expect(seen.meaning).toMatchObject({ kind: 'adult-arrest', class: 'emergency' })
  expect(printed(seen)).toEqual([
    '0 first-ask ada:webpush/proved,socket/none none',
    '5 no-receipt ada:webpush/proved,socket/none none',
    '10 no-receipt ada:webpush/proved,socket/none none',
    '15 cover-late ada:webpush/proved,socket/none radio prompt',
    '20 no-receipt ada:webpush/proved,socket/none none',
    '25 no-receipt ada:webpush/proved,socket/none none',
    '30 switchboard-must-act ada:webpush/proved,socket/none radio act',
    '35 no-receipt ada:webpush/proved,socket/none none',
    '40 no-receipt ada:webpush/proved,socket/none none',
    '45 no-receipt ada:webpush/proved,socket/none none',
  ])
  expect(seen.repeats).toBe(30_000)
  expect(seen.warnings).toEqual([])
})

test('who holds the role is looked up at the second of each step, over a change of shift', () => {
  const before = Date.UTC(2026, 10, 30, 19, 59, 50)
  const seen = go('2201', partsOf({}, [phone('ada'), phone('ben')]), '', before)
  expect(seen.steps[0]?.asks.map((one) => one.person)).toEqual(['ada'])
  expect(seen.steps.find(({ after }) => after === 15_000)?.asks.map((one) => one.person)).toEqual(['ben'])
})

test('words raise what the number says, as they would on the path', () => {
  expect(go('1113', partsOf(), 'CARDIAC ARREST WARD 7').meaning.class).toBe('emergency')
  expect(go('1113', partsOf(), 'please ring 4455').meaning.class).toBe('routine')
})

test('whoever has no phone is told, and the step does not wait for them', () => {
  const seen = go('2201', partsOf({}, []))
  expect(ringsSomebody(seen, true)).toBe(false)
  expect(seen.warnings.map(({ code }) => code)).toEqual(['nobody-rung', 'no-device'])
  expect(printed(seen)[0]).toBe('0 first-ask ada: none')
  expect(seen.steps.every(({ after }) => after === 0)).toBe(true)
})

test('a way that was last shown to ring in an earlier shift is not proved', () => {
  const old = { webpush: { at: AT - 20 * HOUR, by: 'ring' } } as const
  const seen = go('2201', partsOf({}, [phone('ada', { proved: old })]))
  expect(seen.steps[0]?.asks[0]?.ways[0]).toMatchObject({ state: 'not-since' })
  expect(seen.warnings).toEqual([{ code: 'way-unproved', person: 'ada', role: 'reg' }])
})

test('a way that is not set up here rings nobody, and without a radio nothing goes out by it', () => {
  const ada = [phone('ada', { proved })]
  const all = go('2201', partsOf({}, ada))
  expect(all.steps.some(({ radio }) => radio)).toBe(true)
  const noRadio = go('2201', { ...partsOf({}, ada), channels: new Set(['webpush', 'socket']) })
  expect(noRadio.steps.map(({ radio }) => radio)).not.toContain(true)
  expect(noRadio.steps.length).toBeGreaterThan(1)
  const other = go('2201', { ...partsOf({}, ada), channels: new Set(['apn', 'radio']) })
  expect(ringsSomebody(other, true)).toBe(false)
  expect(other.warnings.map(({ code }) => code)).toContain('nobody-rung')
})

test('without a database nobody is said to lack a phone', () => {
  const seen = go('2201', partsOf())
  expect(ringsSomebody(seen, false)).toBe(true)
  expect(seen.warnings).toEqual([])
})

test('a number that no plan holds rings nobody, and says so', () => {
  const seen = go('9999', partsOf())
  expect(seen).toMatchObject({ reason: 'number-unknown', steps: [], warnings: [{ code: 'number-unknown' }] })
  expect(ringsSomebody(seen, false)).toBe(false)
})

test('a radio address is read as one, and means the number of its row', () => {
  const { directory } = partsOf()
  expect(readAddress('ric:1000008/2', directory)).toEqual({ scheme: 'ric', ric: 1_000_008, fn: 2 })
  expect(readAddress('ric:9999999/2', directory)).toEqual({ scheme: 'number', number: 'ric:9999999/2' })
  expect(readAddress('0028', directory)).toEqual({ scheme: 'number', number: '0028' })
  expect(go('ric:1000008/2', partsOf()).number).toBe('2201')
})

test('where two hospitals have a number, it is asked for with its hospital, by number or radio address', () => {
  const [row] = TO_REG
  if (row === undefined) throw new Error('no row')
  const both = ['north', 'south'].map((site) => ({
    ...row,
    number: `2222@${site}`,
    ric: 1000,
    fn: 3 as const,
    site,
  }))
  const parts = partsOf({ numbers: [...both, ...TO_REG.map((one) => ({ ...one, site: 'north' }))] })
  for (const asked of ['2222@north', ' 2222@North ', 'ric:1000/3@north', 'ric:1000@north'])
    expect(go(asked, parts), asked).toMatchObject({ number: '2222@north', reason: 'number-plan' })
  expect(go('2222@south', parts).number).toBe('2222@south')
  // One hospital alone has it, and whoever names that one is understood.
  expect(go('2201@north', parts)).toMatchObject({ number: '2201', reason: 'number-plan' })
  for (const asked of ['2222', 'ric:1000/3'])
    expect(go(asked, parts), asked).toMatchObject({ steps: [], warnings: [{ code: 'number-of-several' }] })
  for (const asked of ['2222@west', '2201@south', '2222@', '@north', '22@north'])
    expect(go(asked, parts), asked).toMatchObject({ reason: 'number-unknown' })
})

test('what can be no address of a page here is told from a number that no plan holds', () => {
  const { directory } = partsOf()
  for (const typed of ['2201', '9999', 'ric:1000008/2', 'ric:5', '2201@here', '2201@Here', '9999@here'])
    expect(isAddress(typed, directory), typed).toBe(true)
  for (const typed of ['ric:x', 'ric:', 'RIC:1000008', 'ric:9999999/2', 'ric:5/4', '2201@nowhere', '2201@'])
    expect(isAddress(typed, directory), typed).toBe(false)
})

test('a test call asks once and never escalates', () => {
  const seen = go('2299', partsOf({}, [phone('ada', { proved })]))
  expect(printed(seen)).toEqual(['0 first-ask ada:webpush/proved none'])
  expect(seen.repeats).toBeUndefined()
})

test('the same page foreseen twice is the same, and the view of it fits its schema', () => {
  const parts = partsOf({}, [phone('ada', { proved })])
  const [first, second] = [go('2201', parts), go('2201', parts)]
  expect(second).toEqual(first)
  const view = foreseenView(first, AT, parts.directory)
  expect(foreseenSchema.parse(view)).toEqual(view)
  expect(view).toMatchObject({ kind: 'adult-arrest', kindName: 'Adult arrest' })
  expect(view.steps[3]).toMatchObject({ afterSeconds: 15, ask: [{ role: 'reg', name: 'Person ada' }] })
})

test('the week: hours in which nobody holds what a number stands for, joined, alike numbers together', () => {
  const rota = [aLine('reg', 'ada', 'day', { days: [1] })]
  expect(weekOf(partsOf({ rota }), 24)).toEqual([
    {
      ...{ code: 'nobody-rung', from: Date.UTC(2026, 10, 30, 20), to: Date.UTC(2026, 11, 1, 10) },
      numbers: expect.arrayContaining(['1113']),
    },
    ...Array.from({ length: 8 }, () => expect.objectContaining({ code: 'nobody-rung' })),
  ])
})

test('the week: a substitute answers for a role that nobody holds, but is asked in no test', () => {
  const roles = [aRole('reg', { crash: true, substitutes: [role('sho')] }), aRole('sho')]
  const rota = [aLine('sho', 'cat', 'day'), aLine('sho', 'dov', 'night')]
  expect(weekOf(partsOf({ roles, rota })).map(({ numbers }) => numbers)).toEqual([['2299']])
})
