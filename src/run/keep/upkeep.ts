import type { Digest } from '../../core/govern/audit.ts'
import { cutoff, type Keeps } from '../../core/govern/retain.ts'
import { DAY, HOUR, type Instant } from '../../core/instant.ts'
import type { Finding } from '../../core/measure/watch/standing.ts'
import type { Store } from '../../ports/store.ts'
import { type Loop, type LoopTools, startLoop } from '../loop.ts'
import { isSound, verifyAudit } from './audit-verify.ts'

export interface UpkeepParts extends LoopTools {
  readonly store: Store
  readonly digest: Digest
  readonly keeps: Keeps
  /** Goes on with erasures that a stopped process left half done. */
  readonly resume?: () => Promise<void>
  /** What people have asked about their data and must be answered soon. */
  readonly pressing?: () => Promise<readonly Finding[]>
  /** Removes raw captures last written before an instant, and gives how many; absent: nothing is captured. */
  readonly sweep?: (before: Instant) => Promise<number>
}

export interface Upkeep extends Loop {
  readonly troubles: () => readonly Finding[]
}

/** What each node does for itself, each hour: captures that have had their time go, and once a day the audit chain is followed. */
export function startUpkeep(parts: UpkeepParts): Upkeep {
  const { clock, metrics, log, keeps, sweep } = parts
  let verified: Instant | undefined
  let troubles: ReturnType<Upkeep['troubles']> = []
  let due: readonly Finding[] = []

  async function turn(): Promise<void> {
    await parts.resume?.()
    due = (await parts.pressing?.()) ?? []
    const swept = (await sweep?.(cutoff(keeps, 'captures', clock.now()))) ?? 0
    if (swept > 0) {
      metrics.count('bleepbridge_retention_erased_total', { data: 'captures' }, swept)
      log.info('captures-swept', { files: swept })
    }
    const now = clock.now()
    if (verified === undefined || now - verified >= DAY || now < verified) await verify(now)
  }

  async function verify(now: Instant): Promise<void> {
    const state = await verifyAudit(parts)
    verified = now
    const sound = isSound(state)
    metrics.gauge('bleepbridge_audit_intact', sound ? 1 : 0)
    // The head in a log that leaves the machine is a place to hold the chain against later.
    log.info('audit-verified', { sound, entries: state.seq, head: state.head })
    const detail = `entry ${state.broken?.seq ?? state.unaccounted[0]?.[0]}`
    troubles = sound ? [] : [{ code: 'audit-broken', subject: 'audit', detail }]
    if (!sound) metrics.count('bleepbridge_faults_total', { fault: 'audit-broken' })
  }

  const loop = startLoop('upkeep', [], HOUR, turn, parts)
  return { stop: loop.stop, troubles: () => [...troubles, ...due] }
}
