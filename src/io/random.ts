import { randomBytes } from 'node:crypto'
import type { Random } from '../ports/random.ts'

/** Bytes made at once: to ask for ten costs as much, and a page has half a dozen names to give. */
const AHEAD = 4096

let ahead = randomBytes(AHEAD)
let given = 0

/** From the system's own source; no byte is given twice. */
export const systemRandom: Random = {
  bytes(count) {
    if (count > AHEAD / 4) return randomBytes(count)
    if (given + count > AHEAD) {
      ahead = randomBytes(AHEAD)
      given = 0
    }
    given += count
    return ahead.subarray(given - count, given)
  },
}
