import { type CertificateWithKey, selfSignedCertificate } from '../../src/io/x509.ts'

const DAY = 86_400_000

/** A certificate for localhost, 127.0.0.1 and further names, for a day: ready for `tls` and for a client's `ca`. */
export function selfSigned(names: readonly string[] = [], now: number = Date.now()): CertificateWithKey {
  const subject = { commonName: 'Bleep Bridge simulator', names: ['localhost', ...names, '127.0.0.1'] }
  return selfSignedCertificate(subject, now, DAY)
}
