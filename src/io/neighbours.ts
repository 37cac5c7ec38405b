import { z } from 'zod'
import type { FaultCode } from '../core/faults.ts'
import type { Millis } from '../core/instant.ts'
import type { Neighbour, Neighbours } from '../ports/neighbours.ts'

/** A sender waits longer than this; of who has not answered by then we know nothing, least of all that it is dead. */
const WITHIN: Millis = 800
const APART: FaultCode = 'store-apart'

const readiness = z.object({
  status: z.enum(['ready', 'not-ready']),
  reasons: z.array(z.object({ code: z.string() })),
})

/** Asks the `/readyz` of each. */
export function httpNeighbours(
  nodes: readonly { readonly node: string; readonly url: string }[],
): Neighbours {
  async function one({ node, url }: { node: string; url: string }): Promise<readonly Neighbour[]> {
    try {
      const answer = await fetch(new URL('/readyz', url), { signal: AbortSignal.timeout(WITHIN) })
      const { status, reasons } = readiness.parse(await answer.json())
      return [{ node, fit: status === 'ready', apart: reasons.some(({ code }) => code === APART) }]
    } catch (error) {
      const slow = error instanceof Error && error.name === 'TimeoutError'
      return slow ? [{ node, fit: false, apart: false, slow }] : []
    }
  }
  return { ask: async () => (await Promise.all(nodes.map(one))).flat() }
}
