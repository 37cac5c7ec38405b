import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { stringify } from 'yaml'
import { isBearable, isDoubt } from '../../src/config/fault.ts'
import { loadWhole } from '../../src/config/whole.ts'
import { DAY } from '../../src/core/instant.ts'
import { certificateFindings } from '../../src/run/watch/certificate-watch.ts'
import { removeFolder } from '../support/folders.ts'
import { installed } from '../support/installed.ts'

const folder = mkdtempSync(join(tmpdir(), 'bleepd-door-'))
afterAll(() => removeFolder(folder))

interface Settings {
  readonly http?: object
  readonly feed?: object
  readonly more?: object
}

/** What is said of a configuration over the demonstration's site: `place code`. */
function said({ http = {}, feed = {}, more = {} }: Settings, now = Date.now()) {
  const file = join(folder, 'bridge.yaml')
  writeFileSync(
    file,
    stringify({
      version: 1,
      site: { id: 'demo', folder: join(process.cwd(), 'config/sites/demo') },
      store: { kind: 'sqlite', path: 'bleeps.sqlite' },
      feeds: [{ id: 'a', profile: 'snpp', port: { kind: 'tcp-listen', port: 4444, ...feed } }],
      http,
      ...more,
    }),
  )
  const whole = loadWhole(file, now)
  const all = whole.ok ? whole.value.doubts : whole.fault
  return {
    starts: whole.ok,
    refused: all
      .filter((f) => !isDoubt(f))
      .map((f) => `${f.path.replace(/^.*yaml:\d+:/, '')} ${f.code}: ${f.detail}`),
    warned: all.filter((f) => f.code === 'config-unsafe').map((f) => f.path.replace(/^.*yaml:\d+:/, '')),
    advised: all.filter((f) => f.code === 'operator-keys').map((f) => f.path.replace(/^.*yaml:\d+:/, '')),
    bearable: all.every(isBearable),
  }
}

describe.skipIf(!installed('openssl'))('the certificate and its key', () => {
  const at = (name: string) => join(folder, name)
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const make = (name: string, days: number, by?: string) => {
    openssl(
      'req',
      '-new',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      `/CN=${name}`,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
    )
    const signer =
      by === undefined
        ? ['-signkey', `${name}.key`]
        : ['-CA', `${by}.pem`, '-CAkey', `${by}.key`, '-CAcreateserial']
    openssl('x509', '-req', '-in', `${name}.csr`, ...signer, '-days', `${days}`, '-out', `${name}.pem`)
    chmodSync(at(`${name}.key`), 0o600)
  }
  beforeAll(() => {
    make('ca', 3650)
    make('own', 90, 'ca')
    make('other', 90)
    writeFileSync(at('chain.pem'), readFileSync(at('own.pem'), 'utf8') + readFileSync(at('ca.pem'), 'utf8'))
    writeFileSync(
      at('mixed.pem'),
      readFileSync(at('own.pem'), 'utf8') + readFileSync(at('other.pem'), 'utf8'),
    )
    make('short', 30, 'ca')
    make('below', 90, 'short')
    writeFileSync(
      at('stepped.pem'),
      ['below', 'short', 'ca'].map((name) => readFileSync(at(`${name}.pem`), 'utf8')).join(''),
    )
    writeFileSync(at('empty.pem'), 'nothing')
  })
  const tls = (cert: string, key: string, now?: number) =>
    said({ http: { tls: { cert, key: `file:${key}` } } }, now)

  test('a good pair, alone and with its chain', () => {
    expect(tls('own.pem', 'own.key')).toMatchObject({ refused: [], warned: [] })
    expect(tls('chain.pem', 'own.key')).toMatchObject({ refused: [] })
  })

  test.each([
    ['another key', 'own.pem', 'other.key', 'the key belongs to another certificate', 0],
    [
      'a chain of strangers',
      'mixed.pem',
      'own.key',
      'certificate 1 of its chain is not signed by the next one',
      0,
    ],
    ['no certificate', 'empty.pem', 'own.key', 'empty.pem holds no certificate in PEM', 0],
    ['no file', 'none.pem', 'own.key', 'none.pem cannot be read: it is not there', 0],
    ['no key', 'own.pem', 'none.key', 'its key cannot be read', 0],
    ['one that has ended', 'own.pem', 'own.key', 'it ended at', 91 * DAY],
    ['one whose chain has ended before it', 'stepped.pem', 'below.key', 'it ended at', 31 * DAY],
    ['one that has not begun', 'own.pem', 'own.key', 'it is not valid before', -2 * DAY],
  ])('%s is refused by the check, and the lines would run', (_, cert, key, detail, later) => {
    const found = tls(cert, key, Date.now() + later)
    expect(found).toMatchObject({ starts: true, bearable: true, refused: [expect.stringContaining(detail)] })
  })

  test('authorities of broker, mail and push that cannot be read are refused by the check, and the lines would run', () => {
    writeFileSync(at('token'), 'tk_0123456789abcdefghijklmnopqrs', { mode: 0o600 })
    const more = {
      mqtt: { url: 'mqtts://broker.example:8883', ca: 'none.pem' },
      push: {
        ntfy: { url: 'https://ntfy.example', app: 'https://x.example', token: 'file:token', ca: 'empty.pem' },
      },
      mail: { host: 'mail.example', from: 'b@mail.example', ca: '.' },
    }
    expect(said({ more })).toMatchObject({ starts: true, bearable: true })
    expect(said({ more }).refused).toEqual(
      ['mqtt.ca', 'mail.ca', 'push.ntfy.ca'].map((place) =>
        expect.stringContaining(`${place} certificate-bad`),
      ),
    )
  })

  test('a key that others can read is warned of', () => {
    chmodSync(at('other.key'), 0o644)
    expect(tls('other.pem', 'other.key').warned).toEqual(['http.tls.key'])
  })
})

test('the end of a certificate is told a month, a week and a day before', () => {
  const ends = Date.UTC(2027, 0, 31)
  const codes = (days: number) => certificateFindings(ends, ends - days * DAY).map((f) => f.code)
  expect([31, 30, 8, 7, 1, 0.5, 0, -1].map((days) => codes(days)[0])).toEqual([
    undefined,
    'certificate-ending',
    'certificate-ending',
    'certificate-last-week',
    'certificate-last-week',
    'certificate-last-week',
    'certificate-bad',
    'certificate-bad',
  ])
})

test('an audit in PostgreSQL without a key of its own is told, and a neighbour in the clear', () => {
  writeFileSync(join(folder, 'pg.url'), 'postgres://bleepd@localhost/bleeps', { mode: 0o600 })
  writeFileSync(join(folder, 'audit.key'), 'a key that is long enough', { mode: 0o600 })
  const warned = (more: object) =>
    said({ more: { store: { kind: 'postgres', url: 'file:pg.url' }, ...more } }).warned
  expect(warned({})).toContain('audit.key')
  expect(warned({ audit: { key: 'file:audit.key' } })).not.toContain('audit.key')
  expect(said({}).warned).not.toContain('audit.key')
  // A neighbour is believed that it rings: whoever answers in its name keeps us from ringing.
  const beside = (url: string) =>
    said({ more: { store: { kind: 'postgres', url: 'file:pg.url', neighbours: [{ node: 'b', url }] } } })
      .warned
  expect(beside('http://10.0.0.2:8080')).toContain('store.neighbours[0].url')
  for (const url of ['https://10.0.0.2:8080', 'http://127.0.0.1:8080'])
    expect(beside(url)).not.toContain('store.neighbours[0].url')
})

describe('doors left open', () => {
  afterEach(() => void vi.unstubAllEnvs())

  const operator = (token: string) => ({
    operators: [{ name: 'op', role: 'switchboard', token: `env:${token}` }],
  })
  test('what a site on one machine has is none', () => {
    expect(said({})).toMatchObject({ refused: [], warned: [] })
  })

  test('short keys, no TLS, anybody may page', () => {
    vi.stubEnv('BLEEPD_TEST_SHORT', 'x')
    vi.stubEnv('BLEEPD_TEST_LONG', 'a-key-of-some-length')
    expect(said({ http: operator('BLEEPD_TEST_SHORT') }).advised).toEqual(['http.operators'])
    expect(said({}).advised).toEqual([])
    expect(said({ http: operator('BLEEPD_TEST_SHORT') }).warned).toEqual(['http.operators[0].token'])
    expect(said({ http: operator('BLEEPD_TEST_LONG') }).warned).toEqual([])
    expect(said({ http: { host: '0.0.0.0' } }).warned).toEqual(['http.host'])
    expect(said({ http: { baseUrl: 'http://bleeps.trust.example' } }).warned).toEqual(['http.baseUrl'])
    expect(said({ feed: { host: '0.0.0.0' } })).toMatchObject({
      starts: false,
      refused: [expect.stringContaining('feeds[0].port.allow')],
    })
    expect(said({ feed: { host: '0.0.0.0', allow: ['192.0.2.1'] } }).warned).toEqual([])
    for (const url of ['mqtt://broker.trust.example', 'mqtt://localhost.trust.example', 'ws://127.example'])
      expect([url, said({ more: { mqtt: { url } } }).warned]).toEqual([url, ['mqtt.url']])
  })

  test('a sign-in without a key beside a proxy is refused', () => {
    const loopback = { operator: 'sw', role: 'switchboard' }
    expect(said({ http: { loopback } }).refused).toEqual([])
    for (const http of [
      { loopback, baseUrl: 'https://bleeps.trust.example' },
      { loopback, host: '0.0.0.0' },
      { loopback, trustedProxies: ['192.0.2.7'] },
    ])
      expect(said({ http })).toMatchObject({
        starts: false,
        refused: [expect.stringContaining('http.loopback')],
      })
  })

  test('each folder that cannot be written is refused by the check', () => {
    const none = 'bridge.yaml/x'
    const more = {
      store: { kind: 'sqlite', path: '/proc/nowhere/b.sqlite', outlast: none },
      ...{ capture: { folder: none }, backup: { folder: none }, report: { folder: none } },
      ...{ shiftLog: { folder: none, second: none }, audit: { anchors: none } },
    }
    const places = ['backup.folder', 'capture.folder', 'report.folder', 'store.outlast', 'audit.anchors']
    expect(said({ more }).refused).toEqual(
      expect.arrayContaining(
        [...places, 'shiftLog.folder', 'shiftLog.second'].map((place) =>
          expect.stringContaining(`${place} folder-unwritable`),
        ),
      ),
    )
  })
})

test('a sign-in provider off this machine is reached by TLS or not at all', () => {
  const provider = (issuer: string) =>
    said({ more: { identity: { provider: { title: 'X', issuer, clientId: 'bleeps' } } } }).refused
  expect(provider('http://sso.example.nhs.uk')).toEqual([
    expect.stringContaining('identity.provider.issuer config-value: a provider is believed by its TLS'),
  ])
  expect(provider('https://sso.example.nhs.uk')).toEqual([])
  expect(provider('http://localhost:9000')).toEqual([])
})
