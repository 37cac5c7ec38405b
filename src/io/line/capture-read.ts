import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Heard } from '../../core/desk/incident.ts'
import type { CapturedSpan } from '../../ports/capture.ts'
import { CAPTURE_ENDING, parseCaptureLine } from './capture-format.ts'

/** What captures still hold of lines within some times, in order. */
export function captureReader(folder: string): (spans: readonly CapturedSpan[]) => Promise<readonly Heard[]> {
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
          if (line === undefined || !('in' in line)) continue
          if (spans.some((one) => one.feed === feed && line.at >= one.from && line.at <= one.to))
            found.push({ feed, at: line.at, bytes: line.in })
        }
      }
    return found.toSorted((a, b) => a.at - b.at)
  }
}
