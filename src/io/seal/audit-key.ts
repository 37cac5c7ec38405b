import { createHmac, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Mac } from '../../core/govern/audit.ts'

/** HMAC-SHA256 under the key of the audit, in hexadecimal. */
export function macOf(key: string): Mac {
  return (text) => createHmac('sha256', key).update(text).digest('hex')
}

/**
 * The key in a file readable by its owner alone; nothing where it cannot be read, because a seal may not keep us from
 * paging.
 * @param make make one where there is none: only whoever writes the chain may
 */
export function keyFile(path: string, make: boolean): string | undefined {
  if (!existsSync(path)) {
    if (!make) return undefined
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(path, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx', flush: true })
  }
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return undefined
  }
}
