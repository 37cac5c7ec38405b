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

test('an error is told by its kind, message, code, place and cause', () => {
  const { log, out } = lines()
  const cause = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
  log.error('raise-failed', {
    error: new TypeError("Cannot read properties of undefined (reading 'kind')", { cause }),
  })
  const { error } = JSON.parse(out[0] ?? '')
  expect(error).toMatchObject({
    type: 'TypeError',
    message: 'Cannot read properties of undefined (reading kind)',
    cause: { type: 'Error', message: 'database or disk is full', code: 'SQLITE_FULL' },
  })
  expect(error.stack[0]).toContain('log.test.ts')
})

test('what an error choked on is in none of its parts', () => {
  const { log, out } = lines()
  const words = 'BED 9 ANN EXAMPLE'
  const quoting = [
    new SyntaxError(`Unexpected token in JSON: "${words}"`),
    new Error(`invalid 'x' of '${words}'\n    at ${words} (file.ts:1:1)`),
    new Error('refused', { cause: new Error(`near \`${words}\``) }),
    Object.assign(new Error('NHS 943 476 5919'), {}),
    words,
    { text: words },
  ]
  for (const error of quoting) log.error('x', { error })
  for (const secret of ['ANN', 'BED 9', '943', '5919']) expect(out.join('')).not.toContain(secret)
})

test('a thrown code of ours is told, other thrown values by their type', () => {
  const { log, out } = lines()
  log.error('x', { error: 'unknown-thing' })
  log.error('x', { error: 7 })
  expect(out.map((line) => JSON.parse(line).error)).toEqual([
    { type: 'string', message: 'unknown-thing' },
    { type: 'number' },
  ])
})
