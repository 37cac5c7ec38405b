import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Result } from '../core/faults.ts'
import type { ConfigFault } from './fault.ts'
import { configSchema, type RawConfig } from './schema.ts'
import type { Resolved, SecretRef } from './secret.ts'
import { readText } from './text.ts'
import { issueFaults, parseYaml, readPath } from './yaml.ts'

export type Config = Resolved<RawConfig> & {
  /** Folder of the configuration file: relative paths in it start here. */
  readonly folder: string
}

/** The configuration, and where in its file a setting stands, for faults that only show later. */
export interface LoadedConfig {
  readonly config: Config
  /** `feeds[0].port` → `bridge.yaml:31:feeds[0].port` */
  readonly at: (place: string) => string
  /** As it was written: secrets are references. */
  readonly raw: RawConfig
}

/**
 * Reads a configuration file: YAML, then the schema, then the secrets it refers to. Gives the whole configuration or
 * every fault found, never half of it.
 * @param from a copy of it to read in its place; what its paths start from stays
 */
export function loadConfig(file: string, from = file): Result<LoadedConfig, readonly ConfigFault[]> {
  const faults: ConfigFault[] = []
  const text = readText(from, true, faults)
  if (text === undefined)
    return { ok: false, fault: faults.map((fault) => ({ ...fault, code: 'config-unreadable' })) }
  const yaml = parseYaml(file, text, faults)
  if (yaml === undefined) return { ok: false, fault: faults }
  const parsed = configSchema.safeParse(yaml.value)
  if (!parsed.success) {
    const codes = { wrong: 'config-value', missing: 'config-missing' } as const
    return { ok: false, fault: issueFaults(yaml, parsed.error.issues, codes) }
  }
  const at = (place: string) => yaml.at(readPath(place))
  const folder = dirname(resolve(file))
  for (const place of doubledIds(parsed.data)) faults.push({ path: at(place), code: 'config-doubled' })
  const unread = (place: string, detail: string) => {
    // Without the key of the certificate the lines run all the same: config/certificate.ts tells it.
    if (place !== 'http.tls.key') faults.push({ path: at(place), code: 'config-secret', detail })
  }
  const resolved = readSecrets(parsed.data, folder, '', unread) as Resolved<RawConfig>
  if (faults.length > 0) return { ok: false, fault: faults }
  return { ok: true, value: { config: Object.freeze({ ...resolved, folder }), at, raw: parsed.data } }
}

function doubledIds(config: RawConfig): readonly string[] {
  const seen = new Set<string>()
  return config.feeds.flatMap((feed, i) => {
    if (seen.has(feed.id)) return [`feeds[${i}].id`]
    seen.add(feed.id)
    return []
  })
}

function isSecret(value: object): value is SecretRef {
  return 'secret' in value && typeof value.secret === 'string'
}

type Unread = (place: string, detail: string) => void

/** Replaces every reference by what it points at; tells those that cannot be read. */
function readSecrets(value: unknown, folder: string, place: string, unread: Unread): unknown {
  if (Array.isArray(value)) return value.map((item, i) => readSecrets(item, folder, `${place}[${i}]`, unread))
  if (value === null || typeof value !== 'object') return value
  if (isSecret(value)) {
    const found = readSecret(value.secret, folder)
    if (found !== undefined) return found
    unread(place, value.secret)
    return ''
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      readSecrets(item, folder, place ? `${place}.${key}` : key, unread),
    ]),
  )
}

function readSecret(reference: string, folder: string): string | undefined {
  if (reference.startsWith('env:')) return process.env[reference.slice('env:'.length)] || undefined
  try {
    const path = resolve(folder, reference.slice('file:'.length))
    // A pipe or a device would keep the start waiting for ever.
    if (!statSync(path).isFile()) return undefined
    return readFileSync(path, 'utf8').trim() || undefined
  } catch {
    return undefined
  }
}
