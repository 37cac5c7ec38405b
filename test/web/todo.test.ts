import { expect, test } from 'vitest'
import { orderOf } from '../../src/core/desk/order.ts'
import { alarms } from '../../src/web/console/first-line.js'
import { tasksOf } from '../../src/web/console/todo.js'
import type { Card, DailyTestView, RollView, SiteView, SupervisedView } from '../../src/web/shared/types.d.ts'

const NOW = Date.UTC(2026, 10, 22, 3, 0, 0)
const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString()

const card = (over: Partial<Card>): Card => {
  const made = plain(over)
  const { class: c, phase, raised: since, must } = made
  return { ...made, order: orderOf({ class: c, level: must.level, covered: phase === 'covered', since }) }
}
const plain = (over: Partial<Card>): Card => ({
  id: 'a1',
  version: 3,
  revision: 3,
  order: '',
  phase: 'ringing',
  class: 'emergency',
  kind: 'adult-arrest',
  title: 'Adult arrest',
  number: '2201',
  to: 'Adult cardiac arrest',
  quality: 'clean',
  place: 'Ward 7B',
  raised: at(-1),
  responders: [],
  coming: [],
  awaited: [],
  missing: [],
  must: { level: 'none', sentence: 'Nothing yet' },
  repeats: 0,
  sightings: 1,
  ...over,
})
const anaes = (over: Partial<Card['missing'][number]> = {}) => ({
  role: 'anaes-reg',
  name: 'Anaesthetic registrar',
  count: 1,
  mandatory: true,
  bleep: '1061',
  people: [{ person: 'p1', name: 'Hana Quayle', phone: '07700 900017' }],
  ...over,
})
const ACT = { level: 'act', sentence: 'Needed roles are still missing' } as const
const PROMPT = { level: 'prompt', sentence: 'Needed roles had not accepted in time' } as const

const site = (over: Partial<SiteView> = {}): SiteView => ({
  now: at(0),
  ready: true,
  radio: true,
  reasons: [],
  ill: [],
  neverProved: 0,
  begun: true,
  unclaimed: [],
  unproved: [],
  gaps: [],
  offers: [],
  newPhones: [],
  calls: [],
  ...over,
})
const tasks = (known: { cards?: Card[]; site?: SiteView; tests?: DailyTestView[]; waiting?: never[] }) =>
  tasksOf({ cards: [], waiting: [], site: undefined, tests: [], now: NOW, ...known })

test('a call that asks nothing of the switchboard is nothing to do', () => {
  expect(
    tasks({ cards: [card({}), card({ phase: 'covered' }), card({ phase: 'closed', must: ACT })] }),
  ).toEqual([])
})

test.each<[string, Card['missing'], string]>([
  ['one role', [anaes()], 'No one has accepted as Anaesthetic registrar (bleep 1061).'],
  [
    'a role that nobody holds',
    [anaes({ people: [] })],
    'No one is on as Anaesthetic registrar (bleep 1061).',
  ],
  ['several of one role', [anaes({ count: 2 })], '2 more are needed as Anaesthetic registrar (bleep 1061).'],
  ['anybody', [anaes({ role: 'any', name: 'Anybody' })], 'No one has accepted.'],
  [
    'several roles',
    [anaes(), anaes({ name: 'Medical F1' }), anaes({ name: 'Porter' })],
    'No one has accepted as Anaesthetic registrar, Medical F1 or Porter.',
  ],
  ['an optional role', [anaes({ mandatory: false })], 'Needed roles are still missing.'],
])('what is missing is said in words: %s', (_, missing, says) => {
  const [task] = tasks({ cards: [card({ must: ACT, missing })] })
  expect(task).toMatchObject({ where: 'Ward 7B', lines: [says], level: 'act', sounds: 'emergency' })
})

test('emergencies come before all else, then what must be done before what should be looked at, then the longest wait', () => {
  const all = tasks({
    cards: [
      card({ id: 'routine-act', class: 'routine', must: ACT, raised: at(-9) }),
      card({ id: 'urgent-prompt', class: 'urgent', must: PROMPT, raised: at(-20) }),
      card({ id: 'urgent-act', class: 'urgent', must: ACT, raised: at(-3) }),
      card({ id: 'arrest-prompt', must: PROMPT, raised: at(-30) }),
      card({ id: 'arrest-new', must: ACT, raised: at(-1) }),
      card({ id: 'arrest-old', must: ACT, raised: at(-2) }),
    ],
    site: site({ gaps: [gap('Medical registrar', 300)] }),
  })
  expect(all.map((t) => t.card?.id ?? t.sort)).toEqual([
    'arrest-old',
    'arrest-new',
    'arrest-prompt',
    'urgent-act',
    'routine-act',
    'urgent-prompt',
    'gap',
  ])
})

test('a routine call sounds like one, and the key changes when a call gets worse, so that its silence ends', () => {
  const prompt = tasks({ cards: [card({ class: 'routine', must: PROMPT })] })
  const act = tasks({ cards: [card({ class: 'routine', must: ACT })] })
  expect([prompt[0]?.sounds, act[0]?.sounds]).toEqual(['routine', 'routine'])
  expect(prompt[0]?.key).not.toBe(act[0]?.key)
})

const gap = (name: string, minutes: number): SiteView['gaps'][number] => ({
  ...{ role: name, name, crash: true, from: at(minutes), to: at(minutes + 60) },
  reason: 'rota-gap',
  sentence: 'Nobody is down for this role in this time',
})
const down: SupervisedView = {
  ...{ node: 'north', sort: 'feed', subject: 'roof', label: 'Roof receiver', state: 'failed', since: at(-5) },
  ...{ month: '2026-11', failedMinutes: 5 },
}

test('a site whose first line is still to come is told so, without an alarm; anything else beside it sounds', () => {
  const why = (code: string) => ({
    ...{ code, subject: 'feeds', since: at(-1), sentence: code, remedy: '', unfit: true },
  })
  const shown = (...codes: string[]) =>
    tasks({ site: site({ ready: false, reasons: codes.map(why) }) }).map(
      (t) => `${t.level} ${t.sounds ?? 'silent'} ${t.title}`,
    )
  expect(shown('no-line-yet')).toEqual(['soon silent No line is set up yet'])
  expect(shown('no-feed')).toEqual(['act emergency Phones may not ring'])
  expect(shown('no-line-yet', 'store-lost')).toEqual(['act emergency Phones may not ring'])
  // Nor does it stand in red on the page of the lines, whatever else does.
  expect(['no-line-yet', 'store-lost'].map(why).map(alarms)).toEqual([false, true])
  expect(alarms({ ...why('push-slow'), unfit: false })).toBe(false)
})

test('what the site asks: unfit and uncarried roles sound, gaps and deaf lines are only to be seen', () => {
  const all = tasks({
    site: site({
      ready: false,
      reasons: [
        {
          code: 'no-feed',
          subject: 'feeds',
          since: at(-1),
          sentence: 'No feed is open',
          remedy: 'Check the lines',
          unfit: true,
        },
        {
          code: 'broker-unreachable',
          subject: 'broker',
          since: at(-1),
          sentence: 'No broker',
          remedy: 'None',
        },
      ],
      unclaimed: [
        { role: 'neo', name: 'Neonatal registrar', crash: true, reason: 'role-unheld', sentence: '' },
      ],
      unproved: [{ role: 'reg', name: 'Medical registrar', since: at(-12) }],
      gaps: [gap('Near', 30), gap('Far', 300), gap('Now', -10)],
      ill: [
        down,
        { ...down, subject: 'apn', sort: 'provider' },
        { ...down, subject: 'link', state: 'degraded' },
      ],
      offers: [
        { id: 'o1', role: 'r', name: 'Medical F1', to: 'p', toName: 'Ann', at: at(-20), state: 'offered' },
        { id: 'o2', role: 'r', name: 'Medical SHO', to: 'p', toName: 'Bob', at: at(-2), state: 'offered' },
      ],
    }),
  })
  expect(all.map((t) => `${t.level} ${t.sounds ?? 'silent'} ${t.where}`)).toEqual([
    'act emergency Use radio bleeps and the telephone',
    'act emergency Neonatal registrar',
    'act emergency Medical registrar',
    'prompt silent Near',
    'soon silent Medical F1',
    'soon silent roof',
    'soon silent Far',
  ])
  expect(all[0]?.lines).toEqual(['No feed is open. Check the lines.'])
})

const roll = (over: Partial<RollView>): RollView => ({
  day: '2026-11-22',
  from: at(-10),
  to: at(5),
  made: at(0),
  outcome: 'incomplete',
  roles: [
    { role: 'a', name: 'Medical registrar', mandatory: true, count: 1, answered: true, people: [] },
    { role: 'b', name: 'Medical F1', mandatory: true, count: 1, answered: false, people: [] },
    { role: 'c', name: 'Porter', mandatory: false, count: 1, answered: false, people: [] },
  ],
  ...over,
})
const daily = (over: Partial<DailyTestView>): DailyTestView => ({
  ...{
    id: 'crash',
    number: '2299',
    name: 'Daily test',
    call: 'heard',
    from: '02:50',
    to: '03:05',
    days: [1],
    rolls: [],
  },
  ...over,
})
const window = { day: '2026-11-22', from: at(-10), to: at(5), due: at(10) }
const call = { at: at(-1), alert: 'a', calls: 1 }

test.each<[string, DailyTestView, string[]]>([
  ['due', daily({ running: { window, roll: roll({}) } }), ['prompt Daily test is due']],
  ['due, but made by the bridge', daily({ call: 'own', running: { window, roll: roll({}) } }), []],
  ['being answered', daily({ running: { window, roll: roll({ call }) } }), ['soon Daily test running']],
  ['missed', daily({ rolls: [roll({ outcome: 'missed' })] }), ['prompt Daily test was missed']],
  ['not answered by all', daily({ rolls: [roll({ call })] }), ['prompt Daily test incomplete']],
  [
    'complete today, missed before',
    daily({ rolls: [roll({ outcome: 'complete' }), roll({ outcome: 'missed' })] }),
    [],
  ],
])('a daily test that is %s', (_, daily, says) => {
  const all = tasks({ tests: [daily] })
  expect(all.map((t) => `${t.level} ${t.title}`)).toEqual(says)
  expect(all.every((t) => t.sounds === undefined)).toBe(true)
  expect(all.flatMap((t) => t.lines).join(' ')).not.toContain('Porter')
})

test('what is not sure of a call stands above what to do about it', () => {
  const unsure = { unclear: 'Bed unclear: check', again: 'Likely one call, sent again' }
  const [task] = tasks({ cards: [card({ must: ACT, missing: [anaes()], ...unsure })] })
  expect(task?.lines).toEqual([
    'Bed unclear: check.',
    'Likely one call, sent again.',
    'No one has accepted as Anaesthetic registrar (bleep 1061).',
  ])
})
