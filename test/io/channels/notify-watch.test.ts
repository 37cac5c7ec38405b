import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { doorbell } from '../../../src/core/deliver/payload.ts'
import { asId } from '../../../src/core/ids.ts'
import { HOUR, MINUTE, SECOND } from '../../../src/core/instant.ts'
import { notify } from '../../../src/io/channels/notify.ts'
import { watchNotify } from '../../../src/io/channels/notify-watch.ts'
import { anEmergency } from '../../support/attempts.ts'
import { aPhone } from '../../support/delivery.ts'
import { fakeNotify, NOTIFY_KEY, NOTIFY_TEMPLATE } from '../../support/providers/notify.ts'
import { settle, VirtualClock } from '../../support/virtual-clock.ts'

const NUMBER = { ...aPhone('number', 'notify'), address: '+447700900123' }
const attempt = (id = 'a1') => anEmergency(NUMBER, { id: asId(id) })

describe('what became of a text is asked of the service', () => {
  let clock: VirtualClock
  let state: unknown
  let back: object[]
  let asked: number
  let heard: string[]
  let storeIsThere: boolean
  const answers = {
    status: async (id: string) => {
      asked += 1
      if (state instanceof Error) throw state
      return { id, ...Object(state) }
    },
    replies: async () => ({ received_text_messages: back }),
  }
  const watching = () =>
    watchNotify(answers, clock, {
      report: ({ id }, report) => void heard.push(`${id} ${report}`),
      spent: (pence) => void heard.push(`${pence}p`),
      heed: async (number, text, _at, id) => {
        if (!storeIsThere) throw new Error('the store is away')
        heard.push(`${number} ${text} ${id}`)
        return true
      },
    })
  const pass = async (time: number) => {
    for (let left = time; left > 0; left -= 5 * SECOND) {
      await clock.advance(Math.min(left, 5 * SECOND))
      await settle()
    }
  }
  beforeEach(() => {
    clock = new VirtualClock(Date.UTC(2026, 10, 30, 4))
    state = { status: 'sending', is_cost_data_ready: false }
    back = []
    asked = 0
    heard = []
    storeIsThere = true
  })
  const text = (id: string, content: string, ago: number) => ({
    ...{ id, user_number: '447700900123', content },
    created_at: new Date(clock.now() - ago).toISOString(),
  })

  test('delivered is said once, its cost once it is known, and then nothing is asked any more', async () => {
    const watch = watching()
    watch.sent('n1', attempt())
    await pass(20 * SECOND)
    expect(heard).toEqual([])
    state = { status: 'delivered', is_cost_data_ready: false }
    await pass(2 * MINUTE)
    expect(heard).toEqual(['a1 text-delivered'])
    state = { status: 'delivered', is_cost_data_ready: true, cost_in_pounds: 0.0248 }
    await pass(10 * MINUTE)
    expect(heard).toEqual(['a1 text-delivered', '2.48p'])
    const before = asked
    await pass(HOUR)
    expect(asked).toBe(before)
    watch.close()
  })

  test.each(['permanent-failure', 'temporary-failure', 'technical-failure'])(
    '%s is undelivered',
    async (status) => {
      const watch = watching()
      watch.sent('n1', attempt())
      state = { status, is_cost_data_ready: true, cost_in_pounds: null }
      await pass(10 * SECOND)
      expect(heard).toEqual(['a1 text-undelivered'])
      watch.close()
    },
  )

  test('a service that does not answer is asked less and less often, and given up after an hour', async () => {
    const watch = watching()
    watch.sent('n1', attempt())
    state = new Error('503')
    await pass(3 * HOUR)
    expect(asked).toBeLessThan(12)
    expect(heard).toEqual([])
    watch.close()
  })

  test('what is no answer of the service changes nothing', async () => {
    const watch = watching()
    watch.sent('n1', attempt())
    state = { status: 7 }
    back = [{ id: 'r1' }]
    await pass(MINUTE)
    expect(heard).toEqual([])
    watch.close()
  })

  test('a reply is heeded under its id, in the order they were written; one from before is not', async () => {
    back = [text('r3', '2', MINUTE), text('r2', '1', 2 * MINUTE), text('r1', '1', 2 * HOUR)]
    const watch = watching()
    await pass(5 * SECOND)
    expect(heard).toEqual(['+447700900123 1 r2', '+447700900123 2 r3'])
    watch.close()
  })

  test('a reply that could not be stored is read again with the next look', async () => {
    const watch = watching()
    watch.sent('n1', attempt())
    storeIsThere = false
    back = [text('r1', '1', 0)]
    await pass(10 * SECOND)
    expect(heard).toEqual([])
    storeIsThere = true
    await pass(5 * SECOND)
    expect(heard).toContain('+447700900123 1 r1')
    watch.close()
  })
})

describe('with the service’s own client', () => {
  const clock = new VirtualClock(Date.UTC(2026, 10, 30, 4))
  const heard: string[] = []
  const ends: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const end of ends.splice(0)) await end()
  })

  test('what was texted is followed to its end, and 1 comes back as a text that is heeded', async () => {
    const service = await fakeNotify()
    const channel = notify(
      { apiKey: NOTIFY_KEY, template: NOTIFY_TEMPLATE, url: service.url, replies: true },
      clock,
      { ca: service.ca },
      {
        report: (_, report) => void heard.push(report),
        spent: (pence) => void heard.push(`${pence}p`),
        heed: async (number, text) => {
          heard.push(`${number} ${text}`)
          return true
        },
      },
    )
    ends.push(channel.close, service.close)
    service.ended('delivered', 0.03)
    service.back('r1', '447700900123', '1', new Date(clock.now()))
    const one = attempt()
    const bell = doorbell(one, 'opaque', '')
    expect(await channel.send(one, NUMBER, bell, AbortSignal.timeout(30_000))).toEqual({ kind: 'taken' })
    expect(service.texts[0]?.personalisation.message).toBe(
      'Emergency call. Open Bleep Bridge. Or reply 1 if coming, 2 if not.',
    )
    const asked = async () => {
      await clock.advance(5 * SECOND)
      return heard.slice(0, 3).toSorted()
    }
    await expect.poll(asked).toEqual(['+447700900123 1', '3p', 'text-delivered'])
    expect(service.faults).toEqual([])
  })
})
