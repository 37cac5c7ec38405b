import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/**
 * SHA-256 over the configuration file and every file of the site folder, names and contents: the same fingerprint on the
 * audit is the same configuration. Secrets are references and so have no part in it. What cannot be read (another program
 * is writing it, it is no file) counts by its name alone: nothing that lies in the folder may keep the site from being read.
 */
export function fingerprint(file: string, siteFolder: string): string {
  const hash = createHash('sha256')
  const add = (name: string, path: string): void => {
    hash.update(`${name}\0`)
    try {
      if (statSync(path).isFile()) hash.update(readFileSync(path))
    } catch {
      hash.update('unread')
    }
    hash.update('\0')
  }
  add('', file)
  for (const name of namesIn(siteFolder)) add(name, join(siteFolder, name))
  return hash.digest('hex')
}

function namesIn(folder: string): readonly string[] {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    // No file of a site begins with a dot; our own copies do, where site and configuration share a folder.
    return names.filter((name) => !/(^|[/\\])\./.test(name)).sort()
  } catch {
    return []
  }
}
