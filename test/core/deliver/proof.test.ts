import { describe, expect, test } from 'vitest'
import type { Device, Proof } from '../../../src/core/deliver/device.ts'
import {
  goneSince,
  lastProof,
  provedBy,
  readdressed,
  rollKey,
  stateOf,
  wayShown,
  waysTo,
} from '../../../src/core/deliver/proof.ts'
import { asId } from '../../../src/core/ids.ts'
import { HOUR, SECOND } from '../../../src/core/instant.ts'
import { aPhone } from '../../support/delivery.ts'

const AT = Date.UTC(2026, 10, 30, 8)
const phone = aPhone('phone')
const proof = (at: number, by: Proof['by'] = 'ring'): Proof => ({ at, by })

test('the rings of a roll-call are noted by their device', () => {
  expect(rollKey(asId('phone'))).toBe('roll-call/phone')
})

describe('a way that was shown to work', () => {
  test('is written down, beside what was known of the others', () => {
    const once = provedBy(phone, 'webpush', proof(AT))
    expect(once.proved).toEqual({ webpush: proof(AT) })
    expect(provedBy(once, 'socket', proof(AT + 1)).proved).toEqual({
      ...{ webpush: proof(AT), socket: proof(AT + 1) },
    })
  })

  test('is not written again within a minute by the same sign; by another it is', () => {
    const once = provedBy(phone, 'webpush', proof(AT))
    expect(provedBy(once, 'webpush', proof(AT + 60 * SECOND - 1))).toBe(once)
    expect(provedBy(once, 'webpush', proof(AT + 60 * SECOND)).proved?.webpush?.at).toBe(AT + 60 * SECOND)
    expect(provedBy(once, 'webpush', proof(AT + 1, 'self-test')).proved?.webpush?.by).toBe('self-test')
  })
})

describe('which way a receipt shows', () => {
  const shown = (
    channel: Device['channel'],
    by?: 'push' | 'stream' | 'pull',
    listens = false,
    failed = false,
  ) => wayShown({ channel, state: failed ? 'expired' : 'handed' }, by, listens)

  test('what has no app listening is shown by any receipt', () => {
    expect([shown('voice'), shown('mqtt', 'pull'), shown('nudge', undefined, true)]).toEqual([
      ...['voice', 'mqtt', 'nudge'],
    ])
  })

  test('what was fetched shows no way; what came by the open line shows that, and by a push the push', () => {
    expect(shown('webpush', 'pull')).toBeUndefined()
    expect(shown('webpush', 'stream')).toBe('socket')
    expect(shown('webpush', 'push', true)).toBe('webpush')
    expect(shown('socket', 'push')).toBeUndefined()
    expect(shown('socket')).toBe('socket')
    expect(shown('socket', 'stream')).toBe('socket')
  })

  test('an app that does not say is believed only where no other way was open and the push had not failed', () => {
    expect(shown('webpush')).toBe('webpush')
    expect(shown('webpush', undefined, true)).toBeUndefined()
    expect(shown('webpush', undefined, false, true)).toBeUndefined()
    expect(shown('webpush', 'push', false, true)).toBe('webpush')
  })
})

describe('a new address', () => {
  const known: Device = {
    ...phone,
    ...{ state: 'dead', saidGone: AT - 5, proved: { webpush: proof(AT), socket: proof(AT) } },
  }
  test('is a new way: nothing is known of it, and all of the hospital network', () => {
    const moved = readdressed(known, 'webpush', '{"new":1}', AT + 9)
    expect(moved).toMatchObject({ state: 'active', address: '{"new":1}', subscribed: AT + 9 })
    expect(moved.proved).toEqual({ socket: proof(AT) })
    expect(moved).not.toHaveProperty('saidGone')
  })
  test('the same one again keeps what was shown of it; on another channel it is another', () => {
    expect(readdressed(known, 'webpush', known.address, AT + 9).proved).toEqual(known.proved)
    expect(readdressed(known, 'apn', known.address, AT + 9)).toMatchObject({
      ...{ channel: 'apn', proved: known.proved },
    })
    const again = { ...known, channel: 'apn' as const, proved: { apn: proof(1) } }
    expect(readdressed(again, 'apn', 'new', AT).proved).toEqual({})
    expect(readdressed({ ...phone, channel: 'apn' }, 'webpush', phone.address, AT).proved).toEqual({})
  })
})

describe('ways that may be tried', () => {
  const channels = (device: Device) => waysTo(device).map(({ channel }) => channel)
  test('its own, and the hospital network where our app is on it', () => {
    expect(channels(phone)).toEqual(['webpush', 'socket'])
    expect(channels(aPhone('handset', 'socket'))).toEqual(['socket'])
    expect(channels(aPhone('number', 'nudge'))).toEqual(['nudge'])
    expect(channels({ ...phone, state: 'dead' })).toEqual(['socket'])
    expect(channels({ ...phone, state: 'revoked' })).toEqual([])
    expect(channels({ ...aPhone('number', 'nudge'), state: 'dead' })).toEqual([])
  })
  test('each with what was shown of it, and whether its holder heard it', () => {
    const sound = { at: AT, heard: true }
    expect(waysTo({ ...phone, proved: { socket: proof(AT) }, sound })).toEqual([
      { channel: 'webpush', sound },
      { channel: 'socket', proof: proof(AT), sound },
    ])
    expect(waysTo(phone)[0]).toEqual({ channel: 'webpush' })
  })
})

describe('how well somebody can be rung', () => {
  const way = (at?: number, heard?: boolean) => ({
    channel: 'webpush' as const,
    ...(at === undefined ? {} : { proof: proof(at) }),
    ...(heard === undefined ? {} : { sound: { at: AT, heard } }),
  })
  test('by the best of their ways, for as long as a shift and its hand-over', () => {
    expect(stateOf([], AT)).toBe('none')
    expect(stateOf([way()], AT)).toBe('none')
    expect(stateOf([way(AT - 13 * HOUR + 1), way()], AT)).toBe('proved')
    expect(stateOf([way(AT - 13 * HOUR)], AT)).toBe('not-since')
    expect(stateOf([way(AT - 20 * HOUR), way(AT - HOUR)], AT)).toBe('proved')
    expect(lastProof([way(AT - 20 * HOUR), way(AT - HOUR), way(AT - 2 * HOUR)])?.at).toBe(AT - HOUR)
  })
  test('a phone that its holder did not hear does not ring, whatever it reports', () => {
    expect(stateOf([way(AT, false)], AT)).toBe('none')
    expect(stateOf([way(AT, false), way(AT - 20 * HOUR, true)], AT)).toBe('not-since')
  })
})

describe('an address that its provider says is gone', () => {
  const gone = (more: Partial<Device> = {}): Device => ({ ...phone, saidGone: AT, ...more })

  test('is gone from then on, until something comes by it', () => {
    expect(goneSince(phone)).toBeUndefined()
    expect(goneSince(gone())).toBe(AT)
    expect(goneSince(gone({ proved: {} }))).toBe(AT)
    expect(goneSince(gone({ proved: { webpush: proof(AT) } }))).toBe(AT)
    expect(goneSince(gone({ proved: { webpush: proof(AT + 1) } }))).toBeUndefined()
    expect(goneSince(gone({ proved: { socket: proof(AT + 1) } }))).toBe(AT)
    expect(goneSince({ ...phone, proved: { webpush: proof(AT) } })).toBeUndefined()
  })

  test('says nothing of the hospital network', () => {
    expect(waysTo(gone())).toEqual([{ channel: 'webpush', gone: AT }, { channel: 'socket' }])
  })

  test('proves nothing, however lately it rang; what else rings still does', () => {
    const lost = { channel: 'webpush' as const, proof: proof(AT - HOUR), gone: AT - 1 }
    expect(stateOf([lost], AT)).toBe('not-since')
    expect(stateOf([lost, { channel: 'socket', proof: proof(AT - 2 * HOUR) }], AT)).toBe('proved')
  })
})
