import { shapeOf } from '../../core/line/kit/shape.ts'
import type { Capture } from '../../ports/capture.ts'
import type { Log } from '../../ports/log.ts'

/**
 * Every chunk that goes over a line, in both directions, as debug lines of the log: its shape and never its words, which
 * are a patient's. The bytes themselves go to the raw capture, which has an owner and a keep time.
 */
export function lineTrace(log: Log, feed: string): Capture {
  return {
    bytes: (direction, wire, bytes) =>
      log.debug('line-bytes', { feed, wire, direction, count: bytes.length, shape: shapeOf(bytes) }),
    event: (event, wire) => log.debug('line-event', { feed, wire, is: event }),
    close: async () => undefined,
  }
}

/** Gives the same to all of them. */
export function allOf(captures: readonly Capture[]): Capture {
  return {
    bytes(direction, wire, bytes, at) {
      for (const capture of captures) capture.bytes(direction, wire, bytes, at)
    },
    event(event, wire, at) {
      for (const capture of captures) capture.event(event, wire, at)
    },
    failing: () => captures.flatMap((capture) => capture.failing?.() ?? []).at(0),
    close: async () => void (await Promise.all(captures.map((capture) => capture.close()))),
  }
}
