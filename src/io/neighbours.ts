import { z } from 'zod'
import type { FaultCode } from '../core/faults.ts'
import type { Millis } from '../core/instant.ts'
import type { Neighbour, Neighbours } from '../ports/neighbours.ts'

/** A sender waits longer than this; of who has not answered by then we know nothing, least of all that it is dead. */
const WITHIN: Millis = 800
const APART: FaultCode = 'store-apart'
/** Longest answer that is read: a readiness with every reason there is. */
const LONGEST = 256 * 1024

const readiness = z.object({
  status: z.enum(['ready', 'not-ready']),
  reasons: z.array(z.object({ code: z.string() })),
})

/** Asks the `/readyz` of each, and nobody whom that sends us on to. */
export function httpNeighbours(
  nodes: readonly { readonly node: string; readonly url: string }[],
): Neighbours {
  async function one({ node, url }: { node: string; url: string }): Promise<readonly Neighbour[]> {
    try {
      const signal = AbortSignal.timeout(WITHIN)
      const answer = await fetch(new URL('/readyz', url), { signal, redirect: 'error' })
      const { status, reasons } = readiness.parse(JSON.parse(await short(answer)))
      return [{ node, fit: status === 'ready', apart: reasons.some(({ code }) => code === APART) }]
    } catch (error) {
      const slow = error instanceof Error && error.name === 'TimeoutError'
      return slow ? [{ node, fit: false, apart: false, slow }] : []
    }
  }
  return { ask: async () => (await Promise.all(nodes.map(one))).flat() }
}

/** The text of an answer; throws where it does not end. */
async function short({ body }: Response): Promise<string> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of body ?? []) {
    pieces.push(piece)
    size += piece.length
    if (size > LONGEST) throw new RangeError()
  }
  return Buffer.concat(pieces).toString()
}
