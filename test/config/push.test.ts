import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { vapidKeys } from '../../hardware/simulators/push-crypto.ts'
import { pushFaults, readServiceAccount } from '../../src/config/push.ts'

const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString()
const account = (key: string) =>
  JSON.stringify({
    type: 'service_account',
    project_id: 'ward-bleeps',
    client_email: 'bridge@ward-bleeps.example',
    private_key: key,
  })

test('keys that can sign are no fault', () => {
  const push = {
    webpush: { subject: 'mailto:it@hospital.example', ...vapidKeys() },
    apn: { key: pem, keyId: 'ABC123DEFG', teamId: 'TEAM123456', topic: 'uk.example.bleep', sandbox: false },
    fcm: { serviceAccount: account(pem) },
    ntfy: {
      url: 'https://ntfy.hospital.example',
      token: 'tk_'.padEnd(32, '7'),
      app: 'https://bleeps.example',
    },
    nudge: { url: 'https://sms.hospital.example/send' },
  }
  expect(pushFaults({ push })).toEqual([])
  expect(readServiceAccount(push.fcm.serviceAccount)?.project_id).toBe('ward-bleeps')
})

test('every key that cannot sign is named at start, and none is printed', () => {
  const push = {
    webpush: { subject: 'mailto:it@hospital.example', publicKey: 'B'.repeat(80), privateKey: 'short' },
    apn: { key: 'secret-words', keyId: 'ABC123DEFG', teamId: 'TEAM123456', topic: 't', sandbox: false },
    fcm: { serviceAccount: account('secret-words') },
    ntfy: { url: 'https://ntfy.sh', token: 'secret-words', app: 'bleeps:' },
    nudge: { url: 'smtp://sms.hospital.example' },
  }
  const faults = pushFaults({ push })
  expect(faults.map(({ path }) => path)).toEqual([
    'push.webpush.publicKey',
    'push.webpush.privateKey',
    'push.apn.key',
    'push.fcm.serviceAccount',
    'push.ntfy.app',
    'push.ntfy.url',
    'push.ntfy.token',
    'push.nudge.url',
  ])
  expect(JSON.stringify(faults)).not.toContain('secret-words')
  const strangers = {
    ...vapidKeys(),
    publicKey: vapidKeys().publicKey,
    subject: 'mailto:it@hospital.example',
  }
  expect(pushFaults({ push: { webpush: strangers } }).map(({ path }) => path)).toEqual([
    'push.webpush.privateKey',
  ])
  expect(pushFaults({ push: { fcm: { serviceAccount: 'not json' } } })).toHaveLength(1)
})
