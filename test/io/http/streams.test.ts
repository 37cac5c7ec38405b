import type { Readable } from 'node:stream'
import fastify, { type FastifyInstance } from 'fastify'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { asId } from '../../../src/core/ids.ts'
import { DAY, HOUR, SECOND } from '../../../src/core/instant.ts'
import type { HttpParts } from '../../../src/io/http/parts.ts'
import { faultOf } from '../../../src/io/http/problem.ts'
import { createStreams, type Streams } from '../../../src/io/http/stream.ts'
import type { Caller } from '../../../src/ports/desk.ts'
import { type Bed, openBed } from '../../support/desk-bed.ts'
import { quietLog } from '../../support/quiet.ts'
import { settle, VirtualClock } from '../../support/virtual-clock.ts'

// Streams by themselves: when they look, what they say, whom they give way to and how they end.

type Operating = Extract<Caller, { kind: 'operator' }>
const board = (more: Partial<Operating> = {}): Caller => ({
  ...{ kind: 'operator', access: 'switchboard', operator: 'op', session: 's1' },
  ...more,
})
const phone = (id = 'd1', access: 'holder' | 'ward' = 'holder'): Caller => ({
  ...{ kind: 'device', access, device: asId(id) },
})

let bed: Bed
beforeAll(async () => {
  bed = await openBed({ clock: new VirtualClock() })
})
afterAll(() => bed.close())

let clock: VirtualClock
let app: FastifyInstance
let streams: Streams
/** Whom the next stream is for. */
let caller: Caller
let says: Partial<Bed['desk']>
/** What was asked of the desk, in order. */
let asked: string[]
/** Told when what somebody sees has changed. */
let wakes: Set<() => void>
let rings: Map<string, (data: string) => boolean>
let counted: number[]
let warned: unknown[]

const open = (config: Partial<HttpParts['config']> = {}) => {
  const defaults: Partial<Bed['desk']> = {
    sessionStands: async () => 'stands',
    watch: (_, wake) => {
      wakes.add(wake)
      return () => void wakes.delete(wake)
    },
    inbox: async (_, since) => ({
      ok: true,
      value: {
        ...{ now: '', cursor: since, items: [], more: false },
        kept: { shared: false, people: [] },
      },
    }),
    asks: async () => ({ ok: true, value: { now: '', asks: [] } }),
  }
  const desk = new Proxy(bed.desk, {
    get(of, name) {
      const found = Reflect.get(says, name) ?? Reflect.get(defaults, name) ?? Reflect.get(of, name)
      return (...given: unknown[]) => {
        asked.push(name === 'inbox' ? `inbox ${given[1]}` : String(name))
        return Reflect.apply(found, of, given)
      }
    },
  })
  streams = createStreams({
    ...{ clock, desk, config },
    log: { ...quietLog, warn: (name, fields) => void warned.push([name, fields]) },
    watch: { routes: () => undefined, answered: () => undefined, stream: (by) => void counted.push(by) },
    sockets: {
      attach(device, ring) {
        rings.set(device, ring)
        return () => void rings.delete(device)
      },
    },
  })
  app = fastify()
  app.setErrorHandler((error, _, reply) => reply.code(400).send(faultOf(error)))
  app.get('/', (request, reply) => streams.open(caller, request, reply.header('x-frame-options', 'DENY')))
}
beforeEach(() => {
  clock = new VirtualClock()
  says = {}
  asked = []
  wakes = new Set()
  rings = new Map()
  counted = []
  warned = []
  open()
})
afterEach(async () => {
  streams.end()
  await settle(10)
})

interface Reading {
  readonly status: number
  readonly headers: Record<string, unknown>
  /** The events since it was last asked, each with what it says; without the head of the stream. */
  said(): Promise<[event: string, data: unknown][]>
  text(): string
  ended(): boolean
  leave(): void
}
const read = async (of: Caller, url = '/', headers: Record<string, string> = {}): Promise<Reading> => {
  caller = of
  const answer = await app.inject({ url, headers, payloadAsStream: true })
  let text = ''
  let over = false
  let from = 0
  const body: Readable = answer.stream()
  body.on('data', (chunk) => (text += chunk)).on('error', () => undefined)
  body.on('close', () => {
    over = true
  })
  await settle(10)
  return {
    status: answer.statusCode,
    headers: answer.headers,
    text: () => text,
    ended: () => over,
    leave: () => void answer.raw.res.destroy(),
    async said() {
      await settle(20)
      const blocks = text.slice(from).split('\n\n')
      from = text.length
      return blocks.flatMap((block): [string, unknown][] => {
        const [, event] = /^event: (.*)$/m.exec(block) ?? []
        const [, data] = /^data: (.*)$/m.exec(block) ?? []
        return event === undefined || data === undefined ? [] : [[event, JSON.parse(data)]]
      })
    },
  }
}
const names = async (reading: Reading) => (await reading.said()).map(([event]) => event)
const looks = (name = 'board') => asked.filter((one) => one.startsWith(name)).length

test('its head forbids keeping it and holding it back, and its reader comes back after two seconds', async () => {
  const reading = await read(phone())
  expect(reading.status).toBe(200)
  expect(reading.headers).toMatchObject({
    ...{ 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' },
    ...{ 'x-accel-buffering': 'no', 'x-frame-options': 'DENY' },
  })
  expect(reading.text()).toMatch(/^retry: 2000\n\nevent: kept\ndata: /)
})

test('a board is shown the board, a ward what it has asked, a phone its inbox', async () => {
  expect(await names(await read(board()))).toEqual(['board', 'review', 'site'])
  expect(await names(await read(phone('w1', 'ward')))).toEqual(['asks'])
  expect(await names(await read(phone()))).toEqual(['kept'])
})

test.each<[string, string, Record<string, string>, number]>([
  ['from the beginning', '/', {}, 0],
  ['behind its last event', '/', { 'last-event-id': '7' }, 7],
  ['from where it says', '/?since=5', {}, 5],
  ['behind its last event, whatever its address says', '/?since=5', { 'last-event-id': '7' }, 7],
  ['from the beginning for what is no cursor', '/?since=none', {}, 0],
  ['from the beginning for less than none', '/', { 'last-event-id': '-3' }, 0],
  ['from the beginning for a part of one', '/', { 'last-event-id': '1.5' }, 0],
])('a phone is told %s', async (_, url, headers, from) => {
  await read(phone(), url, headers)
  expect(asked).toContain(`inbox ${from}`)
})

describe('a beat', () => {
  test('comes to a board every three seconds, which looks again at each', async () => {
    const reading = await read(board())
    await reading.said()
    const before = looks()
    clock.advance(3 * SECOND)
    const [beat] = await reading.said()
    expect(beat).toEqual(['beat', { now: new Date(clock.now()).toISOString(), every: 3000 }])
    expect(looks()).toBe(before + 1)
  })

  test('comes to a phone every fifteen, which looks again at each fourth', async () => {
    const reading = await read(phone())
    await reading.said()
    const seen: number[] = []
    for (let n = 1; n <= 8; n++) {
      clock.advance(15 * SECOND)
      expect(await names(reading)).toEqual(['beat'])
      seen.push(looks('inbox'))
    }
    expect(seen).toEqual([1, 1, 1, 2, 2, 2, 2, 3])
  })

  test('comes as often as the site says, and says how often', async () => {
    open({ heartbeat: 500 })
    for (const of of [board(), phone()]) {
      const reading = await read(of)
      await reading.said()
      clock.advance(500)
      expect((await reading.said())[0]).toMatchObject(['beat', { every: 500 }])
    }
  })
})

describe('a stream that ends', () => {
  test('leaves no timer, no listener and no bell', async () => {
    const readings = [await read(board({ until: clock.now() + HOUR })), await read(phone())]
    expect([counted, wakes.size, rings.size, clock.pending > 0]).toEqual([[1, 1], 2, 1, true])
    for (const one of readings) one.leave()
    await settle(10)
    expect([counted, wakes.size, rings.size, clock.pending]).toEqual([[1, 1, -1, -1], 0, 0, 0])
  })

  test('is every one of them when the door closes', async () => {
    const readings = [await read(board()), await read(phone())]
    streams.end()
    await settle(10)
    expect(readings.map((one) => one.ended())).toEqual([true, true])
  })

  test('is that of the session which was ended, with a word, and no other’s', async () => {
    const [mine, tab, other, name, device] = [
      await read(board()),
      await read(board()),
      await read(board({ session: 's2' })),
      await read(board({ operator: 'other' })),
      await read(phone()),
    ]
    for (const one of [mine, tab]) await one.said()
    streams.endOf(board())
    for (const one of [mine, tab]) expect(await one.said()).toEqual([['signed-out', {}]])
    expect([mine, tab, other, name, device].map((one) => one.ended())).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })

  test('is that of the phone which was revoked', async () => {
    const [mine, other] = [await read(phone()), await read(phone('d2'))]
    streams.endOf(phone())
    await settle(10)
    expect([mine.ended(), other.ended()]).toEqual([true, false])
  })

  test('is none of a token’s, which has no session', async () => {
    const { session: _, ...token } = board() as Operating
    const reading = await read(token)
    streams.endOf(token)
    await settle(10)
    expect(reading.ended()).toBe(false)
  })
})

describe('a session that ends by itself', () => {
  test('ends its stream then, with a word', async () => {
    const reading = await read(board({ until: clock.now() + HOUR }))
    clock.advance(HOUR - 1)
    await reading.said()
    expect(reading.ended()).toBe(false)
    clock.advance(1)
    expect(await names(reading)).toContain('signed-out')
    expect(reading.ended()).toBe(true)
  })

  test('may last for weeks: no timer runs that long', async () => {
    open({ heartbeat: 1000 * DAY })
    const reading = await read(board({ until: clock.now() + 40 * DAY }))
    const longest = (): number => (clock.next ?? 0) - clock.now()
    expect(longest()).toBeLessThanOrEqual(DAY)
    for (let day = 0; day < 39; day++) clock.advance(DAY)
    await settle(5)
    expect(reading.ended()).toBe(false)
    clock.advance(DAY)
    expect(await names(reading)).toContain('signed-out')
  })

  test('that is over already ends at once', async () => {
    const reading = await read(board({ until: clock.now() - 1 }))
    clock.advance(0)
    expect(await names(reading)).toContain('signed-out')
  })
})

describe('a board whose session', () => {
  test('was ended elsewhere is told so and ends', async () => {
    says.sessionStands = async () => 'ended'
    const reading = await read(board())
    expect(await reading.said()).toEqual([['signed-out', {}]])
    expect([reading.ended(), looks()]).toEqual([true, 0])
  })

  test('was left alone is shown anew without words, and with them when it is used again', async () => {
    const shut: unknown[] = []
    says.board = async (of, filter) => {
      shut.push(of.kind === 'operator' && of.shut)
      return bed.desk.board(of, filter)
    }
    const reading = await read(board())
    await reading.said()
    const next = async (how: 'stands' | 'shut') => {
      says.sessionStands = async () => how
      clock.advance(200)
      for (const wake of wakes) wake()
      return names(reading)
    }
    expect(await next('shut')).toContain('board')
    expect(await next('shut')).not.toContain('board')
    expect(await next('stands')).toContain('board')
    expect(shut).toEqual([undefined, true, true, undefined])
  })

  test('was left alone before it came is shown without words from the first, and only once', async () => {
    says.sessionStands = async () => 'shut'
    const reading = await read(board({ shut: true }))
    clock.advance(200)
    for (const wake of wakes) wake()
    expect((await names(reading)).filter((one) => one === 'board')).toHaveLength(1)
  })
})

describe('looks', () => {
  test('of a board are a fifth of a second apart, and however much changes meanwhile it is one', async () => {
    await read(board())
    const before = looks()
    for (let i = 0; i < 5; i++) for (const wake of wakes) wake()
    await settle(20)
    clock.advance(199)
    await settle(20)
    expect(looks()).toBe(before)
    clock.advance(1)
    await settle(20)
    expect(looks()).toBe(before + 1)
  })

  test('of a board wait no longer than that when the clock went back', async () => {
    await read(board())
    const before = looks()
    clock.step(-HOUR)
    for (const wake of wakes) wake()
    await settle(20)
    clock.advance(200)
    await settle(20)
    expect(looks()).toBe(before + 1)
  })

  test('of a phone are at once, one at a time, and once more for what changed meanwhile', async () => {
    await read(phone())
    const before = looks('inbox')
    let go = (): void => undefined
    const free = new Promise<void>((done) => {
      go = done
    })
    const inbox = async () => {
      await free
      return { ok: false, fault: { code: 'not-permitted' } } as const
    }
    says.inbox = inbox
    for (let i = 0; i < 3; i++) for (const wake of wakes) wake()
    await settle(10)
    expect(looks('inbox')).toBe(before + 1)
    go()
    await settle(10)
    expect(looks('inbox')).toBe(before + 1)
  })

  test('that may be taken no more end the stream', async () => {
    says.inbox = async () => ({ ok: false, fault: { code: 'not-permitted' } })
    const reading = await read(phone())
    await settle(10)
    expect([reading.ended(), reading.text()]).toEqual([true, 'retry: 2000\n\n'])
  })

  test('that fail cut the stream and are told to the log', async () => {
    const error = new TypeError('planted')
    const reading = await read(phone())
    says.inbox = () => Promise.reject(error)
    for (const wake of wakes) wake()
    await settle(10)
    expect([reading.ended(), warned]).toEqual([true, [['stream-broken', { error }]]])
  })
})

describe('a bell', () => {
  test('rings by the line of its phone, which looks at once', async () => {
    const reading = await read(phone())
    await reading.said()
    const before = looks('inbox')
    expect(rings.get('d1')?.('{"id":"t1"}')).toBe(true)
    expect((await reading.said())[0]).toEqual(['bell', { id: 't1' }])
    expect(looks('inbox')).toBe(before + 1)
  })

  test('is heard by nobody whose line is cut', async () => {
    const reading = await read(phone())
    const ring = rings.get('d1')
    reading.leave()
    await settle(10)
    expect(ring?.('{}')).toBe(false)
  })

  test('of a reader who takes nothing any more cuts the line at a megabyte', async () => {
    caller = phone()
    const answer = await app.inject({ url: '/', payloadAsStream: true })
    await settle(10)
    const bell = JSON.stringify({ place: 'x'.repeat(100_000) })
    let rung = 0
    while (rings.get('d1')?.(bell) === true && rung < 100) rung += 1
    expect(rung).toBeGreaterThanOrEqual(10)
    expect(rung).toBeLessThan(100)
    answer.raw.res.destroy()
  })
})

describe('of one credential', () => {
  test('eight phones listen; the ninth cuts the oldest, and nobody else’s', async () => {
    const other = await read(phone('d2'))
    const readings: Reading[] = []
    for (let i = 0; i < 8; i++) readings.push(await read(phone()))
    expect(readings.some((one) => one.ended())).toBe(false)
    const ninth = await read(phone())
    await settle(10)
    expect([other, ...readings, ninth].map((one) => one.ended())).toEqual([
      ...[false, true],
      ...Array.from({ length: 8 }, () => false),
    ])
  })

  test('forty boards listen; the next is told to wait, and none is cut', async () => {
    const readings: Reading[] = []
    for (let i = 0; i < 40; i++) readings.push(await read(board()))
    const late = await read(board())
    expect([late.status, JSON.parse(late.text())]).toEqual([400, { code: 'too-many-requests' }])
    expect(readings.some((one) => one.ended())).toBe(false)
    expect((await read(board({ session: 's2' }))).status).toBe(200)
  })
})
