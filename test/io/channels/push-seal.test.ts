import { createECDH } from 'node:crypto'
import { expect, test } from 'vitest'
import { SubscriptionKeys } from '../../../hardware/simulators/push-crypto.ts'
import { Envelopes, envelope, sealed } from '../../../src/io/channels/push-seal.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const bytes = (text: string) => Buffer.from(text, 'base64url')

test('the example of RFC 8291, clause 5 and appendix A', () => {
  const pair = createECDH('prime256v1')
  pair.setPrivateKey(bytes('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw'))
  const to = {
    p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
    auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  }
  const under = envelope(to, pair, bytes('DGv6ra1nlYgDCS1FRnbzlw'))
  expect(sealed(under, 'When I grow up, I want to be a watermelon').toString('base64url')).toBe(
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
  )
})

test.each([0, 1, 4000])('%i bytes are read by the browser that they are for, and by no other', (length) => {
  const [one, other] = [new SubscriptionKeys(), new SubscriptionKeys()]
  const text = 'é'.repeat(length / 2).padEnd(length === 1 ? 1 : 0, 'x')
  const body = sealed(envelope(one.shared), text)
  expect(one.decrypt(body).toString()).toBe(text)
  expect(() => other.decrypt(body)).toThrow()
})

test('an envelope is made ahead, given once, and made at once where none lies ready', () => {
  const clock = new VirtualClock(0)
  let made = 0
  const envelopes = new Envelopes(clock, (to) => {
    made += 1
    return envelope(to)
  })
  const keys = new SubscriptionKeys()
  envelopes.want([{ p256dh: 'none', auth: 'none' }, keys.shared])
  clock.advance(100)
  expect(made).toBe(2)
  const given = [envelopes.take(keys.shared)]
  expect(made).toBe(2)
  given.push(envelopes.take(keys.shared), envelopes.take(keys.shared))
  expect(made).toBe(4)
  expect(new Set(given.map(({ head }) => head.toString('hex'))).size).toBe(3)
  for (const under of given) {
    expect(keys.decrypt(sealed(under, 'ring')).toString()).toBe('ring')
    // Two messages of one nonce would give both away.
    expect(() => sealed(under, 'again')).toThrow()
  }
  expect(() => envelopes.take({ p256dh: 'none', auth: 'none' })).toThrow()
  envelopes.close()
})
