import { readFileSync, statSync } from 'node:fs'
import { say } from '../core/catalogue/say.ts'
import type { ConfigFault } from './fault.ts'

/** No file of a site is larger: the number plan of every pager in England has a quarter of it. */
const MOST_BYTES = 64 * 1024 * 1024

/**
 * Reads a file of text. A folder, a pipe, a device, a file that is not UTF-8 or holds bytes that no text has are faults,
 * whatever stands at that path; what is not there is one only where it is needed.
 */
export function readText(path: string, needed: boolean, faults: ConfigFault[]): string | undefined {
  const wrong = (detail: string): undefined => {
    faults.push({ path, code: 'file-unreadable', detail })
  }
  try {
    const found = statSync(path)
    if (!found.isFile())
      return wrong(found.isDirectory() ? say('settings.itIsAFolder') : say('settings.itIsNoFile'))
    if (found.size > MOST_BYTES)
      return wrong(say('settings.itIsLargerThanMb', { megabytes: MOST_BYTES / 1024 / 1024 }))
    const bytes = readFileSync(path)
    const zero = bytes.indexOf(0)
    if (zero >= 0 || isUtf16(bytes)) return wrong(say('settings.notUtf8File'))
    return decoded(bytes) ?? wrong(say('settings.notUtf8Line', { bytes: firstBadLine(bytes) }))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    if (code !== 'ENOENT') return wrong(WHY[code] ?? code)
    if (needed) faults.push({ path, code: 'file-missing' })
    return undefined
  }
}

const WHY: Readonly<Record<string, string>> = {
  EACCES: say('settings.thisUserMayNotRead'),
  EPERM: say('settings.thisUserMayNotRead'),
  ENOTDIR: say('settings.partItsPathFolder'),
  ELOOP: say('settings.itsLinksLeadNowhere'),
  EIO: say('settings.theDiskFailed'),
}

function isUtf16(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function firstBadLine(bytes: Uint8Array): number {
  let line = 1
  for (let from = 0; from < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, from)
    const to = end < 0 ? bytes.length : end
    if (decoded(bytes.subarray(from, to)) === undefined) return line
    from = to + 1
  }
  return line
}
