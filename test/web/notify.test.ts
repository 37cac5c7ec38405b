import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createNotices } from '../../src/web/app/notify.js'
import type { InboxItem } from '../../src/web/shared/types.d.ts'

const phone = vi.hoisted(() => ({ holds: [] as { id: string }[] }))
vi.mock('../../src/web/app/store.js', () => ({ held: async () => phone.holds, kept: async () => undefined }))
vi.mock('../../src/web/app/line.js', () => ({ report: async () => undefined }))

interface Shown {
  readonly title: string
  readonly tag: string
  readonly silent?: boolean
  readonly data: unknown
}

/** A browser that shows a notice at once, and lists it only once it has settled. */
function browser() {
  const shown = new Map<string, Shown>()
  let settled = false
  const registration = {
    showNotification: async (title: string, options: Shown) =>
      void shown.set(options.tag, { ...options, title }),
    getNotifications: async ({ tag }: { tag?: string } = {}) =>
      settled
        ? [...shown.values()]
            .filter((one) => tag === undefined || one.tag === tag)
            .map((one) => ({ ...one, close: () => shown.delete(one.tag) }))
        : [],
  }
  return {
    notices: createNotices(registration as never),
    stands: () => [...shown.values()].map(({ title, silent = false }) => [title, silent]),
    settle: () => {
      settled = true
    },
    swipe: (tag: string) => shown.delete(tag),
  }
}

const row = (more: Partial<InboxItem> = {}) =>
  ({
    ...{ ring: true, purpose: 'ask', attempt: 't1' },
    alert: { id: 'a-1', class: 'emergency', version: 1 },
    ...more,
  }) as InboxItem
const BELL = { id: 't2', class: 'emergency', tag: 'a1' } as const

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  phone.holds = []
})

test.each([
  ['before the browser lists the first', false],
  ['once it lists it', true],
])('a second push of a bleep that rang leaves its notice up, with its answers: %s', async (_, listed) => {
  const { notices, stands, settle } = browser()
  phone.holds = [{ id: 'a-1' }]
  await notices.item(row(), undefined)
  if (listed) settle()
  await notices.again(BELL)
  settle()
  await notices.again(BELL)
  expect(stands()).toEqual([['EMERGENCY', true]])
})

test('what was taken down stays down, by whoever swiped it and by the server', async () => {
  const { notices, stands, settle, swipe } = browser()
  phone.holds = [{ id: 'a-1' }]
  await notices.item(row(), undefined)
  settle()
  swipe('a1')
  notices.gone('a1')
  await notices.again(BELL)
  expect(stands()).toEqual([])
  await notices.item(row(), undefined)
  await notices.clear()
  await notices.again(BELL)
  expect(stands()).toEqual([])
})

test('a stand-down that comes before the browser lists the ring takes its place all the same', async () => {
  const { notices, stands } = browser()
  await notices.item(row(), undefined)
  expect(await notices.item(row({ ring: false, purpose: 'stand-down' }), undefined)).toBe(true)
  expect(stands()).toEqual([['Stand down', true]])
})

test('what was swiped away where the browser does not say so comes back for moments at most', async () => {
  const { notices, stands, settle, swipe } = browser()
  phone.holds = [{ id: 'a-1' }]
  await notices.item(row(), undefined)
  settle()
  swipe('a1')
  vi.advanceTimersByTime(60_000)
  await notices.again(BELL)
  expect(stands()).toEqual([])
})
