import { type Millis, SECOND } from '../core/instant.ts'
import type { Tools } from '../ports/tools.ts'
import { bounded } from '../run/bounded.ts'

/**
 * What ends, in this order, and how long each is waited for. Lines come behind everything that hears of them: until then
 * what they bring is stored, and so answered. The process lingers for half a second behind the sum of these.
 */
export const STOPS = {
  door: 0.75 * SECOND,
  loops: 1.5 * SECOND,
  audit: 0.5 * SECOND,
  channels: 0.5 * SECOND,
  lines: 0.75 * SECOND,
  store: 0.5 * SECOND,
} as const satisfies Readonly<Record<string, Millis>>

type Part = keyof typeof STOPS

/** Ends one part after the other: one that hangs or throws is named in the log and left behind. */
export async function stopInOrder(
  parts: Readonly<Record<Part, () => Promise<unknown>>>,
  tools: Pick<Tools, 'clock' | 'log'>,
): Promise<void> {
  const within = bounded(tools)
  for (const part of Object.keys(STOPS) as Part[])
    await within(part, STOPS[part], Promise.resolve().then(parts[part]))
}
