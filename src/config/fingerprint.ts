import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/**
 * SHA-256 over the configuration file and every file of the site folder, names and contents: the same fingerprint on the
 * audit is the same configuration. Secrets are references and so have no part in it.
 */
export function fingerprint(file: string, siteFolder: string): string {
  const hash = createHash('sha256')
  const add = (name: string, path: string) => hash.update(`${name}\0`).update(readFileSync(path)).update('\0')
  add('', file)
  const names = readdirSync(siteFolder, { recursive: true, encoding: 'utf8' }).sort()
  for (const name of names) {
    const path = join(siteFolder, name)
    if (statSync(path).isFile()) add(name, path)
  }
  return hash.digest('hex')
}
