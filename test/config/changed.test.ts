import { expect, test } from 'vitest'
import { changedSettings } from '../../src/config/changed.ts'
import type { Config } from '../../src/config/load.ts'

const feed = (id: string, port = 1) => ({ id, profile: 'snpp', port: { kind: 'tcp-listen', port } })
const config = (over: object = {}) =>
  ({
    http: { port: 8080, operators: [{ name: 'anna', token: 'a' }] },
    feeds: [feed('a'), feed('b')],
    push: {},
    ...over,
  }) as object as Config

test.each([
  ['nothing', {}, []],
  ['a feed that has another port', { feeds: [feed('a', 2), feed('b')] }, ['feeds.a.port.port']],
  ['a feed more, and one less', { feeds: [feed('b'), feed('c')] }, ['feeds.a', 'feeds.c']],
  ['only the order of feeds', { feeds: [feed('b'), feed('a')] }, ['feeds']],
  ['no feed any more', { feeds: [] }, ['feeds.a', 'feeds.b']],
  ['a way that was not set', { push: { ntfy: { url: 'x' } } }, ['push.ntfy']],
  [
    'a secret, of which nothing is said',
    { http: { port: 8080, operators: [{ name: 'anna', token: 'b' }] } },
    ['http.operators'],
  ],
  [
    'two at once, sorted',
    { push: { fcm: 1 }, http: { port: 1, operators: [] } },
    ['http.operators', 'http.port', 'push.fcm'],
  ],
])('%s', (_, over, told) => {
  expect(changedSettings(config(), config(over))).toEqual(told)
})

test('a certificate that takes another’s place is taken by a reload; the first, and the last, want a restart', () => {
  const tls = (cert: string) => config({ http: { port: 1, tls: { cert, key: cert } } })
  const none = config({ http: { port: 1 } })
  expect(changedSettings(tls('a'), tls('b'))).toEqual([])
  expect(changedSettings(none, tls('b'))).toEqual(['http.tls'])
  expect(changedSettings(tls('a'), none)).toEqual(['http.tls'])
})
