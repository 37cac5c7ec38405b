import { beforeAll, describe, expect, test } from 'vitest'
import type { Page } from '../../../src/core/bleep/bleep.ts'
import { classify } from '../../../src/core/bleep/classify.ts'
import { type RulesInput, rulesSchema } from '../../../src/core/bleep/rule-schema.ts'
import type { Rules } from '../../../src/core/bleep/rules.ts'
import { compileRules } from '../../../src/core/bleep/rules.ts'
import { buildDirectory } from '../../../src/core/directory/build.ts'
import { aPage, ric } from '../../support/pages.ts'
import { smallSite } from '../../support/small-site.ts'
import { MESSAGES } from './messages.ts'

const directory = buildDirectory(smallSite())
let starter: Rules
beforeAll(() => {
  starter = rules({})
})

function rules(input: RulesInput): Rules {
  const compiled = compileRules(rulesSchema.parse(input))
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.faults))
  return compiled.rules
}

for (const [name, messages] of Object.entries(MESSAGES)) {
  describe(name, () => {
    for (const [number, text, kind, urgency, stated] of messages) {
      test(`${number} ${JSON.stringify(text)} is ${kind}, ${urgency}`, () => {
        const page = aPage(text, { to: { scheme: 'number', number } })
        const meaning = classify(page, number, directory, starter)
        expect(meaning).toMatchObject({ kind, class: urgency })
        if (stated !== undefined) {
          const { kind: _k, class: _c, rule: _r, reason: _w, ...said } = meaning
          expect(said).toEqual(stated)
        }
      })
    }
  })
}

test('the table holds at least 150 messages', () => {
  expect(Object.values(MESSAGES).flat().length).toBeGreaterThanOrEqual(150)
})

describe('evidence', () => {
  const meant = (page: Page, number = '1113') => classify(page, number, directory, starter)

  test('says which rule decided and why', () => {
    expect(meant(aPage('CARDIAC ARREST WARD 4'))).toMatchObject({
      rule: 'adult-arrest',
      reason: 'class-text',
    })
    expect(meant(aPage(''), '2201')).toMatchObject({ rule: 'plan 2201', reason: 'class-address' })
    expect(meant(aPage('CARDIAC ARREST'), '2210')).toMatchObject({
      rule: 'adult-arrest',
      reason: 'class-raised',
    })
    expect(meant(aPage('70123'))).toMatchObject({ rule: 'call-back', reason: 'class-shape' })
    expect(meant(aPage('TEST'))).toMatchObject({ rule: 'test-call', reason: 'class-test' })
    expect(meant(aPage('STAND DOWN'))).toMatchObject({ rule: 'stand-down', reason: 'class-stand-down' })
  })

  test('the number names the kind where text is no more urgent', () => {
    expect(meant(aPage('PAED ARREST WARD 20'), '2201')).toMatchObject({
      kind: 'adult-arrest',
      rule: 'plan 2201',
    })
  })

  test('text never lowers what the number says', () => {
    expect(meant(aPage('CALL 4421'), '2201')).toMatchObject({ kind: 'adult-arrest', class: 'emergency' })
    expect(meant(aPage('FAST BLEEP'), '2201')).toMatchObject({ kind: 'adult-arrest', class: 'emergency' })
  })

  test('priority and call type of a switchboard link count as much as words', () => {
    const sent = (text: string, fields: Record<string, string>) => meant(aPage(text, { fields }))
    expect(sent('', { priority: '1' })).toMatchObject({
      kind: 'emergency',
      class: 'emergency',
      rule: 'espa-priority-1',
      reason: 'class-signal',
    })
    expect(sent('MET CALL WARD 3', { priority: '1' })).toMatchObject({ kind: 'met', class: 'emergency' })
    expect(sent('70123', { priority: '2' })).toMatchObject({ kind: 'call-back', class: 'urgent' })
    expect(sent('70123', { priority: '3' })).toMatchObject({ kind: 'call-back', class: 'routine' })
    expect(sent('CARDIAC ARREST', { callType: '1' })).toMatchObject({
      kind: 'stand-down',
      class: 'emergency',
    })
    expect(sent('TEST CALL', { priority: '1' })).toMatchObject({ kind: 'test', class: 'test' })
  })

  test('of several signals the most urgent name is taken', () => {
    const page = aPage('CARDIAC ARREST', { fields: { priority: '1' } })
    expect(meant(page, '2210')).toMatchObject({
      kind: 'adult-arrest',
      class: 'emergency',
      reason: 'class-signal',
    })
  })

  test('of equally urgent names the earlier witness gives it, of others the more urgent one', () => {
    const sent = (text: string, number: string) => meant(aPage(text, { fields: { priority: '1' } }), number)
    expect(sent('FAST BLEEP', '2210')).toMatchObject({ kind: 'met', class: 'emergency' })
    expect(sent('FAST BLEEP', '0050')).toMatchObject({ kind: 'fast-bleep', class: 'emergency' })
    expect(sent('', '0050')).toMatchObject({ kind: 'pharmacy', class: 'emergency' })
  })

  test('a plan that knows the kind only is routine', () => {
    expect(meant(aPage(''), '0050')).toMatchObject({ kind: 'pharmacy', class: 'routine', rule: 'plan 0050' })
  })

  test('a plan that knows the urgency only takes the name from the shape', () => {
    expect(meant(aPage('70123'), '0028')).toMatchObject({ kind: 'call-back', class: 'routine' })
    expect(meant(aPage('BED 4'), '0028')).toMatchObject({ kind: 'text-request', rule: 'plan 0028' })
  })

  test.each(['damaged', 'unterminated'] as const)('a %s page can neither lower nor cancel', (quality) => {
    expect(meant(aPage('\uFFFD\uFFFD\uFFFD A TEST CALL', { quality }), '2201').class).toBe('emergency')
    expect(meant(aPage('\uFFFD\uFFFD \uFFFD\uFFFD\uFFFD STAND DOWN', { quality }), '2201').kind).toBe(
      'adult-arrest',
    )
    expect(meant(aPage('CARDIAC ARR\uFFFDST WARD 4', { quality })).class).toBe('emergency')
  })

  test('a corrected page can lower: every codeword was repaired', () => {
    expect(meant(aPage('TEST CALL', { quality: 'corrected' }), '2201').class).toBe('test')
  })
})

describe('site rules', () => {
  const site = () =>
    rules({
      rules: [
        { id: 'fast-tone', kind: 'fast-bleep', class: 'urgent', when: { fn: 1, type: 'tone' } },
        { id: 'one-ric', kind: 'bed-manager', class: 'routine', when: { ric: [7, 9] } },
        { id: 'night-bell', kind: 'bell', class: 'urgent', when: { number: '3000', unless: 'DAYTIME' } },
        { id: 'loud', class: 'urgent', when: { fields: { beepCoding: ['8', '9'] } } },
        { id: 'kitchen', kind: 'kitchen', class: 'routine', when: { text: 'TOAST' } },
        { id: 'numeric-only', kind: 'digits', class: 'routine', when: { type: 'numeric' } },
      ],
      lookAlikes: ['FIRE STATION'],
      places: ['Rowan Ward', 'Rowan Ward Annexe'],
      keywords: ['ROWDY'],
    })
  const meant = (page: Page, number = '1113', by = site()) => classify(page, number, directory, by)

  test('come before the starter set', () => {
    expect(meant(aPage('TOAST ON FIRE')).kind).toBe('kitchen')
    expect(meant(aPage('CARDIAC ARREST')).kind).toBe('adult-arrest')
  })

  test('read RIC, function and type together', () => {
    expect(meant(aPage('', { to: ric(1, 1) })).kind).toBe('fast-bleep')
    expect(meant(aPage('', { to: ric(1, 2) })).kind).toBe('tone')
    expect(meant(aPage('HELLO', { to: ric(1, 1) })).kind).toBe('text-request')
    expect(meant(aPage('', { to: { scheme: 'number', number: '1113' } })).kind).toBe('tone')
    expect(meant(aPage('', { to: ric(9, 0) }))).toMatchObject({
      kind: 'bed-manager',
      reason: 'class-address',
    })
    expect(meant(aPage('', { to: ric(1, 1) })).reason).toBe('class-address')
  })

  test('can name a number, unless words say otherwise', () => {
    expect(meant(aPage('X'), '3000')).toMatchObject({ kind: 'bell', reason: 'class-address' })
    expect(meant(aPage('DAYTIME'), '3000').kind).toBe('text-request')
  })

  test('read any field the sender gave', () => {
    expect(meant(aPage('70123', { fields: { beepCoding: '9' } })).class).toBe('urgent')
    expect(meant(aPage('70123', { fields: { beepCoding: '1' } })).class).toBe('routine')
  })

  test('can name a shape', () => {
    expect(meant(aPage('70123'))).toMatchObject({ kind: 'digits', reason: 'class-shape' })
  })

  test('can say how urgent a shape is and leave its name alone', () => {
    const urgent = rules({ rules: [{ id: 'bare', class: 'urgent', when: { type: ['tone', 'numeric'] } }] })
    const seen = (text: string) => meant(aPage(text), '1113', urgent)
    expect(seen('')).toMatchObject({ kind: 'tone', class: 'urgent', rule: 'bare', reason: 'class-shape' })
    expect(seen('70123')).toMatchObject({ kind: 'call-back', class: 'urgent' })
    expect(seen('HELLO')).toMatchObject({ kind: 'text-request', class: 'routine' })
  })

  test('add phrases that only look alarming, and places', () => {
    expect(meant(aPage('PARCEL AT FIRE STATION')).class).toBe('routine')
    const spaced = rules({
      rules: [{ id: 'call', kind: 'lift', class: 'urgent', when: { text: 'LIFT +CALL' } }],
      lookAlikes: ['BELL'],
    })
    expect(meant(aPage('LIFT CALL'), '1113', spaced).kind).toBe('lift')
    expect(meant(aPage('LIFT BELL CALL'), '1113', spaced).kind).toBe('text-request')
    expect(meant(aPage('BED 2, Rowan  Ward Annexe please')).place).toBe('BED 2, Rowan  Ward Annexe')
  })

  test('can do without the starter set', () => {
    const bare = rules({ extends: 'nothing' })
    expect(meant(aPage('CARDIAC ARREST'), '1113', bare).kind).toBe('text-request')
    const one = rules({
      extends: 'nothing',
      rules: [{ id: 'toast', kind: 'kitchen', class: 'urgent', when: { text: 'TOAST' } }],
    })
    expect(meant(aPage('TOAST'), '1113', one).kind).toBe('kitchen')
  })

  test('that test or cancel name the kind themselves, or leave it to the act', () => {
    const acts = rules({
      rules: [
        { id: 'bell', class: 'test', act: 'test', when: { text: 'BELL' } },
        { id: 'drill', kind: 'drill', class: 'test', act: 'test', when: { text: 'DRILL' } },
        { id: 'off', class: 'routine', act: 'cancel', when: { text: 'OFF' } },
        { id: 'over', kind: 'over', class: 'routine', act: 'cancel', when: { text: 'OVER' } },
      ],
    })
    expect(meant(aPage('BELL'), '2201', acts)).toMatchObject({ kind: 'test', class: 'test', rule: 'bell' })
    expect(meant(aPage('DRILL'), '2201', acts)).toMatchObject({ kind: 'drill', class: 'test' })
    expect(meant(aPage('OFF'), '2201', acts)).toMatchObject({ kind: 'stand-down', class: 'emergency' })
    expect(meant(aPage('OVER'), '1113', acts)).toMatchObject({ kind: 'over', class: 'routine' })
  })

  test('that come first do not hide a test call', () => {
    const early = rules({ rules: [{ id: 'team', kind: 'team', class: 'urgent', when: { text: 'TEAM' } }] })
    expect(meant(aPage('TEST CALL ARREST TEAM'), '2201', early).class).toBe('test')
  })

  test('never lower or cancel on a mended word', () => {
    const mending = rules({
      keywords: ['STAND', 'TESTING'],
      rules: [{ id: 'trial', class: 'test', act: 'test', when: { text: 'TESTING' } }],
    })
    expect(meant(aPage('STADN DOWN'), '2201', mending).kind).toBe('adult-arrest')
    expect(meant(aPage('TESTNIG'), '2201', mending).class).toBe('emergency')
    expect(meant(aPage('TESTING'), '2201', mending).class).toBe('test')
  })

  test('give way to what they exclude, also where that was misspelt', () => {
    const toast = rules({
      rules: [{ id: 'toast', kind: 'kitchen', class: 'routine', when: { text: 'TOAST', unless: 'CARDIAC' } }],
    })
    expect(meant(aPage('TOAST CARIDAC'), '1113', toast).kind).toBe('text-request')
    expect(meant(aPage('TOAST CARDIAC'), '1113', toast).kind).toBe('text-request')
    expect(meant(aPage('TOAST'), '1113', toast).kind).toBe('kitchen')
  })

  test('name every pattern that RE2 does not know', () => {
    const broken = compileRules(
      rulesSchema.parse({
        rules: [
          { id: 'a', class: 'urgent', when: { text: ['FINE', '(?=LOOK)AHEAD'] } },
          { id: 'b', class: 'urgent', when: { text: 'FINE', unless: 'OPEN(' } },
        ],
        lookAlikes: ['(A)\\1'],
      }),
    )
    expect(broken).toEqual({
      ok: false,
      faults: [
        { path: ['rules', 0, 'when', 'text', 1], code: 'pattern-wrong' },
        { path: ['rules', 1, 'when', 'unless', 0], code: 'pattern-wrong' },
        { path: ['lookAlikes', 0], code: 'pattern-wrong' },
      ],
    })
  })

  test.each([
    ['A(', ')B'],
    ['A[', 'B]C'],
    ['A\\', '(B)'],
    ['[^A', 'B]'],
  ])('which lean on the next, %s and %s, are named as well', (...patterns) => {
    const broken = compileRules(
      rulesSchema.parse({ rules: [{ id: 'a', class: 'urgent', when: { text: patterns } }] }),
    )
    const first = { path: ['rules', 0, 'when', 'text', 0], code: 'pattern-wrong' }
    expect(broken).toEqual({ ok: false, faults: expect.arrayContaining([first]) })
  })
})
