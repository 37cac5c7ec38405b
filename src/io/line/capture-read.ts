import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Heard } from '../../core/desk/incident.ts'
import type { CapturedSpan, CaptureKeys } from '../../ports/capture.ts'
import { CAPTURE_ENDING, parseCaptureLine } from './capture-format.ts'
import { heardIn } from './capture-seal.ts'

/**
 * What captures still hold of lines within some times, in order.
 * @param keys absent: what is sealed stays out
 */
export function captureReader(
  folder: string,
  keys?: CaptureKeys,
): (spans: readonly CapturedSpan[]) => Promise<readonly Heard[]> {
  return async (spans) => {
    const found: Heard[] = []
    const names = await readdir(folder).catch((): string[] => [])
    for (const name of names.filter((one) => one.endsWith(CAPTURE_ENDING)))
      for (const { feed } of spans.filter(
        (span, i) => spans.findIndex((one) => one.feed === span.feed) === i,
      )) {
        if (!name.startsWith(`${feed}.`)) continue
        for await (const text of createInterface({ input: createReadStream(join(folder, name)) })) {
          const line = parseCaptureLine(text)
          if (line === undefined) continue
          if (!spans.some((one) => one.feed === feed && line.at >= one.from && line.at <= one.to)) continue
          const bytes = await heardIn(line, keys)
          if (bytes !== undefined) found.push({ feed, at: line.at, bytes })
        }
      }
    return found.toSorted((a, b) => a.at - b.at)
  }
}
