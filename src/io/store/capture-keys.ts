import type { CaptureKeys } from '../../ports/capture.ts'
import type { WordKeys } from './word-key.ts'
import { openBytes, sealUnder } from './words.ts'

/** Captured bytes stand under keys of the same stores as the words; undefined where there are to be none. */
export function captureKeys(keys: WordKeys): CaptureKeys | undefined {
  if (!keys.due) return undefined
  return {
    fresh: () => keys.fresh(),
    seal(name, bytes) {
      const key = keys.get(name)
      return typeof key === 'object' ? sealUnder(key, bytes) : undefined
    },
    async open(name, sealed) {
      await keys.load([name])
      const key = keys.get(name)
      return typeof key === 'object' ? openBytes(key, sealed) : undefined
    },
  }
}
