import { afterEach, beforeEach, expect, test } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../../src/core/instant.ts'
import type { Standing } from '../../../src/core/measure/watch/standing.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import type { Carried, Carrier, Letter } from '../../../src/ports/post.ts'
import type { Store } from '../../../src/ports/store.ts'
import { type Post, startPost } from '../../../src/run/keep/post.ts'
import { startFaultNews } from '../../../src/run/watch/fault-news.ts'
import { quietLog, quietMetrics } from '../../support/quiet.ts'
import { settle, VirtualClock } from '../../support/virtual-clock.ts'
import { countingRandom } from '../../support/ward.ts'

let store: Store
let clock: VirtualClock
let post: Post
let got: Letter[]
let says: Carried
const tools = () => ({ store, clock, random: countingRandom(), log: quietLog, metrics: quietMetrics })
const carrier: Carrier = {
  async carry(letter) {
    got.push(letter)
    return says
  },
  close: () => {},
}
const open = () => {
  post = startPost({
    ...tools(),
    carriers: new Map([
      ['mail', carrier],
      ['hook', carrier],
    ]),
  })
}
const pass = async (ms: number) => {
  await clock.elapse(ms)
  await settle()
}
const write = (subject: string, by = 'mail') =>
  store.transact((tx) => post.write(tx, { by, to: ['a@example.org'], subject, text: 't' }))

beforeEach(async () => {
  store = await openSqlite(':memory:')
  clock = new VirtualClock()
  got = []
  says = { kind: 'taken' }
  open()
})
afterEach(async () => {
  await post.stop()
  await store.close()
})

test('a letter goes out once, also after a restart', async () => {
  await write('one')
  await post.stop()
  open()
  await pass(MINUTE)
  expect(got.map(({ subject }) => subject)).toEqual(['one'])
  await pass(HOUR)
  expect(got).toHaveLength(1)
})

test('a server that is ill is asked less and less often, and for a day; then the letter is let go', async () => {
  says = { kind: 'later', fault: 'post-unreachable' }
  await write('one')
  await write('two')
  await pass(HOUR)
  expect(got.length).toBeGreaterThan(3)
  expect(got.length).toBeLessThan(16)
  expect(post.troubles()).toEqual([{ code: 'post-unreachable', subject: 'mail' }])
  await pass(25 * HOUR)
  const asked = got.length
  expect(asked).toBeLessThan(70)
  says = { kind: 'taken' }
  await pass(2 * HOUR)
  expect(got).toHaveLength(asked)
})

test('what is refused for good is told and not sent again; the next that is taken ends the trouble', async () => {
  says = { kind: 'refused', fault: 'post-refused' }
  await write('one')
  await pass(HOUR)
  expect(got).toHaveLength(1)
  expect(post.troubles()).toEqual([{ code: 'post-refused', subject: 'mail' }])
  says = { kind: 'taken' }
  await write('two')
  await pass(MINUTE)
  expect(post.troubles()).toEqual([])
})

test('a carrier that is ill holds up no other, and costs no disk without end', async () => {
  says = { kind: 'later', fault: 'post-unreachable' }
  for (let i = 0; i < 250; i++) await write(`m${i}`)
  await pass(MINUTE)
  expect(await store.transact((tx) => tx.notes.list('letter/'))).toHaveLength(200)
  says = { kind: 'taken' }
  await write('other', 'hook')
  await pass(11 * SECOND)
  expect(got.some(({ subject }) => subject === 'other')).toBe(true)
})

test('a letter that cannot be read any more is let go', async () => {
  await store.transact((tx) => tx.notes.set('letter/odd', { spoilt: true }, 0))
  await pass(MINUTE)
  expect(await store.transact((tx) => tx.notes.list('letter/'))).toEqual([])
  expect(got).toEqual([])
})

test('estates are told what begins and what is over: a digest an hour, a hook each change, and nobody of a blip', async () => {
  let stands: Standing[] = []
  const readers = [
    { by: 'mail', to: ['e@example.org'], least: 'warning', every: HOUR, after: MINUTE, each: false },
    { by: 'hook', to: [], least: 'alarm', every: 0, after: MINUTE, each: true },
  ] as const
  const news = startFaultNews({
    ...{ ...tools(), post, readers, site: 'Demo', node: 'node-1', health: { standing: () => stands } },
  })
  const alarm = (subject: string): Standing => ({
    ...{ code: 'voice-client-gone', subject, detail: 'p121 of Ward 7B', since: clock.now() },
  })
  await pass(MINUTE)
  stands = [alarm('roof')]
  await pass(20 * SECOND)
  stands = []
  await pass(2 * MINUTE)
  expect(got).toEqual([])

  stands = [alarm('roof')]
  await pass(3 * MINUTE)
  const of = (by: string) => got.filter((letter) => letter.by === by).map(({ text }) => text)
  expect(of('mail')).toHaveLength(1)
  expect(of('mail')[0]).toMatch(/New:\n- .*\(roof, /)
  expect(of('hook')).toEqual([expect.stringMatching(/^Demo, node-1: .*\(roof\)\. /)])
  for (const { text } of got) expect(text).not.toMatch(/p121|7B/)

  stands = []
  await pass(10 * MINUTE)
  expect(of('mail')).toHaveLength(1)
  expect(of('hook')[1]).toMatch(/^Demo, node-1: over: .*\(roof\)\.$/)
  await pass(HOUR)
  expect(of('mail')[1]).toMatch(/Mended:\n- /)

  // A hundred lines at once are a few letters, not a flood.
  stands = Array.from({ length: 100 }, (_, i) => alarm(`feed-${i}`))
  await pass(3 * MINUTE)
  expect(of('hook').length).toBeLessThanOrEqual(2 + 11)
  expect(of('hook').at(-1)).toMatch(/90 more changes/)
  await news.stop()
})

test('estates are told what begins also when the clock was set back', async () => {
  let stands: readonly Standing[] = []
  const news = startFaultNews({
    ...{ ...tools(), post, site: 'Demo', node: 'node-1', health: { standing: () => stands } },
    readers: [{ by: 'hook', to: [], least: 'alarm', every: 0, after: MINUTE, each: true }],
  })
  const alarm = (subject: string): Standing => ({
    ...{ code: 'voice-client-gone', subject, detail: 'p121', since: clock.now() },
  })
  stands = [alarm('roof')]
  await pass(2 * MINUTE)
  expect(got).toHaveLength(1)
  clock.step(-HOUR)
  stands = [...stands, alarm('cellar')]
  await pass(2 * MINUTE)
  expect(got).toHaveLength(2)
  await news.stop()
})
