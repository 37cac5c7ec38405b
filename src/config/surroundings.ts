import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { say } from '../core/catalogue/say.ts'
import { isWall } from '../core/govern/permit.ts'
import { isCertificate } from './authority.ts'
import type { ConfigFault } from './fault.ts'
import type { Config } from './load.ts'
import type { RawConfig } from './schema.ts'

/** Folders that the daemon writes to, which whoever runs this can: run the check as the daemon's own user. */
export function folderFaults(config: Config): readonly ConfigFault[] {
  const { store, backup, capture, report, shiftLog, audit, encryption, push } = config
  const wanted: readonly (readonly [place: string, path: string | undefined])[] = [
    ['store.path', store.kind === 'sqlite' ? store.path : undefined],
    ['backup.folder', backup?.folder],
    ['capture.folder', capture?.folder],
    ['report.folder', report?.folder],
    ['store.outlast', store.outlast],
    ['shiftLog.folder', shiftLog?.folder],
    ['shiftLog.second', shiftLog?.second],
    ['audit.anchors', audit.anchors],
    ['encryption.folder', encryption?.folder],
    ['encryption.also', encryption?.also],
    ['push.modem.outbox', push.modem?.outbox],
  ]
  return wanted.flatMap(([place, path]) => {
    const detail = path === undefined ? undefined : unwritable(resolve(config.folder, path))
    return detail === undefined ? [] : [{ path: place, code: 'folder-unwritable' as const, detail }]
  })
}

/** Authorities that cannot be read, of broker, mail and ways out: whoever they vouch for would not be trusted. */
export function authorityFaults(config: Config): readonly ConfigFault[] {
  const { mqtt, mail, push, folder } = config
  const named: readonly (readonly [place: string, path: string | undefined])[] = [
    ['mqtt.ca', mqtt?.ca],
    ['mail.ca', mail?.ca],
    ...Object.entries(push).map(
      ([kind, settings]) =>
        [
          `push.${kind}.ca`,
          typeof settings === 'object' && 'ca' in settings ? settings.ca : undefined,
        ] as const,
    ),
  ]
  return named.flatMap(([path, file]) =>
    file === undefined || isCertificate(folder, file)
      ? []
      : [
          {
            path,
            code: 'certificate-bad' as const,
            detail: say('settings.holdsNoCertificateRead', { path: file }),
          },
        ],
  )
}

/** Files of one folder that are looked at. */
const MOST = 1000
/** What lies beside a database under a name of its own. */
const BESIDE = ['audit-key', 'erased.jsonl']

/**
 * What keeps us from writing at a path, at the nearest folder above it that is there, or to a file that lies there
 * already: what somebody else began, root often, is theirs, and a database has files beside it.
 */
function unwritable(path: string): string | undefined {
  let there = path
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there)
  try {
    const isFolder = statSync(there).isDirectory()
    if (there !== path && !isFolder) return say('settings.isNoFolder', { there })
    const folder = isFolder ? there : dirname(there)
    const ours = there !== path ? [] : namesIn(folder, isFolder ? [''] : [basename(there), ...BESIDE])
    const barred = [folder, ...ours].find((one) => !mayWrite(one))
    return barred === undefined ? undefined : say('settings.thisUserMayNotWrite', { there: barred })
  } catch {
    return say('settings.thisUserMayNotWrite', { there })
  }
}

const namesIn = (folder: string, begins: readonly string[]): readonly string[] =>
  readdirSync(folder)
    .filter((name) => begins.some((one) => name.startsWith(one)))
    .slice(0, MOST)
    .map((name) => join(folder, name))

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK | (statSync(path).isDirectory() ? constants.X_OK : 0))
    return true
  } catch {
    return false
  }
}

/** Shorter than this a key is found by trying. */
const SHORT = 16

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/i

/** Settings that work and leave a door open, and one that nobody can mean. */
export function doorFaults(config: Config, raw: RawConfig): readonly ConfigFault[] {
  const { http, feeds, mqtt } = config
  const faults: ConfigFault[] = []
  const unsafe = (path: string, detail: string) => faults.push({ path, code: 'config-unsafe', detail })
  http.operators.forEach(({ token }, i) => {
    if (token.length < SHORT)
      unsafe(
        `http.operators[${i}].token`,
        say('settings.theKeyHasCharactersAt', { token: token.length, short: SHORT }),
      )
  })
  if (http.operators.length > 0) faults.push({ path: 'http.operators', code: 'operator-keys' })
  if (http.sessionKey !== undefined && http.sessionKey.length < SHORT)
    unsafe(
      'http.sessionKey',
      say('settings.itHasCharactersAtLeast', { length: http.sessionKey.length, short: SHORT }),
    )
  if (http.sessionKey === undefined && http.operators.some(({ role }) => isWall(role)))
    unsafe('http.sessionKey', say('settings.wallNeedsSessionKey'))
  if (config.store.kind === 'postgres' && config.audit.key === undefined)
    unsafe('audit.key', say('settings.auditWithoutKey'))
  const outside = !LOOPBACK.test(http.host)
  const address = http.baseUrl === undefined ? undefined : new URL(http.baseUrl)
  if (outside && http.tls === undefined) unsafe('http.host', say('settings.otherMachinesReachWithoutTls'))
  if (address !== undefined && address.protocol === 'http:' && !LOOPBACK.test(address.hostname))
    unsafe('http.baseUrl', say('settings.phonesSentAddressWithoutTls'))
  if (
    http.loopback !== undefined &&
    (outside || http.trustedProxies.length > 0 || (address !== undefined && !LOOPBACK.test(address.hostname)))
  )
    faults.push({
      path: 'http.loopback',
      code: 'config-value',
      detail: say('settings.proxyOtherMachinesBeforeUs'),
    })
  feeds.forEach(({ port }, i) => {
    if (port.kind === 'tcp-listen' && !LOOPBACK.test(port.host) && port.allow.length === 0)
      faults.push({
        path: `feeds[${i}].port.allow`,
        code: 'config-value',
        detail: say('settings.anyMachineMayPageHere'),
      })
  })
  const issuer = config.identity.provider === undefined ? undefined : new URL(config.identity.provider.issuer)
  if (issuer?.protocol === 'http:' && !LOOPBACK.test(issuer.hostname))
    faults.push({
      path: 'identity.provider.issuer',
      code: 'config-value',
      detail: say('refusals.providerWithoutTls'),
    })
  const inTheClear = (url: string): boolean =>
    /^(http|mqtt|ws):/i.test(url) && !LOOPBACK.test(new URL(url).hostname)
  if (mqtt !== undefined && inTheClear(mqtt.url)) unsafe('mqtt.url', say('settings.itIsReachedWithoutTls'))
  if (config.store.kind === 'postgres')
    config.store.neighbours.forEach(({ url }, i) => {
      if (inTheClear(url)) unsafe(`store.neighbours[${i}].url`, say('settings.neighbourWithoutTls'))
    })
  for (const [place, path] of secretFiles(raw, config.folder))
    if (readableByAll(path)) unsafe(place, say('settings.canReadEveryUserMachine', { path }))
  return faults
}

function readableByAll(path: string): boolean {
  try {
    return (statSync(path).mode & 0o004) !== 0
  } catch {
    return false
  }
}

/** Every file that a secret is read from, by its place. */
function secretFiles(value: unknown, folder: string, place = ''): readonly (readonly [string, string])[] {
  if (value === null || typeof value !== 'object') return []
  if ('secret' in value && typeof value.secret === 'string')
    return value.secret.startsWith('file:')
      ? [[place, resolve(folder, value.secret.slice('file:'.length))]]
      : []
  return Object.entries(value).flatMap(([key, item]) =>
    secretFiles(
      item,
      folder,
      Array.isArray(value) ? `${place}[${key}]` : place === '' ? key : `${place}.${key}`,
    ),
  )
}
