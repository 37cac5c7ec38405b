import { expect, test } from 'vitest'
import { z } from 'zod'
import { FeedFigures, NodeFigures } from '../../../../src/core/measure/telemetry.ts'
import { discovery } from '../../../../src/core/measure/watch/discovery.ts'

const entity = z.object({ state_topic: z.string(), value_template: z.string() })
const things = [
  { sort: 'feed', subject: 'switchboard', label: 'Switchboard' },
  ...(['loop', 'memory', 'commit', 'disk', 'peers'] as const).map((subject) => ({
    sort: 'node' as const,
    subject,
    label: subject,
  })),
] as const
const sensors = discovery({ site: 'stj', node: 'north' }, '1', things).map(({ payload }) =>
  entity.parse(JSON.parse(payload)),
)

/** Key and rest of the template of each sensor of a topic. */
function read(topic: string): (readonly [key: string, rest: string])[] {
  return sensors
    .filter((s) => s.state_topic.endsWith(topic))
    .map(({ value_template }) => {
      const [, key = '', rest = ''] = /^\{\{ value_json\.(\w+) (.*)\}\}$/.exec(value_template) ?? []
      return [key, rest.trim()] as const
    })
}

test.each([
  ['feed/switchboard/figures', FeedFigures],
  ['node/figures', NodeFigures],
] as const)(
  'each sensor of %s reads a figure that is told, and one that is not told is unknown',
  (topic, schema) => {
    const all = read(topic)
    expect(all.length).toBeGreaterThan(5)
    expect(all.filter(([key]) => !(key in schema.shape))).toEqual([])
    expect(all.filter(([, rest]) => rest !== '| default(none)')).toEqual([])
  },
)

test('everything a port counts has a sensor', () => {
  const keys = read('feed/switchboard/figures').map(([key]) => key)
  expect(keys).toEqual(
    expect.arrayContaining(['parityErrors', 'framingErrors', 'breaks', 'overruns', 'bitErrorRate']),
  )
})
