import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { beforeEach, describe, expect, test } from 'vitest'
import { createGate, DIRECTORY, type Gate, plain } from '../../../src/io/http/gate.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

// What the gate lets through, counts, holds back and refuses, request by request.

let clock: VirtualClock
let gate: Gate
/** What was begun, in order. */
let begun: string[]
let handle: ReturnType<Gate['handler']>
const open = (config: Parameters<typeof createGate>[1] = {}) => {
  const idle = new VirtualClock()
  // A thread that takes no time, so that no lane rests while a test counts.
  gate = createGate(clock, config, { taken: () => 0, after: (ms, run) => idle.after(ms, run) })
  handle = gate.handler((request) => void begun.push(String(request.url)))
}
beforeEach(() => {
  clock = new VirtualClock()
  begun = []
  open()
})

interface Asked {
  readonly from?: string
  readonly method?: string
  readonly headers?: Record<string, string>
  /** On the connection of another request. */
  readonly on?: Socket
}
const ask = (url: string, { from = '203.0.113.9', method = 'GET', headers = {}, on }: Asked = {}) => {
  const socket = on ?? Object.defineProperty(new Socket(), 'remoteAddress', { value: from })
  const request = Object.assign(new IncomingMessage(socket), { method, url, headers })
  const said: unknown[] = []
  const response = Object.assign(new ServerResponse(request), {
    writeHead(status: number, head: object) {
      said.push(status, head)
      return response
    },
    end(body: string) {
      said.push(body)
      return response
    },
  })
  return { socket, request, response, said, run: () => handle(request, response) }
}
const answered = ({ response }: ReturnType<typeof ask>) => void response.emit('close')
/** Asks, and is answered at once. */
const asks = (url: string, how?: Asked) => {
  const one = ask(url, how)
  one.run()
  answered(one)
  return one
}
const token = (key: string) => ({ headers: { authorization: `Bearer ${key}` } })
/** A credential that is good from now on. */
const known = (key: string, caller: string) => gate.knows(ask('/', token(key)).request, caller)

describe('one request too many', () => {
  test('of a stranger is refused later, with what to do, and not at once', () => {
    open({ requestsPerSecond: 1 })
    for (let i = 0; i < 10; i++) asks(`/${i}`)
    const one = ask('/one-too-many')
    one.run()
    expect([begun.length, one.said]).toEqual([10, []])
    clock.advance(999)
    expect(one.said).toEqual([])
    clock.advance(1001)
    expect(one.said.slice(0, 2)).toEqual([
      429,
      { 'retry-after': '1', 'content-type': 'application/problem+json' },
    ])
    expect(JSON.parse(String(one.said[2]))).toMatchObject({ code: 'too-many-requests', status: 429 })
    expect(begun).toHaveLength(10)
  })

  test('is not counted with a neighbour’s, and a second later there is another', () => {
    open({ requestsPerSecond: 1 })
    for (let i = 0; i < 11; i++) asks(`/${i}`)
    asks('/neighbour', { from: '203.0.113.10' })
    expect(begun.at(-1)).toBe('/neighbour')
    clock.advance(1000)
    asks('/again')
    expect(begun.at(-1)).toBe('/again')
  })

  test('whose asker has gone meanwhile is answered by nobody', () => {
    open({ requestsPerSecond: 0.1 })
    asks('/')
    const one = ask('/gone')
    one.run()
    Object.defineProperty(one.response, 'destroyed', { value: true })
    clock.advance(3000)
    expect(one.said).toEqual([])
  })

  test('of many is refused one by one over a second, not all at once', () => {
    open({ requestsPerSecond: 0.1 })
    asks('/')
    const all = Array.from({ length: 50 }, (_, i) => ask(`/${i}`))
    for (const one of all) one.run()
    const told: number[] = []
    for (let ms = 0; ms <= 2000; ms += 20) {
      told.push(all.filter(({ said }) => said.length > 0).length)
      clock.advance(20)
    }
    // Fifty steps of a fiftieth of a second, behind the second for which everybody waits.
    expect(told.slice(0, 50).every((n) => n === 0)).toBe(true)
    expect(told.slice(51, 100).every((n, i) => n === i + 1 || n === i + 2)).toBe(true)
    expect(told.at(-1)).toBe(50)
  })
})

describe('a connection', () => {
  test('has four under way; a fifth ends it, later and once, and nothing of it is read any more', () => {
    const first = ask('/1')
    first.run()
    for (const url of ['/2', '/3', '/4']) ask(url, { on: first.socket }).run()
    expect(gate.isSpent(first.socket)).toBe(false)
    for (const url of ['/5', '/6', '/7']) ask(url, { on: first.socket }).run()
    expect([gate.isSpent(first.socket), clock.pending]).toEqual([true, 1])
    clock.advance(999)
    expect(first.socket.destroyed).toBe(false)
    clock.advance(1001)
    expect(first.socket.destroyed).toBe(true)
  })

  test('has room for one more with each that is answered, and for no more than that', () => {
    const all = [ask('/1')]
    all.push(...['/2', '/3', '/4'].map((url) => ask(url, { on: all[0]!.socket })))
    for (const one of all) one.run()
    answered(all[0]!)
    ask('/5', { on: all[0]!.socket }).run()
    expect(gate.isSpent(all[0]!.socket)).toBe(false)
    ask('/6', { on: all[0]!.socket }).run()
    expect(gate.isSpent(all[0]!.socket)).toBe(true)
  })

  test('may ask as often as it likes, one after another', () => {
    const { socket } = asks('/0')
    for (let i = 1; i < 20; i++) asks(`/${i}`, { on: socket })
    expect([begun.length, gate.isSpent(socket), clock.pending]).toEqual([20, false, 0])
  })

  test('that has gone is served no more, and what waited for it holds up nobody', () => {
    const first = ask('/first')
    first.run()
    const gone = ask('/gone')
    gone.run()
    ask('/behind').run()
    gone.socket.destroy()
    answered(first)
    expect(begun).toEqual(['/first', '/behind'])
    gone.run()
    expect(begun).toEqual(['/first', '/behind'])
  })
})

describe('whoever has shown a good credential', () => {
  test('does not wait with strangers, and is known by connection and by credential', () => {
    const stranger = ask('/stranger')
    stranger.run()
    known('good', 'operator/sw')
    const one = ask('/known', token('good'))
    expect(gate.isKnown(one.socket)).toBe(false)
    one.run()
    expect([begun, gate.isKnown(one.socket), gate.isKnown(stranger.socket)]).toEqual([
      ['/stranger', '/known'],
      true,
      false,
    ])
  })

  test('is known at once on the connection by which it was shown', () => {
    const one = ask('/', token('good'))
    gate.knows(one.request, 'operator/sw')
    expect(gate.isKnown(one.socket)).toBe(true)
  })

  test('is forgotten when it is good no more: it waits with strangers again', () => {
    known('good', 'operator/sw')
    const one = ask('/known', token('good'))
    one.run()
    answered(one)
    gate.forgets(one.request)
    expect(gate.isKnown(one.socket)).toBe(false)
    ask('/stranger').run()
    ask('/waits', token('good')).run()
    expect(begun).toEqual(['/known', '/stranger'])
  })

  test('is nobody without a credential, and there is nothing to forget', () => {
    const bare = ask('/')
    gate.knows(bare.request, 'operator/sw')
    gate.forgets(bare.request)
    ask('/stranger').run()
    ask('/bare').run()
    expect(begun).toEqual(['/stranger'])
  })

  test('stays whose it was first said to be', () => {
    known('good', 'operator/a')
    known('good', 'operator/b')
    known('other', 'operator/b')
    ask('/b', token('other')).run()
    ask('/a', token('good')).run()
    expect(begun).toEqual(['/b', '/a'])
  })

  test('has six hundred at once and fifty a second, by who it is and not by its credentials', () => {
    known('one', 'operator/sw')
    known('two', 'operator/sw')
    for (let i = 0; i < 300; i++) for (const key of ['one', 'two']) asks(`/${i}`, token(key))
    asks('/one-too-many', token('one'))
    expect(begun).toHaveLength(600)
    clock.advance(20)
    asks('/again', token('two'))
    expect(begun.at(-1)).toBe('/again')
  })

  test('has no more than two hundred waiting; the next is refused', () => {
    known('good', 'operator/sw')
    ask('/first', token('good')).run()
    for (let i = 0; i < 200; i++) ask(`/${i}`, token('good')).run()
    const one = ask('/one-too-many', token('good'))
    one.run()
    clock.advance(2000)
    expect(one.said[0]).toBe(429)
  })

  test('has one turn at a time, also where a thousand others have theirs at once', () => {
    for (let i = 0; i < 1001; i++) {
      known(`key-${i}`, `operator/${i}`)
      ask('/busy', token(`key-${i}`)).run()
    }
    known('good', 'operator/sw')
    ask('/first', token('good')).run()
    ask('/second', token('good')).run()
    expect(begun.slice(1001)).toEqual(['/first'])
  })

  test('of whom more than a thousand came and went is served as before', () => {
    for (let i = 0; i < 2500; i++) {
      known(`key-${i}`, `operator/${i}`)
      asks(`/${i}`, token(`key-${i}`))
    }
    expect(begun).toHaveLength(2500)
  })

  test('the trust’s directory has two thousand at once', () => {
    known('scim', DIRECTORY)
    for (let i = 0; i < 1999; i++) asks(`/${i}`, { ...token('scim'), method: 'PUT' })
    expect(begun).toHaveLength(1999)
  })
})

test.each([
  ['GET', 'operator/sw', 40],
  ['HEAD', 'operator/sw', 40],
  ['POST', 'operator/sw', 10],
  ['PUT', DIRECTORY, 1],
  ['GET', DIRECTORY, 1],
])('the thread rests behind ten milliseconds of a %s of %s for %i', (method, caller, rest) => {
  gate = createGate(clock, {}, { taken: () => clock.now(), after: (ms, run) => clock.after(ms, run) })
  handle = gate.handler((request, response) => {
    begun.push(String(request.url))
    clock.advance(10)
    response.emit('close')
  })
  known('good', caller)
  for (const url of ['/1', '/2']) ask(url, { ...token('good'), method }).run()
  clock.advance(rest - 0.5)
  expect(begun).toEqual(['/1'])
  clock.advance(1)
  expect(begun).toEqual(['/1', '/2'])
})

test('of twenty thousand good credentials the one shown first counts as a stranger again', () => {
  known('first', 'operator/first')
  for (let i = 0; i < 19_999; i++) known(`key-${i}`, 'operator/many')
  ask('/stranger').run()
  ask('/first', token('first')).run()
  expect(begun).toEqual(['/stranger', '/first'])
  known('one-more', 'operator/many')
  ask('/first-again', token('first')).run()
  expect(begun).toEqual(['/stranger', '/first'])
})

describe('a credential is', () => {
  test.each<[string, Record<string, string>]>([
    ['a token', { authorization: 'Bearer good' }],
    ['our cookie', { cookie: 'bleepd=good' }],
    ['our cookie behind TLS', { cookie: '__Host-bleepd=good' }],
    ['our cookie behind others', { cookie: 'theme=dark;  bleepd=good; more=1' }],
  ])('%s', (_, headers) => {
    gate.knows(ask('/', { headers }).request, 'operator/sw')
    ask('/stranger').run()
    ask('/known', { headers }).run()
    expect(begun).toEqual(['/stranger', '/known'])
  })

  test.each<[string, Record<string, string>]>([
    ['a cookie that only ends like ours', { cookie: 'xbleepd=good' }],
    ['one without a value', { cookie: 'bleepd=' }],
    ['somebody else’s', { cookie: 'theme=dark' }],
  ])('not %s', (_, headers) => {
    gate.knows(ask('/', { headers }).request, 'operator/sw')
    ask('/stranger').run()
    ask('/unknown', { headers }).run()
    expect(begun).toEqual(['/stranger'])
  })
})

describe('work for a connection of which nobody knows whose it is', () => {
  test('and what it asks for are one turn, which lasts until all of that is answered', () => {
    const [one, two] = [ask('/1'), ask('/2')]
    gate.stranger('203.0.113.9', () => {
      one.run()
      two.run()
    })
    gate.stranger('203.0.113.10', () => void begun.push('next'))
    expect(begun).toEqual(['/1', '/2'])
    answered(one)
    expect(begun).toEqual(['/1', '/2'])
    answered(two)
    expect(begun).toEqual(['/1', '/2', 'next'])
  })

  test('that asks for nothing is over at once, also where it throws', () => {
    gate.stranger('203.0.113.9', () => void begun.push('work'))
    expect(() =>
      gate.stranger('203.0.113.9', () => {
        throw new TypeError('planted')
      }),
    ).toThrow('planted')
    // What comes by another way is no part of it.
    ask('/later').run()
    expect(begun).toEqual(['work'])
  })

  test('is bounded: of one address two thousand wait', () => {
    ask('/first').run()
    const put = () => gate.stranger('203.0.113.9', () => undefined)
    expect(Array.from({ length: 2000 }, put).every(Boolean)).toBe(true)
    expect(put()).toBe(false)
    expect(gate.stranger('203.0.113.10', () => undefined)).toBe(true)
  })
})

test('of the requests of one stranger two thousand wait; the next is refused, and no neighbour’s', () => {
  open({ requestsPerSecond: 1000 })
  for (let i = 0; i < 2001; i++) ask('/mine').run()
  const [one, other] = [ask('/one-too-many'), ask('/neighbour', { from: '203.0.113.10' })]
  one.run()
  other.run()
  clock.advance(2000)
  expect([begun.length, one.said[0], other.said]).toEqual([1, 429, []])
})

describe('behind a proxy of ours', () => {
  /** Each of two askers has one request at once: who has none left counts as whoever had it. */
  const sameAsker = (a: string | undefined, b: string | undefined) => {
    open({ trustedProxies: ['192.0.2.1', '192.0.2.2'], requestsPerSecond: 0.1 })
    const from = (forwarded: string | undefined): Asked => ({
      from: '192.0.2.1',
      headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
    })
    asks('/a', from(a))
    asks('/b', from(b))
    clock.advance(200)
    return begun.length === 1
  }

  test.each<[string, string | undefined, string | undefined, boolean]>([
    ['two who name two addresses', '198.51.100.1', '198.51.100.2', false],
    ['one who names another before it', '198.51.100.1', '198.51.100.9, 198.51.100.1', true],
    ['one by two proxies', '198.51.100.1', '198.51.100.1, 192.0.2.2', true],
    ['one with its port', '198.51.100.1', '198.51.100.1:5555', true],
    ['who names nobody and who names a proxy', undefined, '192.0.2.2', true],
    ['who names nothing and who names the proxy', '', '192.0.2.1', true],
    ['who names more than an address can be', 'x'.repeat(46), undefined, true],
    ['the longest address', '2001:0db8:0000:0000:0000:ffff:192.168.100.228', undefined, false],
  ])('%s', (_, a, b, same) => {
    expect(sameAsker(a, b)).toBe(same)
  })

  test('what a stranger forwards counts for nothing', () => {
    open({ requestsPerSecond: 0.1 })
    asks('/a', { headers: { 'x-forwarded-for': '198.51.100.1' } })
    asks('/b', { headers: { 'x-forwarded-for': '198.51.100.2' } })
    expect(begun).toEqual(['/a'])
  })
})

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['203.0.113.9:4000', '203.0.113.9'],
  ['2001:db8::1', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['[2001:db8::1]:443', '2001:db8::1'],
  ['a::ffff:203.0.113.9', 'a::ffff:203.0.113.9'],
  ['x203.0.113.9:4000', 'x203.0.113.9:4000'],
  ['203.0.113.9:4000x', '203.0.113.9:4000x'],
  ['203.0.113:4000', '203.0.113:4000'],
  ['x[2001:db8::1]', 'x[2001:db8::1]'],
  ['[2001:db8::1]x', '[2001:db8::1]x'],
  ['', ''],
])('the address %j is written %j', (address, written) => {
  expect(plain(address)).toBe(written)
})
