import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { sharingWords } from '../../src/config/shared-words.ts'

test('rows say what they said, whatever lies in them', () => {
  const rows = () => [
    { id: 'p1', name: 'p1', staffGroup: 'doctor', active: true, phone: undefined, on: null },
    {
      number: '1',
      ric: 8,
      to: { kind: 'person', person: 'p1' },
      site: 'here',
      roles: ['p1', { role: 'r1' }],
    },
    { number: '2', to: { kind: 'person', person: 'p2' }, site: 'here', kind: '__proto__', class: '' },
    { id: 'here', site: 'here' },
  ]
  const shared = rows()
  shared.forEach(sharingWords())
  expect(shared).toEqual(rows())
})

test('a word that another thread handed over in many rows is held once', () => {
  // What a copy between threads makes: no two of its strings are one.
  const rows = structuredClone(Array.from({ length: 20_000 }, (_, n) => ({ n, site: 'north'.repeat(50) })))
  const before = held()
  rows.forEach(sharingWords())
  expect(before - held()).toBeGreaterThan(4_000_000)
  expect(rows.every(({ n, site }, at) => n === at && site === rows[0]?.site)).toBe(true)
})

/** Bytes that the heap holds once all garbage is gone. */
function held(): number {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') collect({ type: 'major', flavor: 'last-resort' })
  return process.memoryUsage().heapUsed
}
