import { expect, test, vi } from 'vitest'
import type { AlertPage } from '../../src/web/app/pages.d.ts'
import type { Card } from '../../src/web/shared/types.d.ts'
import { markupOf } from '../support/markup.ts'

vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined })
vi.stubGlobal('navigator', { language: 'en-GB', languages: ['en-GB'] })
const { alertPage } = await import('../../src/web/app/alert.js')
const { standOf } = await import('../../src/web/app/stand.js')

const who = (person: string, state: Card['responders'][number]['state']) => ({
  ...{ person, name: `Dr ${person}`, roles: ['Registrar'], state, since: '2026-11-22T03:00:00.000Z' },
})

/** An arrest on the phone of Dr Fox: one comes, one promised to ring back, one is rung, one cannot come, one was let go. */
const arrest: Card = {
  ...{ id: 'a1', version: 3, revision: 3, order: '0', phase: 'ringing', class: 'emergency', kind: 'arrest' },
  ...{ title: 'Adult arrest', number: '2201', to: 'Crash team', quality: 'clean', repeats: 0, sightings: 1 },
  ...{ raised: '2026-11-22T03:00:00.000Z', missing: [], must: { level: 'none', sentence: '' } },
  you: { person: 'Fox', state: 'accepted' },
  responders: [
    who('Bell', 'call-back'),
    who('Ash', 'accepted'),
    who('Cole', 'asked'),
    who('Dene', 'declined'),
    who('Eve', 'stood-down'),
    who('Fox', 'accepted'),
  ],
  coming: ['Ash', 'Fox'],
  awaited: ['Cole'],
}

/** A morning test that has rung. */
const call: Card = {
  ...arrest,
  ...{ id: 't1', class: 'test', kind: 'test', title: 'Test call', callBack: '2299' },
  ...{
    you: { person: 'Fox', state: 'asked' },
    responders: [who('Fox', 'asked')],
    coming: [],
    awaited: ['Fox'],
  },
}

const page: AlertPage = {
  ...{
    card: arrest,
    others: [],
    thread: [],
    unsigned: false,
    said: '',
    asOf: undefined,
    ringing: false,
    roles: [],
    inName: undefined,
  },
  stand: { state: 'accepted', waits: false, comes: true, says: 'You are coming', unsent: undefined },
  answer: () => undefined,
  write: async () => true,
  filing: undefined,
  reload: async () => undefined,
  silence: () => undefined,
  redraw: () => undefined,
  draft: '',
  keepDraft: () => undefined,
}

test('on the phone a tick stands only beside whoever the core counts as coming', () => {
  const rows = markupOf(alertPage(page))
    .split('<li')
    .slice(1)
    .filter((row) => row.includes('Dr '))
  const told = rows.map((row) => [/Dr \w+/.exec(row)?.[0], /class="(\w+)"/.exec(row)?.[1]])
  expect(told).toEqual([
    ['Dr Ash', 'comes'],
    ['Dr Bell', 'asked'],
    ['Dr Cole', 'asked'],
    ['Dr Dene', 'asked'],
  ])
})

test('a test asks one thing of a phone, and says that it was taken', () => {
  const asked = { state: 'asked', waits: true, comes: false, says: '', unsent: undefined } as const
  const answers = (card: Card, stand: AlertPage['stand']) =>
    [...markupOf(alertPage({ ...page, card, stand })).matchAll(/data-answer="?([\w-]+)/g)].map(
      ([, answer]) => answer,
    )
  expect(answers(call, asked)).toEqual(['accepted'])
  expect(markupOf(alertPage({ ...page, card: call, stand: asked }))).toContain('Got it')
  expect(answers({ ...call, class: 'routine' }, asked).length).toBeGreaterThan(2)
  const answered: Card = { ...call, you: { person: 'Fox', state: 'accepted' }, awaited: [] }
  const told = { at: call.raised, told: call.raised, expires: call.raised }
  const nothing = { until: undefined, attempt: undefined, note: undefined }
  const stand = standOf({ id: 't1', card: answered, ...told, ...nothing }, [], undefined)
  expect(stand.says).toBe('Test received. Thank you.')
  expect(answers(call, stand)).toEqual([])
})
