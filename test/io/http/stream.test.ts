import { afterEach, beforeEach, expect, test } from 'vitest'
import { doorbell } from '../../../src/core/deliver/payload.ts'
import { FAULTS } from '../../../src/core/faults.ts'
import { HOUR } from '../../../src/core/instant.ts'
import { watched } from '../../../src/core/measure/watch/availability.ts'
import type { SiteFound } from '../../../src/core/measure/watch/found.ts'
import { type SocketChannel, socketChannel } from '../../../src/io/channels/socket.ts'
import { anEmergency } from '../../support/attempts.ts'
import { aPhone } from '../../support/delivery.ts'
import { type Bed, KEYS, openBed } from '../../support/desk-bed.ts'
import { startGate } from '../../support/providers/gate.ts'
import { settle, VirtualClock } from '../../support/virtual-clock.ts'

let bed: Bed
let clock: VirtualClock
let base: string
let sockets: SocketChannel
const never = new AbortController().signal
const readers: Reader[] = []
const ill: SiteFound['things'][number][] = []

beforeEach(async () => {
  clock = new VirtualClock()
  ill.length = 0
  sockets = socketChannel()
  bed = await openBed({
    clock,
    desk: { found: () => ({ things: ill, air: [], feeds: [] }) },
    parts: { sockets },
  })
  const listening = await bed.http.listen()
  if (!listening.ok) throw new Error(listening.fault.code)
  base = listening.value.url
})
afterEach(async () => {
  for (const reader of readers.splice(0)) reader.stop()
  await bed.close()
})

interface Said {
  readonly event: string
  readonly id: string | undefined
  readonly data: Record<string, never>
}

/** Reads a stream event by event, as a browser would. */
class Reader {
  readonly #abort = new AbortController()
  #events: AsyncGenerator<Said> | undefined

  static async open(path: string, token: string, headers: Record<string, string> = {}): Promise<Reader> {
    const reader = new Reader()
    const response = await fetch(`${base}${path}`, {
      headers: { authorization: `Bearer ${token}`, ...headers },
      signal: reader.#abort.signal,
    })
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    if (response.body === null) throw new Error('no body')
    reader.#events = read(response.body)
    readers.push(reader)
    return reader
  }

  /** The next event of this name; others in between are passed over. */
  async of(event: string): Promise<Said> {
    for (;;) {
      const said = await this.next()
      if (said === undefined) throw new Error(`the stream ended without ${event}`)
      if (said.event === event) return said
    }
  }

  async next(): Promise<Said | undefined> {
    return (await this.#events?.next())?.value
  }

  stop(): void {
    this.#abort.abort()
  }
}

async function* read(body: ReadableStream<Uint8Array>): AsyncGenerator<Said> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true })
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const block = text.slice(0, end)
      text = text.slice(end + 2)
      const event = /^event: (.*)$/m.exec(block)?.[1]
      const data = /^data: (.*)$/m.exec(block)?.[1]
      if (event !== undefined && data !== undefined) {
        yield { event, id: /^id: (.*)$/m.exec(block)?.[1], data: JSON.parse(data) }
      }
    }
  }
}

const CALL = { text: 'X', kind: 'met', class: 'urgent', roles: ['med-reg', 'icu-reg'] } as const

test('a board gets everything open, then each change, then the end', async () => {
  await bed.enrol({ person: bed.holder('icu-reg') })
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  const board = await Reader.open('/api/v1/stream', KEYS.switchboard)
  expect(await board.next()).toMatchObject({ event: 'board', data: { alerts: [] } })
  clock.advance(200)
  const alert = await bed.call(CALL)
  expect(await board.of('alert')).toMatchObject({ data: { id: alert.id, version: 1 } })
  await bed.http.app.inject({
    method: 'POST',
    url: `/api/v1/alerts/${alert.id}/answers`,
    headers: { authorization: `Bearer ${phone.token}` },
    payload: { answer: 'accepted', version: 1 },
  })
  clock.advance(200)
  const changed = await board.of('alert')
  expect(JSON.stringify(changed.data)).toContain('"state":"accepted"')
  await bed.http.app.inject({
    method: 'POST',
    url: `/api/v1/alerts/${alert.id}/actions`,
    headers: { authorization: `Bearer ${KEYS.switchboard}` },
    payload: { action: 'close', version: 2 },
  })
  clock.advance(200)
  expect(await board.of('closed')).toMatchObject({ data: { id: alert.id } })
})

test('a phone goes on from its last event and is told nothing twice', async () => {
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  await bed.call({ ...CALL, text: 'ONE' })
  await bed.call({ ...CALL, text: 'TWO' })
  const first = await Reader.open('/api/v1/stream', phone.token)
  const one = await first.next()
  expect(one).toMatchObject({ event: 'inbox', data: { alert: { words: 'ONE' }, ring: true } })
  first.stop()
  const second = await Reader.open('/api/v1/stream', phone.token, { 'last-event-id': one?.id ?? '' })
  expect(await second.next()).toMatchObject({ event: 'inbox', data: { alert: { words: 'TWO' } } })
  const third = await Reader.open(`/api/v1/stream?since=${one?.id}`, phone.token)
  expect(await third.next()).toMatchObject({ data: { alert: { words: 'TWO' } } })
})

test('a quiet line says that it lives, and looks again in case a wake was lost', async () => {
  const board = await Reader.open('/api/v1/stream', KEYS.switchboard)
  await board.of('site')
  clock.advance(3000)
  expect(await board.of('beat')).toMatchObject({ data: { now: new Date(clock.now()).toISOString() } })
})

test('a board that comes back after a cut is given everything whole, also what has become empty', async () => {
  const board = await Reader.open('/api/v1/stream', KEYS.switchboard)
  expect([await board.next(), await board.next(), await board.next()]).toMatchObject([
    { event: 'board', data: { alerts: [] } },
    { event: 'review', data: { bleeps: [] } },
    { event: 'site', data: { ready: true, ill: [], offers: [] } },
  ])
})

test('a link that falls ill reaches the board with what to do, without anybody being bleeped', async () => {
  const board = await Reader.open('/api/v1/stream', KEYS.switchboard)
  await board.of('site')
  ill.push({
    ...watched('feed', 'roof', 'Roof receiver', clock.now(), '2026-11'),
    state: 'failed',
    why: 'port-absent',
    node: 'north',
  })
  clock.advance(5000)
  const { data } = await board.of('site')
  expect(data).toMatchObject({
    ill: [{ sort: 'feed', subject: 'roof', label: 'Roof receiver', why: { code: 'port-absent' } }],
  })
  expect(JSON.stringify(data)).toContain(FAULTS['port-absent'].remedy)
})

test('when a console session ends, so does its stream, and it says why', async () => {
  const signed = await bed.http.app.inject({
    method: 'POST',
    url: '/api/v1/session',
    payload: { operator: 'switchboard-op', key: KEYS.switchboard },
  })
  const cookie = String(signed.headers['set-cookie']).split(';')[0] ?? ''
  const me = await bed.http.app.inject({ url: '/api/v1/me', headers: { cookie } })
  expect(me.json().until).toBe(new Date(clock.now() + 12 * HOUR).toISOString())
  const board = await Reader.open('/api/v1/stream', 'none-at-all-00000', { authorization: '', cookie })
  await board.of('site')
  clock.advance(12 * HOUR)
  await board.of('signed-out')
  expect(await board.next()).toBeUndefined()
})

test('a revoked phone is cut off at once', async () => {
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  await bed.call(CALL)
  const stream = await Reader.open('/api/v1/stream', phone.token)
  await stream.next()
  // Behind what it is told, a phone hears how long it may keep that.
  expect(await stream.next()).toMatchObject({
    event: 'kept',
    data: { shared: false, people: [{ person: bed.holder('med-reg') }] },
  })
  await bed.http.app.inject({
    method: 'POST',
    url: `/api/v1/devices/${phone.id}/revoke`,
    headers: { authorization: `Bearer ${KEYS.switchboard}` },
  })
  expect(await stream.next()).toBeUndefined()
})

test('estates see that something is open, never what it says', async () => {
  const board = await Reader.open('/api/v1/stream', KEYS.estates)
  await board.next()
  clock.advance(200)
  await bed.call({ ...CALL, text: 'MR SMITH WARD 7B' })
  expect(JSON.stringify(await board.next())).not.toContain('SMITH')
})

test('a phone on a half-open line is taken for nothing: it rings on its new line, and the old one is cut', async () => {
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  const gate = await startGate()
  gate.lead(Number(new URL(base).port))
  const straight = base
  base = `http://127.0.0.1:${gate.port}`
  const old = await Reader.open('/api/v1/stream', phone.token)
  await old.of('kept')
  gate.freeze()
  base = straight
  const anew = await Reader.open('/api/v1/stream', phone.token)
  const attempt = anEmergency(aPhone(phone.id, 'socket'))
  const ring = (bell: object) =>
    sockets.send(
      attempt,
      aPhone(phone.id, 'socket'),
      { ...doorbell(attempt, 'opaque', undefined), ...bell },
      never,
    )
  expect(await ring({})).toEqual({ kind: 'taken' })
  expect((await anew.of('bell')).data).toMatchObject({ id: attempt.id })
  anew.stop()
  // Its system takes what it can; then it is no line any more, and nothing is left to ring.
  let said = 'taken'
  for (let i = 0; said === 'taken' && i < 2000; i++) {
    said = (await ring({ place: 'x'.repeat(100_000) })).kind
    await new Promise((turn) => setImmediate(turn))
  }
  expect(said).toBe('refused')
  await gate.close()
})

test('streams leave no timer and no listener behind', async () => {
  const before = clock.pending
  const board = await Reader.open('/api/v1/stream', KEYS.switchboard)
  await board.next()
  expect(clock.pending).toBe(before + 1)
  board.stop()
  await expect.poll(() => clock.pending).toBe(before)
})

test('a board is worked out at most five times a second: what changes meanwhile is told once, as it ended', async () => {
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  const board = await Reader.open('/api/v1/stream', KEYS.switchboard)
  await board.of('site')
  const alert = await bed.call(CALL)
  await settle(20)
  await bed.http.app.inject({
    method: 'POST',
    url: `/api/v1/alerts/${alert.id}/answers`,
    headers: { authorization: `Bearer ${phone.token}` },
    payload: { answer: 'accepted', version: 1 },
  })
  await settle(20)
  clock.advance(199)
  await settle(20)
  clock.advance(1)
  expect(JSON.stringify((await board.of('alert')).data)).toContain('"state":"accepted"')
})
