import { expect, test } from 'vitest'
import { answers, enqueue, failAll, mayRepeat, refuse, said } from '../../../../src/core/line/kit/outgoing.ts'
import type { LineEffect } from '../../../../src/core/line/kit/protocol.ts'

const none = () => ({ sends: 0, spoke: 0, by: 0 })

test('sixty-four pages may wait; one more hears at once that it needs another way', () => {
  const out: LineEffect[] = []
  const queue: { ref: number }[] = []
  for (let ref = 1; ref <= 65; ref++) enqueue(queue, ref, { ref }, out)
  expect(queue.map(({ ref }) => ref)).toEqual(Array.from({ length: 64 }, (_, i) => i + 1))
  expect(out).toEqual([{ kind: 'sent', ref: 65, outcome: 'refused', fault: 'send-queue-full' }])
})

test('a page that the line cannot carry is refused and takes no place', () => {
  const out: LineEffect[] = []
  const queue: { ref: number }[] = []
  enqueue(queue, 7, undefined, out)
  expect(queue).toEqual([])
  expect(out).toEqual([{ kind: 'sent', ref: 7, outcome: 'refused', fault: 'page-unsendable' }])
})

test('a line may let more or fewer wait', () => {
  const out: LineEffect[] = []
  const queue: { ref: number }[] = []
  for (const ref of [1, 2]) enqueue(queue, ref, { ref }, out, 1)
  expect(queue).toEqual([{ ref: 1 }])
  expect(out).toHaveLength(1)
})

test('when the far end is gone every page that waits fails once, oldest first', () => {
  const out: LineEffect[] = []
  const queue = [{ ref: 3 }, { ref: 4 }]
  failAll(queue, 'no-answer', 'peer-silent', out)
  failAll(queue, 'no-answer', 'peer-silent', out)
  expect(out).toEqual([
    { kind: 'sent', ref: 3, outcome: 'no-answer', fault: 'peer-silent' },
    { kind: 'sent', ref: 4, outcome: 'no-answer', fault: 'peer-silent' },
  ])
})

test('a line that never sends says so', () => {
  const out: LineEffect[] = []
  refuse(1, 'role-cannot-send', out)
  expect(out).toEqual([{ kind: 'sent', ref: 1, outcome: 'refused', fault: 'role-cannot-send' }])
})

test('a thing is said once and repeated twice', () => {
  const step = none()
  const repeated = [100, 200, 300].map((at) => {
    said(step, at, 50)
    return mayRepeat(step)
  })
  expect(repeated).toEqual([true, true, false])
  expect(step).toEqual({ sends: 3, spoke: 300, by: 350 })
})

test('what came no later than we spoke answers something else', () => {
  const step = none()
  said(step, 100, 50)
  expect([99, 100, 101].map((at) => answers(step, at))).toEqual([false, false, true])
})
