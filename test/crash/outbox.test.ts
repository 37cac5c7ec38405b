import { type ChildProcess, fork } from 'node:child_process'
import { on, once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { vapidKeys } from '../../hardware/simulators/push-crypto.ts'
import { startPushService } from '../../hardware/simulators/push-service.ts'
import { asId } from '../../src/core/ids.ts'
import { systemClock } from '../../src/io/clock.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import { aPhone, deliveryRig } from '../support/delivery.ts'
import { removeFolder } from '../support/folders.ts'
import type { OutboxChild } from '../support/outbox-child.ts'

const CHILD = fileURLToPath(new URL('../support/outbox-child.ts', import.meta.url))
const PHONES = 60
/** Each process is killed at this one of its requests: before the answer (first, third, …) or just after it. */
const KILLS = [1, 3, 2, 6, 5, 8]
const folder = mkdtempSync(join(tmpdir(), 'outbox-'))
const children = new Set<ChildProcess>()
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  removeFolder(folder)
})

test('killed without warning at any point, it rings everybody, and nobody again whose push was acknowledged', async () => {
  const service = await startPushService()
  const vapid = vapidKeys()
  const file = join(folder, 'store.db')
  const clock = systemClock(() => {})

  // The same seeding as every delivery test, on a file that outlives its writer.
  const rig = await deliveryRig(clock, [], file)
  const subscriptions = Array.from({ length: PHONES }, () => service.subscribe(vapid.publicKey))
  for (const [i, { subscription }] of subscriptions.entries())
    await rig.ask(`alert-${i}`, 'routine', [aPhone(`phone-${i}`, 'webpush', subscription)])
  await rig.close()

  const states = async () => {
    const store = await openSqlite(file)
    const all = await store.transact(async (tx) => {
      const found: [string, string][] = []
      for (let i = 0; i < PHONES; i++)
        for (const { id, state } of await tx.attempts.ofAlert(asId(`alert-${i}`))) found.push([id, state])
      return found
    })
    await store.close()
    return all
  }

  const pushed = () =>
    subscriptions.flatMap(({ pushes }) => pushes.map(({ text }) => String(JSON.parse(text).id)))
  const start = clock.now()
  const acknowledged = new Map<string, number>()
  for (const [generation, kill] of [...KILLS, undefined].entries()) {
    const child = fork(CHILD)
    children.add(child)
    const dead = once(child, 'exit')
    let requests = 0
    service.interfere((_request, response) => {
      requests += 1
      if (requests !== kill) return false
      if (generation % 2 === 0) {
        child.kill('SIGKILL')
        return true
      }
      response.on('finish', () => child.kill('SIGKILL'))
      return false
    })
    const told: OutboxChild = {
      store: file,
      push: { subject: 'mailto:it@hospital.example', ...vapid },
      reach: { ca: service.ca, connections: 4 },
      // Leases of a dead one have lapsed by then.
      now: start + generation * 31_000,
    }
    child.send(told)
    if (kill === undefined) {
      let left = PHONES - acknowledged.size
      for await (const _ of on(child, 'message')) if (--left === 0) break
      child.kill('SIGKILL')
    }
    await dead
    // What was stored as taken by now must never be pushed again: its count stays what it is.
    const counts = Map.groupBy(pushed(), (id) => id)
    for (const [id, state] of await states())
      if (state === 'taken' && !acknowledged.has(id)) acknowledged.set(id, counts.get(id)?.length ?? 0)
  }

  const counts = Map.groupBy(pushed(), (id) => id)
  expect(acknowledged.size).toBe(PHONES)
  for (const [id, count] of acknowledged) expect([id, counts.get(id)?.length]).toEqual([id, count])
  expect(pushed().length).toBeGreaterThanOrEqual(PHONES)
  expect(service.faults).toEqual([])
  await service.close()
}, 240_000)
