import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import type { Vault } from '../../ports/vault.ts'

const SEALED = 'v1:'
const IV = 12
const TAG = 16

/** AES-256-GCM under a key made from a secret of this machine, so that a copied database alone opens nothing. */
export function vaultOf(secret: string): Vault {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'second-factors', 32))
  return {
    seal(text) {
      const iv = randomBytes(IV)
      const cipher = createCipheriv('aes-256-gcm', key, iv)
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return SEALED + Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')
    },
    open(sealed) {
      // What was kept before secrets were sealed stands as it is.
      if (!sealed.startsWith(SEALED)) return sealed
      const bytes = Buffer.from(sealed.slice(SEALED.length), 'base64url')
      try {
        const cipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV))
        cipher.setAuthTag(bytes.subarray(IV, IV + TAG))
        return Buffer.concat([cipher.update(bytes.subarray(IV + TAG)), cipher.final()]).toString('utf8')
      } catch {
        return undefined
      }
    },
  }
}
