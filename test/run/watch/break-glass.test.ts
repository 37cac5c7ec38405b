import { expect, test } from 'vitest'
import { HOUR, SECOND } from '../../../src/core/instant.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import { startBreakGlassWatch } from '../../../src/run/watch/break-glass-watch.ts'
import { quietLog, quietMetrics } from '../../support/quiet.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

test('a break-glass account is told by its name for as long as somebody is in by it', async () => {
  const clock = new VirtualClock()
  const store = await openSqlite(':memory:')
  const began = clock.now()
  const session = {
    who: 'glass-1',
    role: 'switchboard',
    way: 'password',
    began,
    until: began + HOUR,
  } as const
  await store.transact(async (tx) => {
    await tx.sessions.add({ ...session, id: 'a', breakGlass: true })
    await tx.sessions.add({ ...session, id: 'b', who: 'jo.bloggs' })
  })
  const watch = startBreakGlassWatch({
    ...{ log: quietLog, metrics: quietMetrics },
    store,
    clock,
    wake: store.wake,
  })
  const told = async () => {
    for (let i = 0; i < 20; i++) await Promise.resolve()
    await new Promise((done) => setImmediate(done))
    return watch.troubles()
  }
  clock.advance(10 * SECOND)
  expect(await told()).toEqual([{ code: 'break-glass-used', subject: 'glass-1' }])
  clock.advance(HOUR + 11 * SECOND)
  expect(await told()).toEqual([])
  await watch.stop()
  await store.close()
})
