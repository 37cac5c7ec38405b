import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { keepStream } from '../../src/web/shared/stream.js'

/** A server as the page's `fetch` sees it: what each connection does is said beforehand; without a word it hangs. */
type Turn = 'hangs' | 'refused' | 401 | 'answers'

const page = Object.assign(new EventTarget(), { visibilityState: 'visible' })
const network = new EventTarget()
let turns: Turn[]
let asked: AbortSignal[]
let caches: string[]
let wire: ReadableStreamDefaultController<Uint8Array> | undefined
let tells: string[]
let stop = () => {}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('window', network)
  vi.stubGlobal('document', page)
  turns = []
  asked = []
  caches = []
  tells = []
  vi.stubGlobal('fetch', (_path: string, { signal, cache }: { signal: AbortSignal; cache: string }) => {
    asked.push(signal)
    caches.push(cache)
    const turn = turns.shift() ?? 'hangs'
    if (turn === 'refused') return Promise.reject(new TypeError('refused'))
    if (turn === 401) return Promise.resolve(new Response('', { status: 401 }))
    if (turn === 'answers') {
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          wire = controller
          signal.addEventListener('abort', () => controller.error(signal.reason))
        },
      })
      return Promise.resolve(new Response(body))
    }
    return new Promise((_, fail) => signal.addEventListener('abort', () => fail(signal.reason)))
  })
})

afterEach(() => {
  stop()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

async function start(...first: Turn[]): Promise<void> {
  turns.push(...first)
  stop = keepStream({
    token: async () => 'token',
    path: async () => '/api/v1/stream',
    hears: {
      bell: (data) => void tells.push(`bell ${data.id}`),
      broken: () => Promise.reject(new Error('cannot be taken in')),
    },
    out: () => void tells.push('out'),
    live: (live) => void tells.push(live ? 'live' : 'lost'),
  })
  await vi.advanceTimersByTimeAsync(0)
}

async function say(event: string, data: object): Promise<void> {
  wire?.enqueue(new TextEncoder().encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`))
  await vi.advanceTimersByTimeAsync(0)
}

test('a connection that hangs before it answers is given up, and the next one is heard', async () => {
  await start('hangs', 'answers')
  await vi.advanceTimersByTimeAsync(15_000)
  await say('bell', { id: 'b1' })
  expect(asked[0]?.aborted).toBe(true)
  expect(tells).toEqual(['lost', 'live', 'bell b1'])
})

test('one that falls silent is given up, also behind a clock that was set back', async () => {
  await start('answers', 'answers')
  vi.setSystemTime(Date.now() - 3_600_000)
  await vi.advanceTimersByTimeAsync(45_000)
  expect(tells).toEqual(['live', 'lost', 'live'])
})

test('one that speaks is kept, and what it tells under an unknown name is left', async () => {
  await start('answers')
  for (let n = 0; n < 10; n += 1) {
    await vi.advanceTimersByTimeAsync(15_000)
    await say('unheard-of', {})
  }
  expect(asked).toHaveLength(1)
  expect(tells).toEqual(['live'])
})

test('what cannot be taken in costs its connection, which is closed, not left open', async () => {
  await start('answers', 'answers')
  await say('broken', {})
  expect(asked[0]?.aborted).toBe(true)
  await vi.advanceTimersByTimeAsync(1000)
  await say('bell', { id: 'b2' })
  expect(tells).toEqual(['live', 'lost', 'live', 'bell b2'])
})

test('a network that comes back is used at once, and a page that is looked at again', async () => {
  await start('refused', 'refused', 'answers')
  network.dispatchEvent(new Event('online'))
  await vi.advanceTimersByTimeAsync(0)
  page.dispatchEvent(new Event('visibilitychange'))
  await vi.advanceTimersByTimeAsync(0)
  expect(tells).toEqual(['lost', 'lost', 'live'])
})

test('a page that is left opens nothing anew', async () => {
  await start('refused', 'answers')
  page.visibilityState = 'hidden'
  page.dispatchEvent(new Event('visibilitychange'))
  await vi.advanceTimersByTimeAsync(0)
  page.visibilityState = 'visible'
  expect(asked).toHaveLength(1)
})

test('no cache makes one stream wait for another of its address', async () => {
  await start('answers')
  expect(caches).toEqual(['no-store'])
})

test('the radio says so first: an open connection is cut when it goes', async () => {
  await start('answers')
  network.dispatchEvent(new Event('offline'))
  await vi.advanceTimersByTimeAsync(0)
  expect(tells).toEqual(['live', 'lost'])
})

test('a device that the server knows no more asks no further', async () => {
  await start(401, 'answers')
  network.dispatchEvent(new Event('online'))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked).toHaveLength(1)
  expect(tells).toEqual(['out'])
})

test('what is stopped stays stopped', async () => {
  await start('refused', 'answers')
  stop()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked).toHaveLength(1)
})
