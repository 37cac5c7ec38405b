import type { AlertEvent } from './alert.ts'

/**
 * Whether an event that was stored apart from the database of all nodes counts once more on the call as it stands there:
 * what people and phones said, and what came on the air. Steps and rings have happened there as well. Whoever ended it has
 * not seen what stands there, and a number that happens to be the same proves nothing: in doubt the call stays open.
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
  finished: false,
  'answer-undone': true,
  'paged-again': true,
  closed: false,
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

/**
 * The event as it is to be done once more, with whom it meant looked up anew; undefined where it is not.
 * @param version what is decided there: nobody could see it, and that makes no answer stale
 */
export function redone(event: AlertEvent, version: number): AlertEvent | undefined {
  const isEndByPerson = event.kind === 'cancelled' && event.by !== 'page'
  if (!COUNTS[event.kind] || isEndByPerson) return undefined
  const { resolved: _, ...said } = event
  return 'version' in said ? { ...said, version } : said
}
