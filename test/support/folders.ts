import { rmSync } from 'node:fs'

/**
 * Removes a folder that a test made, with all in it; one that is not there is no error. A program that was
 * just ended may write its last file while we remove: then we try again, for up to two seconds.
 */
export function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
}
