import { expect, test } from 'vitest'
import { openLog } from '../../src/io/log.ts'

function lines() {
  const out: string[] = []
  return { log: openLog({ to: { write: (line) => void out.push(line) }, base: { node: 'north' } }), out }
}

test('one JSON object a line, with level, event, time and node', () => {
  const { log, out } = lines()
  log.warn('port-absent', { feed: 'radio-a', try: 3 })
  const line = JSON.parse(out[0] ?? '')
  expect(line).toMatchObject({
    level: 'warn',
    event: 'port-absent',
    node: 'north',
    feed: 'radio-a',
    try: 3,
  })
  expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/)
})

test('page text, names, addresses and secrets are taken out however deep a caller puts them', () => {
  const { log, out } = lines()
  const page = { to: { ric: 1 }, text: 'CARDIAC ARREST WARD 7B', fields: { message: 'WARD 7B' } }
  log.info('x', {
    text: 'WARD 7B',
    person: { name: 'Ann Example' },
    bleep: { page },
    device: { address: 'https://push.example/abc', token: 'abc' },
    password: 'abc',
  })
  log.error('y', { err: new Error('cannot parse "WARD 7B for Ann Example"') })
  const all = out.join('')
  for (const secret of ['WARD 7B', 'Ann Example', 'push.example', 'abc']) expect(all).not.toContain(secret)
  expect(all).toContain('[redacted]')
})

test('an error is told by its kind, code and place', () => {
  const { log, out } = lines()
  log.error('store-failed', { err: Object.assign(new TypeError('secret'), { code: 'SQLITE_FULL' }) })
  const { err } = JSON.parse(out[0] ?? '')
  expect(err).toMatchObject({ type: 'TypeError', code: 'SQLITE_FULL' })
  expect(err.at[0]).toContain('log.test.ts')
})
