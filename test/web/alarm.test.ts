import { expect, test } from 'vitest'
import { createAlarm } from '../../src/web/console/alarm.js'
import type { Task } from '../../src/web/console/pages.d.ts'

const task = (key: string, over: Partial<Task> = {}): Task => ({
  ...{
    key,
    level: 'act',
    sort: 'alert',
    sounds: 'emergency',
    class: 'emergency',
    since: '',
    order: '',
    title: '',
    where: '',
  },
  ...{ lines: [], href: undefined },
  ...over,
})

function storage() {
  const kept = new Map<string, string>()
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  }
}

test('one alarm is silenced, the others sound on; and not for ever', () => {
  const alarm = createAlarm(storage())
  const all = [task('a'), task('b'), task('quiet', { sounds: undefined, level: 'soon' })]
  expect(alarm.sounding(all, 0).map((t) => t.key)).toEqual(['a', 'b'])
  alarm.silence([all[0]!], 0)
  expect(alarm.sounding(all, 0).map((t) => t.key)).toEqual(['b'])
  expect(alarm.quietFor(all[0]!, 20_000)).toBe(40_000)
  expect(alarm.sounding(all, 60_000).map((t) => t.key)).toEqual(['a', 'b'])
})

test('a call that gets worse sounds again at once', () => {
  const alarm = createAlarm(storage())
  alarm.silence([task('alert/1/prompt', { level: 'prompt' })], 0)
  expect(alarm.sounding([task('alert/1/act')], 1000)).toHaveLength(1)
})

test('a reload forgets no silence and takes no rubbish', () => {
  const kept = storage()
  createAlarm(kept).silence([task('a')], 0)
  expect(createAlarm(kept).sounding([task('a')], 1000)).toEqual([])
  kept.setItem('alarms-silenced', '{')
  expect(createAlarm(kept).sounding([task('a')], 1000)).toHaveLength(1)
})
