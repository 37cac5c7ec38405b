import { resolve } from 'node:path'
import type { FeedPlan } from '../config/feeds.ts'
import type { Whole } from '../config/whole.ts'
import { given } from '../core/given.ts'
import type { Instant } from '../core/instant.ts'
import { rollingCapture } from '../io/line/capture.ts'
import { linePort } from '../io/line/open.ts'
import type { Capture, CaptureKeys } from '../ports/capture.ts'
import type { Telling, Tools } from '../ports/tools.ts'
import type { FeedSpec } from '../run/line/feeds.ts'
import { allOf, lineTrace } from '../run/line/trace.ts'
import type { EvidenceFeed } from '../run/watch/evidence.ts'

/** One line as the configuration has it: its machine, its ports, its rolling capture. */
export async function specOf(
  plan: FeedPlan,
  whole: Whole,
  tools: Tools & { readonly captureKeys: CaptureKeys | undefined },
  /** From when on captures are needed. */
  needed: () => Instant,
): Promise<FeedSpec> {
  const line = plan.start()
  const open = { settings: plan.settings, listenOnly: line.listensOnly }
  return {
    id: plan.id,
    tap: plan.tap,
    repeatMs: plan.repeatMs,
    ...given({ hospital: plan.hospital }),
    silentAfterMs: plan.silentAfterMs,
    name: plan.name,
    ear: {
      bits: line.traits.bits === true,
      ...given({ sample: line.sample }),
      guesses: plan.profile.takesAnything,
      quietAfter: plan.silenceMs ?? 0,
    },
    reopen: plan.port.kind !== 'replay',
    callers: (line.traits.callers === true || plan.profile.callers) && plan.port.kind === 'tcp-listen',
    line,
    wires: [
      { wire: 'a', port: await linePort(plan.port, open, tools.clock) },
      ...(plan.portB ? [{ wire: 'b', port: await linePort(plan.portB, open, tools.clock) } as const] : []),
    ],
    capture: captureOf(plan.id, whole, tools, tools.captureKeys, needed),
  }
}

/** What is written down of all that goes over a line: the raw capture, the trace of its shape, both or nothing. */
function captureOf(
  feed: string,
  { config }: Whole,
  { log, metrics }: Telling,
  keys: CaptureKeys | undefined,
  needed: () => Instant,
): Capture | undefined {
  const { capture, folder } = config
  const raw =
    capture &&
    rollingCapture(
      {
        folder: resolve(folder, capture.folder),
        feed,
        keys,
        maxBytes: capture.bytesPerFeed,
        segmentBytes: capture.bytesPerFeed / 8,
        needed,
      },
      (fault) => {
        log.warn('capture-fault', { feed, fault: fault.code })
        metrics.count('bleepbridge_feed_faults_total', { feed, fault: fault.code })
      },
    )
  if (config.log.level !== 'debug') return raw
  return allOf([lineTrace(log, feed), ...(raw ? [raw] : [])])
}

/** What estates are told of it. */
export function evidenceFeed({ id, name, silentAfterMs, side }: FeedPlan): EvidenceFeed {
  return { id, label: name, bound: silentAfterMs, side }
}
