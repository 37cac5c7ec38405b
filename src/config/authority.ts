import { createPrivateKey, X509Certificate } from 'node:crypto'
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

/** Whether the file holds a certificate in PEM. */
export function isCertificate(folder: string, path: string): boolean {
  try {
    return new X509Certificate(readPem(folder, path) ?? '').subject !== undefined
  } catch {
    return false
  }
}

/** Whether a text is a private key in PEM, of any sort that can sign. */
export function isPrivateKey(pem: string): boolean {
  try {
    createPrivateKey(pem)
    return true
  } catch {
    return false
  }
}
