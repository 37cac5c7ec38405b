import { expect, test } from 'vitest'
import { isInside, lookUpOutside, mayReach } from '../../../src/io/channels/egress.ts'

const services = ['fcm.googleapis.com', '*.push.services.mozilla.com']
const outside = { services, local: false }

test.each([
  'https://fcm.googleapis.com/fcm/send/abc',
  'https://updates.push.services.mozilla.com/wpush/v2/abc',
  'https://fcm.googleapis.com:443/x',
])('%s is a push service', (endpoint) => expect(mayReach(endpoint, outside)).toBe(true))

test.each([
  'http://fcm.googleapis.com/x',
  'https://fcm.googleapis.com:8443/x',
  'https://fcm.googleapis.com.evil.example/x',
  'https://evil.example/fcm.googleapis.com',
  'https://push.services.mozilla.com.evil.example/x',
  'https://user:word@fcm.googleapis.com/x',
  'https://xpush.services.mozilla.com/x',
  'https://localhost/x',
  'https://127.0.0.1:6379/x',
  'https://[::1]/x',
  'https://169.254.169.254/latest/meta-data',
  'https://0x7f000001/x',
  'nothing',
])('%s is none', (endpoint) => expect(mayReach(endpoint, outside)).toBe(false))

test('a push service of this machine is reached only where the site has one', () => {
  expect(mayReach('https://localhost:8443/x', { services, local: true })).toBe(true)
  expect(mayReach('https://10.0.0.1/x', { services, local: true })).toBe(false)
})

test('addresses inside are known in every form', () => {
  for (const inside of [
    ...[
      '10.1.2.3',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '127.0.0.53',
      '169.254.169.254',
      '0.0.0.0',
    ],
    ...[
      '100.64.0.1',
      '255.255.255.255',
      '::1',
      '::',
      'fe80::1',
      'fd00::1',
      '::ffff:10.0.0.1',
      '::FFFF:127.0.0.1',
    ],
  ])
    expect([inside, isInside(inside)]).toEqual([inside, true])
  for (const out of ['8.8.8.8', '172.32.0.1', '142.250.1.1', '2a00:1450::1', '::ffff:8.8.8.8'])
    expect([out, isInside(out)]).toEqual([out, false])
})

test('a name that points inside is given no address', async () => {
  const error = await new Promise((done) => lookUpOutside('localhost', {}, (e) => done(e)))
  expect(error).toMatchObject({ code: 'EHOSTUNREACH' })
})
