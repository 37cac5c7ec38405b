import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

/**
 * The text of a PEM file that the configuration names. What cannot be read was told by the check; without it the far end is
 * not trusted, which stands, and everything else runs.
 */
export function readPem(folder: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined
  try {
    return readFileSync(resolve(folder, path), 'utf8')
  } catch {
    return undefined
  }
}

export function isCertificate(folder: string, path: string): boolean {
  try {
    return new X509Certificate(readPem(folder, path) ?? '').subject !== undefined
  } catch {
    return false
  }
}
