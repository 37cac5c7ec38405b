import { expect, test } from 'vitest'
import { lifted } from '../../src/web/app/lift.js'
import type { ResponderView } from '../../src/web/shared/types.d.ts'

const responder = (person: string, state: ResponderView['state']): ResponderView => ({
  person,
  roles: [],
  state,
  since: '2026-11-22T03:00:00.000Z',
})

const OLDER = {
  id: 'x',
  version: 3,
  revision: 3,
  phase: 'ringing',
  class: 'emergency',
  kind: 'adult-arrest',
  title: 'Adult arrest',
  number: '2201',
  to: 'Adult cardiac arrest',
  quality: 'clean',
  raised: '2026-11-22T03:00:00.000Z',
  responders: [responder('a', 'opened'), responder('b', 'accepted'), responder('c', 'declined')],
  missing: [],
  must: { level: 'none', sentence: 'Nothing yet' },
  repeats: 0,
  sightings: 1,
} as const

test('a bleep that an earlier version of the app kept still asks for its answer', () => {
  const older = { ...OLDER, responders: [...OLDER.responders], missing: [] }
  expect(lifted(older)).toMatchObject({ awaited: ['a'], coming: ['b'] })
  expect(lifted({ ...older, awaited: [], coming: ['a'] })).toMatchObject({ awaited: [], coming: ['a'] })
})
