import { expect, test } from 'vitest'
import { inShort, people } from '../../src/web/console/people.js'
import type { Card } from '../../src/web/shared/types.d.ts'
import { markupOf } from '../support/markup.ts'

const who = (person: string, state: Card['responders'][number]['state']) => ({
  ...{ person, name: `Dr ${person}`, roles: ['Registrar'], state, since: '2026-11-22T03:00:00.000Z' },
})

/** An arrest: one comes, one promised to ring back (which brings nobody), one is rung, one cannot come. */
const arrest: Card = {
  ...{ id: 'a1', version: 3, revision: 3, order: '0', phase: 'ringing', class: 'emergency', kind: 'arrest' },
  ...{ title: 'Adult arrest', number: '2201', to: 'Crash team', quality: 'clean', repeats: 0, sightings: 1 },
  ...{ raised: '2026-11-22T03:00:00.000Z', missing: [], must: { level: 'none', sentence: '' } },
  responders: [
    who('Bell', 'call-back'),
    who('Ash', 'accepted'),
    who('Cole', 'asked'),
    who('Dene', 'declined'),
  ],
  coming: ['Ash'],
  awaited: ['Cole'],
}

test('a tick stands only beside whoever the core counts as coming', () => {
  const rows = markupOf(people(arrest)).split('<li').slice(1)
  const told = rows.map((row) => [
    /Dr \w+/.exec(row)?.[0],
    /class=(\w+)/.exec(row)?.[1],
    /true">(.)/.exec(row)?.[1],
  ])
  expect(told).toEqual([
    ['Dr Ash', 'coming', '✓'],
    ['Dr Cole', 'waiting', '…'],
    ['Dr Bell', 'out', '☎'],
    ['Dr Dene', 'out', '×'],
  ])
})

test('that a phone rings is not said before a phone has confirmed it', () => {
  const rung: Card = { ...arrest, responders: [who('Cole', 'asked'), who('Eve', 'on-device')], coming: [] }
  const said = markupOf(people({ ...rung, awaited: ['Cole', 'Eve'] }))
  expect(said).toMatch(/Dr Cole.*sent, not confirmed.*Dr Eve.*phone has it/s)
  expect(said).not.toMatch(/ringing/i)
})

test('in one line stands who comes; while nobody does, who is rung, and never who only promised to ring', () => {
  expect(markupOf(inShort(arrest))).toMatch(/class="coming".*✓.*Dr Ash/)
  const nobody = { ...arrest, coming: [] }
  expect(markupOf(inShort(nobody))).toMatch(/… ?<\/span>Dr Cole/)
  expect(markupOf(inShort({ ...nobody, awaited: [] }))).not.toMatch(/Dr/)
})
