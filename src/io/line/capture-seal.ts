import { type Instant, MINUTE, type Millis } from '../../core/instant.ts'
import type { CaptureKeys } from '../../ports/capture.ts'
import type { CaptureLine } from './capture-format.ts'

/** Bytes as they lie in a captured line that is sealed. */
export type SealedLine = Extract<CaptureLine, { readonly key: string }>

/** How long one key lasts: files of keys are kept for years, and some lines never fall silent. */
const LASTS: Millis = MINUTE
/** Names of keys take the same room whichever they are, so that a line can be sealed anew where it lies. */
const ROOM = 24

export const keyName = (line: Pick<SealedLine, 'key'>): string => line.key.trimEnd()
export const inRoom = (name: string): string => name.padEnd(ROOM)

/** Seals what is captured of one line; undefined: no key can be had, and nothing may be written. */
export function captureSealer(keys: CaptureKeys) {
  let name: string | undefined
  let began: Instant = 0
  return (bytes: Uint8Array, at: Instant): Pick<SealedLine, 'key' | 'sealed'> | undefined => {
    const renew = () => {
      const fresh = keys.fresh()
      // Rather the key of before than none.
      if (fresh !== undefined) [name, began] = [fresh, at]
    }
    if (name === undefined || at - began > LASTS || at < began) renew()
    let sealed = name && keys.seal(name, bytes)
    // It was destroyed within its minute.
    if (sealed === undefined) renew()
    sealed ??= name && keys.seal(name, bytes)
    return name && sealed ? { key: inRoom(name), sealed } : undefined
  }
}

/** What was heard, in hexadecimal; undefined: nothing, or its key is destroyed or away. */
export async function heardIn(line: CaptureLine, keys: CaptureKeys | undefined): Promise<string | undefined> {
  if ('in' in line) return line.in
  if (!('key' in line) || line.of !== 'in') return undefined
  const bytes = await keys?.open(keyName(line), line.sealed)
  return bytes && Buffer.from(bytes).toString('hex')
}
