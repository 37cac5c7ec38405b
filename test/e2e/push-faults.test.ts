import { setTimeout as real } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { PUSH_KINDS } from '../../src/config/push.ts'
import type { Attempt } from '../../src/core/deliver/attempt.ts'
import { URGENCY } from '../../src/core/deliver/urgency.ts'
import { type SocketChannel, socketChannel } from '../../src/io/channels/socket.ts'
import { aPhone, type DeliveryRig, deliveryRig } from '../support/delivery.ts'
import { FAR_ENDS, type FarEnd, type Way } from '../support/providers/far-ends.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

/**
 * Real sockets, TLS and name look-ups that fail in real ways, while retries and deadlines run on the test's own clock.
 */
// A modem and a telephone are no servers on a network: test/io/channels has tests of their own.
const NETWORKED = PUSH_KINDS.filter((kind) => kind !== 'modem' && kind !== 'voice')

describe.each(NETWORKED)('%s', (kind) => {
  let clock: VirtualClock
  let far: FarEnd
  let socket: SocketChannel
  let rig: DeliveryRig

  beforeEach(() => {
    // Fakes judge by the machine's clock what the libraries stamp by it.
    clock = new VirtualClock(Date.now())
  })
  afterEach(async () => {
    expect(far.faults()).toEqual([])
    far.be('well')
    const closed = rig.close()
    for (let i = 0; i < 20; i++) await clock.elapse(1000)
    await closed
    await far.close()
  })

  async function start(way: Way = 'straight') {
    far = await FAR_ENDS[kind](clock, way)
    socket = socketChannel()
    rig = await deliveryRig(clock, [far.channel, socket])
    rig.start()
  }

  const pushed = async (alert: string): Promise<Attempt> =>
    (await rig.attempts(alert)).find((attempt) => attempt.channel === kind)!

  /** Lets the network work until the alert's push is as wanted, and says how it stands when it never is. */
  async function until(alert: string, wanted: (attempt: Attempt) => boolean): Promise<Attempt> {
    for (let turns = 0; ; turns++) {
      const attempt = await pushed(alert)
      if (wanted(attempt)) return attempt
      if (turns === 30_000) expect.fail(`${alert} never was as wanted: ${JSON.stringify(attempt)}`)
      await clock.elapse(0)
      await real(2)
    }
  }
  const isTried = (attempt: Attempt) => attempt.try > 0 || attempt.state === 'taken'
  const isTaken = ({ state }: Attempt) => state === 'taken'

  /** Gives the network a moment, in which our time stands still. */
  async function settled(): Promise<void> {
    for (let turns = 0; turns < 50; turns++) {
      await clock.elapse(0)
      await real(2)
    }
  }

  /** Moves time on in steps, letting every hand-over that began come to its end on the network. */
  async function pass(alert: string, ms: number, step = 500): Promise<void> {
    for (let at = 0; at < ms; at += step) {
      await clock.elapse(step)
      await until(alert, ({ state }) => state !== 'handed' && state !== 'leased')
    }
  }

  test('503 for two minutes: an emergency is tried until it is taken', async () => {
    await start()
    far.be('down')
    await rig.ask('a', 'emergency', [far.device('phone')])
    await until('a', isTried)
    await pass('a', 120_000)
    expect(await pushed('a')).toMatchObject({ state: 'queued', fault: 'provider-unavailable' })
    expect(far.asked()).toBeGreaterThan(25)
    expect(far.asked()).toBeLessThan(120)
    far.be('well')
    await pass('a', 5000)
    expect(await pushed('a')).toMatchObject({ state: 'taken' })
  })

  test.each([
    ['a certificate nobody vouches for', 'untrusted', 'provider-untrusted'],
    ['a name that is gone', 'nowhere', 'provider-unreachable'],
    ['a port that nobody listens on', 'refused', 'provider-unreachable'],
  ] as const)('%s: nothing is sent, the fault says so, and the device is kept', async (_, way, fault) => {
    await start(way)
    await rig.ask('a', 'urgent', [far.device('phone')])
    expect(await until('a', isTried)).toMatchObject({ state: 'queued', fault })
    expect(far.asked()).toBe(0)
    expect(await rig.store.transact((tx) => tx.devices.list())).toMatchObject([{ state: 'active' }])
  })

  test('with the way out cut, an emergency still rings over the hospital network, and nobody is called unreachable', async () => {
    await start('refused')
    const rung: string[] = []
    const handset = aPhone('handset', 'socket')
    socket.attach(handset.id, (data) => rung.push(data) > 0)
    await rig.ask('a', 'emergency', [far.device('phone'), handset], { path: 1 })
    expect(await until('a', isTried)).toMatchObject({ state: 'queued', fault: 'provider-unreachable' })
    expect(rung).toHaveLength(1)
    await pass('a', 304_000, 4000)
    await until('a', ({ state }) => state === 'expired')
    expect(rig.told).toEqual([])
  })

  test('a circuit that others opened holds back urgent calls, and no emergency', async () => {
    await start()
    far.be('down')
    for (let i = 0; i < 5; i++) {
      await rig.ask(`urgent-${i}`, 'urgent', [far.device(`phone-${i}`)])
      await until(`urgent-${i}`, isTried)
    }
    const asked = far.asked()
    await rig.ask('held', 'urgent', [far.device('phone-0')])
    await settled()
    expect(await pushed('held')).toMatchObject({ state: 'queued', try: 0 })
    expect(far.asked()).toBe(asked)
    far.be('well')
    const at = clock.now()
    await rig.ask('crash', 'emergency', [far.device('phone-0')])
    await until('crash', isTaken)
    expect(clock.now()).toBe(at)
    await pass('held', 2500)
    await until('held', isTaken)
  })

  if (kind === 'nudge' || kind === 'ntfy')
    test('slow loris: a server’s status is its word, and what it drips behind it is given up', async () => {
      await start()
      far.be('drips')
      await rig.ask('slow', 'urgent', [far.device('slow')])
      await until('slow', isTaken)
      expect(far.open()).toBe(1)
      await clock.elapse(2000)
      while (far.open() > 0) await real(2)
    })
  else if (kind === 'notify')
    test('slow loris: an answer that never ends is given up at the deadline', async () => {
      await start()
      far.be('drips')
      await rig.ask('slow', 'urgent', [far.device('slow')])
      while (far.open() === 0) await real(2)
      await clock.elapse(URGENCY.urgent.deadline)
      expect(await until('slow', isTried)).toMatchObject({ state: 'queued', fault: 'provider-timeout' })
      while (far.open() > 0) await real(2)
    })
  else
    test('slow loris: other phones of the same provider are not held up, and nothing of it is open after the deadline', async () => {
      await start()
      far.be('drips', 'slow')
      await rig.ask('slow', 'urgent', [far.device('slow')])
      while (far.open() === 0) await real(2)
      for (let i = 0; i < 8; i++) {
        await clock.elapse(1)
        await rig.ask(`good-${i}`, 'urgent', [far.device(`good-${i}`)])
        await until(`good-${i}`, isTaken)
      }
      expect(await pushed('slow')).toMatchObject({ state: 'handed' })
      expect(far.open()).toBe(1)
      const lines = far.lines()
      await clock.elapse(URGENCY.urgent.deadline)
      expect(await until('slow', isTried)).toMatchObject({ state: 'queued', fault: 'provider-timeout' })
      while (far.open() > 0) await real(2)
      await rig.ask('next', 'urgent', [far.device('next')])
      await until('next', isTaken)
      expect(far.lines()).toBe(lines)
    })

  test('a half-open line: the kept connection swallows the push, the next try takes a new one', async () => {
    await start()
    const device = far.device('phone')
    await rig.ask('first', 'urgent', [device])
    await until('first', isTaken)
    far.freeze()
    await rig.ask('second', 'urgent', [device])
    await until('second', ({ state }) => state === 'handed')
    await clock.elapse(URGENCY.urgent.deadline)
    expect(await until('second', isTried)).toMatchObject({ state: 'queued', fault: 'provider-timeout' })
    await pass('second', 1000)
    expect(await pushed('second')).toMatchObject({ state: 'taken', try: 1 })
    expect(far.asked()).toBe(2)
  })
})
