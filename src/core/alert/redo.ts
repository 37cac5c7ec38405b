import type { AlertEvent } from './alert.ts'

/**
 * Whether an event that was stored apart from the database of all nodes counts once more on the call as it stands there:
 * what people and phones said, and what came on the air. Steps and rings have happened there as well.
 */
const COUNTS: Readonly<Record<AlertEvent['kind'], boolean>> = {
  raised: false,
  ticked: true,
  receipt: true,
  unreachable: false,
  answered: true,
  due: false,
  repeated: true,
  separated: true,
  upgraded: true,
  reread: false,
  cancelled: true,
  finished: true,
  'answer-undone': true,
  'paged-again': true,
  closed: true,
  released: true,
  left: false,
  'taken-over': true,
  'asked-again': true,
  'handed-over': false,
  said: true,
  'also-ask': true,
  'clock-set-back': false,
  obliged: false,
}

/** What ends a call must have seen what it ends: in doubt the call stays open. */
const ENDS: ReadonlySet<AlertEvent['kind']> = new Set(['cancelled', 'finished', 'closed'])

/**
 * The event as it is to be done once more, with whom it meant looked up anew; undefined where it is not.
 * @param version what is decided there: nobody could see it, and that makes no answer stale
 */
export function redone(event: AlertEvent, version: number): AlertEvent | undefined {
  if (!COUNTS[event.kind]) return undefined
  const { resolved: _, ...said } = event
  return 'version' in said && !ENDS.has(said.kind) ? { ...said, version } : said
}
