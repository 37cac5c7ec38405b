import { expect, test } from 'vitest'
import { StoreFault } from '../../../src/ports/store.ts'
import { lookWhenRung } from '../../../src/run/desk/look-when-rung.ts'
import { watchDefects } from '../../../src/run/watch/defect-watch.ts'
import { quietLog, quietMetrics } from '../../support/quiet.ts'
import { settle, VirtualClock } from '../../support/virtual-clock.ts'

/** A look that ends when the test says how, and what of it was told as a defect. */
function bed() {
  const defects = watchDefects(quietLog, new VirtualClock())
  const looks: PromiseWithResolvers<boolean>[] = []
  const ring = lookWhenRung('inbox', { log: defects.log, metrics: quietMetrics }, () => {
    const look = Promise.withResolvers<boolean>()
    looks.push(look)
    return look.promise
  })
  return { ring, looks, told: () => defects.standing().map(({ code, subject }) => `${code} ${subject}`) }
}

test('what rings while a look is under way is one look more, and never two at once', async () => {
  const { ring, looks } = bed()
  for (let i = 0; i < 3; i++) ring()
  expect(looks).toHaveLength(1)
  looks[0]?.resolve(false)
  await settle()
  expect(looks).toHaveLength(2)
  looks[1]?.resolve(true)
  await settle()
  expect(looks).toHaveLength(3)
  looks[2]?.resolve(false)
  await settle()
  expect(looks).toHaveLength(3)
})

test('a defect in a look is told until one goes well; a database that refuses is none', async () => {
  const { ring, looks, told } = bed()
  ring()
  looks[0]?.reject(new StoreFault('store-lost', 'gone'))
  await settle()
  expect(told()).toEqual([])
  ring()
  looks[1]?.reject(new TypeError('planted'))
  await settle()
  expect(told()).toEqual(['task-failed inbox'])
  ring()
  looks[2]?.resolve(false)
  await settle()
  expect(told()).toEqual([])
})
