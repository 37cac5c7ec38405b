import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import type { Result } from '../core/faults.ts'
import type { ConfigFault } from './fault.ts'
import { configSchema, type RawConfig } from './schema.ts'
import type { Resolved, SecretRef } from './secret.ts'

export type Config = Resolved<RawConfig> & {
  /** Folder of the configuration file: relative paths in it start here. */
  readonly folder: string
}

/**
 * Reads a configuration file: YAML, then the schema, then the secrets it refers to. Gives the whole configuration or
 * every fault found, never half of it.
 */
export function loadConfig(file: string): Result<Config, readonly ConfigFault[]> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return { ok: false, fault: [{ path: file, code: 'config-unreadable' }] }
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  if (document.errors.length > 0) {
    return {
      ok: false,
      fault: document.errors.map((e) => ({
        path: `${file}:${lines.linePos(e.pos[0]).line}`,
        code: 'config-syntax',
        detail: e.message.split('\n')[0] ?? e.code,
      })),
    }
  }
  const parsed = configSchema.safeParse(document.toJS())
  if (!parsed.success) return { ok: false, fault: parsed.error.issues.flatMap(issueFaults) }

  const folder = dirname(resolve(file))
  const faults: ConfigFault[] = [...doubledIds(parsed.data)]
  const resolved = readSecrets(parsed.data, folder, '', faults) as Resolved<RawConfig>
  if (faults.length > 0) return { ok: false, fault: faults }
  return { ok: true, value: Object.freeze({ ...resolved, folder }) }
}

/** A path of keys as people write it: `feeds[0].port.path`. */
export function printPath(path: readonly PropertyKey[]): string {
  return (
    path
      .map((k) => (typeof k === 'number' ? `[${k}]` : `.${String(k)}`))
      .join('')
      .replace(/^\./, '') || '(whole file)'
  )
}

function issueFaults(issue: z.core.$ZodIssue): ConfigFault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: printPath([...issue.path, key]), code: 'config-unknown-key' }))
  }
  const missing =
    issue.code === 'invalid_type' && issue.input === undefined && /undefined/.test(issue.message)
  return [
    {
      path: printPath(issue.path),
      code: missing ? 'config-missing' : 'config-value',
      detail: issue.message,
    },
  ]
}

function doubledIds(config: RawConfig): ConfigFault[] {
  const seen = new Set<string>()
  return config.feeds.flatMap((feed, i) => {
    if (seen.has(feed.id)) return [{ path: `feeds[${i}].id`, code: 'config-doubled' as const }]
    seen.add(feed.id)
    return []
  })
}

function isSecret(value: object): value is SecretRef {
  return 'secret' in value && typeof value.secret === 'string'
}

/** Replaces every reference by what it points at; collects those that cannot be read. */
function readSecrets(value: unknown, folder: string, path: string, faults: ConfigFault[]): unknown {
  if (Array.isArray(value)) return value.map((item, i) => readSecrets(item, folder, `${path}[${i}]`, faults))
  if (value === null || typeof value !== 'object') return value
  if (isSecret(value)) {
    const found = readSecret(value.secret, folder)
    if (found !== undefined) return found
    faults.push({ path, code: 'config-secret', detail: value.secret })
    return ''
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      readSecrets(item, folder, path ? `${path}.${key}` : key, faults),
    ]),
  )
}

function readSecret(reference: string, folder: string): string | undefined {
  if (reference.startsWith('env:')) return process.env[reference.slice('env:'.length)] || undefined
  try {
    return readFileSync(resolve(folder, reference.slice('file:'.length)), 'utf8').trim() || undefined
  } catch {
    return undefined
  }
}
