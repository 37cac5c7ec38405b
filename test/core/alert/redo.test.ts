import { expect, test } from 'vitest'
import type { AlertEvent } from '../../../src/core/alert/alert.ts'
import { redone } from '../../../src/core/alert/redo.ts'
import { asId, type PersonId } from '../../../src/core/ids.ts'

const at = 1_000
const reg = asId<PersonId>('reg')
const by = { kind: 'person', person: reg } as const
const target = { kind: 'person', person: reg } as const

test.each<[string, AlertEvent, AlertEvent | undefined]>([
  [
    'an answer counts on what stands now, whatever it saw',
    { kind: 'answered', at, by, person: reg, answer: 'accepted', version: 3 },
    { kind: 'answered', at, by, person: reg, answer: 'accepted', version: 7 },
  ],
  [
    'whoever ended it has not seen what stands now, though the number be the same',
    { kind: 'closed', at, by, version: 7 },
    undefined,
  ],
  [
    'nor has whoever called it off',
    { kind: 'cancelled', at, by, reason: 'false-alarm', version: 7 },
    undefined,
  ],
  [
    'a page that cancels has seen nothing',
    { kind: 'cancelled', at, by: 'page', reason: 'cancelled-by-page' },
    { kind: 'cancelled', at, by: 'page', reason: 'cancelled-by-page' },
  ],
  ['a step has been taken there as well', { kind: 'due', at, name: 'step-1' }, undefined],
  ['it was raised there as well', { kind: 'raised', at }, undefined],
  [
    'whom it meant is looked up anew',
    { kind: 'also-ask', at, by, target, version: 3, resolved: [{ target, holders: [] }] },
    { kind: 'also-ask', at, by, target, version: 7 },
  ],
])('%s', (_, event, again) => {
  expect(redone(event, 7)).toEqual(again)
})
