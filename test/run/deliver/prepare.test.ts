import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Attempt } from '../../../src/core/deliver/attempt.ts'
import { Lanes } from '../../../src/core/deliver/lanes.ts'
import { rePageKey } from '../../../src/core/deliver/re-page.ts'
import { asId } from '../../../src/core/ids.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import type { Store } from '../../../src/ports/store.ts'
import { bleepReader } from '../../../src/run/deliver/outbox-rows.ts'
import { prepare, refused } from '../../../src/run/deliver/prepare.ts'
import { aBleep, anAlert, anAttempt } from '../../contract/store.ts'
import { aPhone, takingChannels } from '../../support/delivery.ts'

// What becomes of one claimed attempt before any channel is asked.

const NOW = 5000
const channels = takingChannels()

let store: Store
let lanes: Lanes
beforeEach(async () => {
  lanes = new Lanes()
  store = await openSqlite(':memory:')
  await store.transact(async (tx) => {
    await tx.bleeps.add(aBleep('b1'))
    await tx.alerts.add(anAlert('a1', 'b1'), [])
    for (const [id, state] of [
      ['d1', 'active'],
      ['dead', 'dead'],
      ['gone', 'revoked'],
    ] as const)
      await tx.devices.add({ ...aPhone(id), state }, `digest-${id}`)
  })
})
afterEach(() => store.close())

const prepared = async (more: Partial<Attempt> = {}) => {
  const counted: string[] = []
  const count = (id: string, result: string) => void counted.push(`${id} ${result}`)
  const attempt = anAttempt('t1', 'a1', { device: asId('d1'), ...more })
  const next = await store.transact(async (tx) => {
    if ((await tx.alerts.get(attempt.alert)) !== undefined) await tx.attempts.add([attempt])
    return prepare(tx, bleepReader(tx), attempt, NOW, { channels, lanes, count })
  })
  return {
    ...{ next, counted },
    stored: (await store.transact((tx) => tx.attempts.get(attempt.id)))?.state,
    rePages: await store.transact((tx) => tx.notes.get(rePageKey('0028'))),
  }
}

test('what can go is stored as handed over, with all that is needed to send it', async () => {
  const { next, counted, stored, rePages } = await prepared()
  expect(next).toMatchObject({
    attempt: { id: 't1', state: 'handed' },
    device: { id: 'd1' },
    bleep: { id: 'b1' },
  })
  expect('channel' in next && typeof next.channel === 'object' && next.channel).toBe(channels.get('webpush'))
  expect([stored, counted, rePages]).toEqual(['handed', [], undefined])
})

test('a page by radio is remembered, so that it is known again when it is heard', async () => {
  const { stored, rePages } = await prepared({ channel: 'radio', device: asId('radio') })
  expect(stored).toBe('handed')
  expect(rePages).toEqual([{ bleep: 'b1', alert: 'a1', text: '5551234', at: NOW }])
})

test.each<[string, Partial<Attempt>, string, string | undefined, string]>([
  ['would ring too late', { expires: NOW }, 'expired', 'attempt-expired', 'webpush expired'],
  ['goes by a way that the site has not', { channel: 'ntfy' }, 'refused', 'channel-absent', 'ntfy refused'],
  [
    'is for a device that is unknown',
    { device: asId('none') },
    'refused',
    'device-absent',
    'webpush refused',
  ],
  ['is for one that was revoked', { device: asId('gone') }, 'refused', 'device-absent', 'webpush refused'],
  [
    'goes to an address that is dead',
    { device: asId('dead') },
    'refused',
    'device-absent',
    'webpush refused',
  ],
])('what %s is never sent, and that is counted', async (_, more, state, fault, said) => {
  const { next, counted, stored } = await prepared(more)
  expect(next).toMatchObject({ id: 't1', state, fault })
  expect([stored, counted]).toEqual([state, [said]])
})

test('a dead push address leaves the socket', async () => {
  expect((await prepared({ device: asId('dead'), channel: 'socket' })).stored).toBe('handed')
})

test('what belongs to no bleep that is known is refused', async () => {
  const { next, counted } = await prepared({ alert: asId('nobody') })
  expect(next).toMatchObject({ state: 'refused', fault: 'device-absent' })
  expect(counted).toEqual(['webpush refused'])
})

test.each([
  ['routine', 'queued', false],
  ['emergency', 'handed', true],
] as const)('behind a provider that answers nobody %s is %s', async (c, state, goes) => {
  for (let i = 0; i < 5; i++)
    lanes.ended(aPhone(`ill-${i}`), { kind: 'later', fault: 'provider-timeout' }, NOW)
  const { next, stored, counted } = await prepared({ class: c, state: 'leased' })
  expect('bleep' in next).toBe(goes)
  expect([stored, counted]).toEqual([state, []])
})

test('refused by us is the same as refused by its provider', () => {
  expect(refused(anAttempt('t1', 'a1', { state: 'leased' }), 'channel-absent', NOW)).toMatchObject({
    ...{ state: 'refused', fault: 'channel-absent' },
  })
})
