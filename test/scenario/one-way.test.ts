import { afterEach, describe, expect, test } from 'vitest'
import { CHANNEL_IDS, type ChannelId, isOnAir, traitsOf } from '../../src/core/deliver/channels.ts'
import { type AlertId, asId } from '../../src/core/ids.ts'
import { SECOND } from '../../src/core/instant.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import type { Store } from '../../src/ports/store.ts'
import { settle, VirtualClock } from '../support/virtual-clock.ts'
import { aHolding, countingRandom, enrol, type Sent, startWard, type Ward } from '../support/ward.ts'

/** Each way alone saves the call: whatever else is dead, it rings in time, and the answer covers. */
const WAYS = CHANNEL_IDS.filter((id) => !isOnAir(id))
/** A push of ours also opens the socket of its app: what has no channel of its own is a device of one that has. */
const OWN = WAYS.filter((id) => !traitsOf(id).isSocket)
const isProvider = (id: ChannelId) => traitsOf(id).by === 'provider'
const isApp = (id: ChannelId) => traitsOf(id).hasSocket

let ward: Ward
let store: Store
afterEach(async () => {
  await ward.stop()
  await store.close()
})

/** A crash call to somebody who has every way there is, of which only these work. */
async function call(works: (id: ChannelId) => boolean) {
  const clock = new VirtualClock()
  const sent: Sent[] = []
  store = await openSqlite(':memory:')
  for (const id of OWN) await enrol(store, ['reg'], id)
  ward = startWard({
    ...{ store, clock, random: countingRandom(), holding: aHolding() },
    onSent: (one) => sent.push(one),
    broken: ({ channel }) => !isOnAir(channel) && !works(channel),
  })
  await settle()
  await ward.page('1113', 'CARDIAC ARREST WARD 7B')
  const until = async (ms: number) => {
    await clock.elapse(ms)
    await settle()
  }
  await until(SECOND)
  return { clock, sent, until }
}

const rung = (sent: readonly Sent[]) => [
  ...new Set(sent.filter((s) => !isOnAir(s.channel)).map((s) => s.channel)),
]

async function coveredBy(sent: readonly Sent[], clock: VirtualClock): Promise<string | undefined> {
  const { alert } = sent.find((s) => !isOnAir(s.channel)) ?? { alert: '' }
  const id = asId<AlertId>(alert)
  const person = asId<never>('reg')
  const at = clock.now()
  const stands = await store.transact((tx) => tx.alerts.get(id))
  await ward.alerts.apply(id, {
    ...{ kind: 'answered', at, person, answer: 'accepted', version: stands?.version ?? 0 },
    by: { kind: 'person', person },
  })
  return (await store.transact((tx) => tx.alerts.get(id)))?.phase
}

test.each(WAYS)('%s alone', async (only) => {
  const { clock, sent, until } = await call((id) => id === only)
  await until(12 * SECOND)
  expect(rung(sent)).toEqual([only])
  expect(await coveredBy(sent, clock)).toBe('covered')
})

describe('what is left when something big is gone', () => {
  test.each([
    ['push services are dead', (id: ChannelId) => !['webpush', 'apn', 'fcm'].includes(id)],
    ['the internet is cut', (id: ChannelId) => !isProvider(id)],
    ['the internet is cut and the app is closed', (id: ChannelId) => !isProvider(id) && !isApp(id)],
    [
      'the phone is off: a display, a desk telephone',
      (id: ChannelId) => id === 'voice' || traitsOf(id).byBroker === true,
    ],
  ] as const)('%s', async (_, works) => {
    const { clock, sent, until } = await call(works)
    await until(12 * SECOND)
    expect(rung(sent).sort()).toEqual(WAYS.filter(works).sort())
    expect(await coveredBy(sent, clock)).toBe('covered')
  })
})
