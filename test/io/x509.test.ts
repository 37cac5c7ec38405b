import { spawnSync } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import { certificateRequest, selfSignedCertificate } from '../../src/io/x509.ts'
import { installed } from '../support/installed.ts'

const DAY = 86_400_000
const NOW = Date.UTC(2026, 10, 30)
const subject = { commonName: 'bleeps.example.nhs.uk', names: ['bleeps.example.nhs.uk', '10.1.2.3'] }

test('a certificate of our own: its names, its time, its key', () => {
  const { cert, key } = selfSignedCertificate(subject, NOW, 397 * DAY)
  const read = new X509Certificate(cert)
  expect(read.checkHost('bleeps.example.nhs.uk')).toBe('bleeps.example.nhs.uk')
  expect(read.checkIP('10.1.2.3')).toBe('10.1.2.3')
  expect(read.checkHost('other.example.nhs.uk')).toBeUndefined()
  expect(read.verify(read.publicKey)).toBe(true)
  expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true)
  expect(Date.parse(read.validTo)).toBe(NOW + 397 * DAY)
})

test('a request that an authority can read: signed, with the names that browsers use', (ctx) => {
  if (!installed('openssl')) return ctx.skip('needs openssl')
  const { request } = certificateRequest(subject)
  const { stdout, stderr, status } = spawnSync('openssl', ['req', '-verify', '-noout', '-text'], {
    input: request,
    encoding: 'utf8',
  })
  expect(status, stderr).toBe(0)
  expect(`${stdout}${stderr}`).toMatch(/verify OK/i)
  expect(stdout).toContain('DNS:bleeps.example.nhs.uk, IP Address:10.1.2.3')
})
