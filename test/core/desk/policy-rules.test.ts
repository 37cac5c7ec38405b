import { expect, test } from 'vitest'
import { policyLines } from '../../../src/core/desk/policy-rules.ts'
import { buildDirectory } from '../../../src/core/directory/build.ts'
import { trustSchema } from '../../../src/core/directory/trust.ts'
import { aRole, smallSite } from '../../support/small-site.ts'

const known = buildDirectory(smallSite({ roles: [aRole('reg'), aRole('labs')] }))
const lines = (policy: object) =>
  policyLines(trustSchema.parse({ title: 'Bleeps', version: '1', ...policy }), known, (kind) => `“${kind}”`)

test.each([
  [
    { classes: ['routine'], never: ['voice', 'notify'] },
    'Bleeps of class routine never go by a telephone call or a text by GOV.UK Notify.',
  ],
  [
    { staffGroups: ['porter'], devices: 'own', only: ['socket'] },
    'Bleeps to staff of group porter on their own device go only by hospital network.',
  ],
  [
    { kinds: ['adult-arrest'], roles: ['reg'], devices: 'shared', only: ['mqtt'] },
    'Bleeps (“adult-arrest”) to whoever is asked as reg on a shared device go only by MQTT.',
  ],
])('a rule of ways is one sentence: %#', (rule, sentence) => {
  expect(lines({ ways: [rule] })[0]).toBe(sentence)
})

test('what is seen says where, and only what the rule is about', () => {
  expect(
    lines({ content: [{ push: 'opaque' }, { devices: 'shared', ways: ['nudge'], words: 'masked' }] }),
  ).toEqual([
    'For everybody: A locked screen, a text or a call says how urgent it is, and no more.',
    'For bleeps on a shared device told by a text by the gateway: Once opened, the words are shown without what identifies a patient.',
  ])
})

test('who may ask for what; an empty list is nothing', () => {
  expect(lines({ asks: { ward: ['routine', 'urgent'], staffGroups: { porter: [] } } })).toEqual([
    'From a ward’s screen: only bleeps of class routine or urgent may be asked for.',
    'Staff of group porter: no bleeps may be asked for.',
  ])
})

test('an emergency that nothing but barred ways could reach rings, wherever a way is barred', () => {
  expect(lines({ ways: [{ never: ['voice'] }] }).at(-1)).toMatch(/^An emergency rings all the same/)
  expect(lines({})).toEqual([])
})
