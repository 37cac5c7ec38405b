import type { BleepId } from '../../core/ids.ts'
import type { PageStatus } from '../../core/line/kit/protocol.ts'
import { isYes } from '../../core/vocabulary.ts'
import type { Applied } from '../alert/alert-rows.ts'

/**
 * What the switchboard may be told of its call over its own link, where the link can carry it (ESPA 4.4.4, header 2,
 * record 7): paged, acknowledged, nobody reachable.
 */
export function statusOf({ alert, events }: Applied): { bleep: BleepId; status: PageStatus } | undefined {
  const { bleep } = alert
  if (events.some((e) => e.kind === 'answered' && isYes(e.answer))) {
    return { bleep, status: 'acknowledged' }
  }
  if (alert.phase === 'exhausted' && events.length > 0) return { bleep, status: 'unreachable' }
  if (events.some((e) => e.kind === 'raised')) return { bleep, status: 'paged' }
  return undefined
}
