import { dirname, join, resolve } from 'node:path'
import type { Whole } from '../config/whole.ts'
import type { Mac } from '../core/govern/audit.ts'
import { keyFile, macOf } from '../io/seal/audit-key.ts'

/**
 * The key of the audit: as configured, or in a file beside the embedded database. Nodes of one PostgreSQL must have the
 * same, so there it is the site's to give; without one the chain is anchored and not sealed.
 * @param make make the file where there is none
 */
export function auditSecret({ config }: Pick<Whole, 'config'>, make = false): string | undefined {
  const { audit, folder, store } = config
  if (audit.key !== undefined) return audit.key
  if (store.kind !== 'sqlite') return undefined
  return keyFile(join(dirname(resolve(folder, store.path)), 'audit-key'), make)
}

/** What that key makes of a text. */
export function auditKey(whole: Pick<Whole, 'config'>, make = false): Mac | undefined {
  const key = auditSecret(whole, make)
  return key === undefined ? undefined : macOf(key)
}
