import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { EXCHANGE } from './exchange.ts'

const SITE = fileURLToPath(new URL('../../../config/sites/demo', import.meta.url))
/** Bits a second of the simulated transmitter. */
export const BAUD = 1200

/** The daemon's configuration: a real one, only that nobody on this machine has to sign in. */
export function bridgeFile(far: {
  readonly air: string
  readonly link: string
  readonly mqtt: string
  readonly vapidKey: string
  /** Where the exchange prints its call records. */
  readonly exchange: number
  readonly port: number
  /** How other machines reach it; absent: only this one may. */
  readonly away: string | undefined
}): string {
  return stringify({
    version: 1,
    site: { id: 'demo', folder: SITE },
    store: { kind: 'sqlite', path: 'bleeps.sqlite' },
    feeds: [
      {
        id: 'transmitter',
        profile: 'pocsag-packed',
        port: { kind: 'serial', path: far.air },
        options: { baud: BAUD },
        repeatMs: 8000,
        lagMs: 10_000,
      },
      {
        id: 'exchange',
        profile: EXCHANGE,
        port: { kind: 'tcp-listen', host: '127.0.0.1', port: far.exchange, allow: ['127.0.0.1'] },
      },
      { id: 'switchboard', profile: 'espa444-slave', port: { kind: 'serial', path: far.link } },
    ],
    http: {
      port: far.port,
      ...(far.away === undefined ? {} : { host: '0.0.0.0', baseUrl: far.away }),
      loopback: { operator: 'switchboard', role: 'switchboard' },
      operators: [{ name: 'switchboard', role: 'switchboard', token: 'env:BLEEPD_OPERATOR' }],
      enrolmentsPerMinute: 1000,
    },
    push: {
      webpush: {
        subject: 'mailto:demo@example.org',
        publicKey: far.vapidKey,
        privateKey: 'env:BLEEPD_VAPID',
        ca: 'push-ca.pem',
      },
    },
    mqtt: { url: far.mqtt },
    capture: { folder: 'capture' },
  })
}
