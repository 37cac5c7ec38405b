import type { Held } from '../../core/govern/audit.ts'
import { cutoff, type Keeps } from '../../core/govern/retain.ts'
import { DAY, HOUR, type Instant } from '../../core/instant.ts'
import type { Finding } from '../../core/measure/watch/standing.ts'
import type { Store } from '../../ports/store.ts'
import { type Loop, type LoopTools, startLoop } from '../loop.ts'
import { isSound, type VerifyParts, verifyAudit } from './audit-verify.ts'
import { recordCheck, sealRecords } from './seal-records.ts'

export interface UpkeepParts extends LoopTools {
  readonly store: Store
  readonly digest: VerifyParts['digest']
  /** What the chain is held against besides itself. */
  readonly held?: VerifyParts['held']
  /** The key of the audit; absent: nothing is sealed. */
  readonly mac?: Held['mac'] | undefined
  readonly keeps: Keeps
  /** Goes on with erasures that a stopped process left half done. */
  readonly resume?: () => Promise<void>
  /** What people have asked about their data and must be answered soon. */
  readonly pressing?: () => Promise<readonly Finding[]>
  /** Removes raw captures last written before an instant, and gives how many; absent: nothing is captured. */
  readonly sweep?: (before: Instant) => Promise<number>
}

/** Bleeps sealed within this time are compared each day; `bleepd audit --verify` compares all. */
const LOOKED_BACK = 7 * DAY

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
    const { mac } = parts
    if (mac !== undefined) while ((await sealRecords(parts.store, mac, clock.now())) > 0) await pause()
    const now = clock.now()
    if (verified === undefined || now - verified >= DAY || now < verified) await verify(now).catch(unreached)
  }

  /** What the audit is held against cannot be read: that is told by whoever writes there, and is no defect of ours. */
  function unreached(error: unknown): void {
    if (!(error instanceof Error && 'syscall' in error)) throw error
  }

  const pause = () => new Promise<void>((next) => void clock.after(0, next))

  async function verify(now: Instant): Promise<void> {
    const { mac } = parts
    const check = mac && recordCheck({ store: parts.store, pause }, mac, { since: now - LOOKED_BACK, now })
    const state = await verifyAudit({ ...parts, each: check?.each })
    const records = await check?.compare()
    verified = now
    const changed = records?.changed ?? []
    const sound = isSound(state) && changed.length === 0
    metrics.gauge('bleepbridge_audit_intact', sound ? 1 : 0)
    // The head in a log that leaves the machine is a place to hold the chain against later.
    log.info('audit-verified', { sound, entries: state.seq, head: state.head })
    const entry = state.broken?.seq ?? state.unaccounted[0]?.[0]
    const detail = entry === undefined ? `bleep ${changed[0]?.bleep}` : `entry ${entry}`
    troubles = sound ? [] : [{ code: 'audit-broken', subject: 'audit', detail }]
    if (!sound) metrics.count('bleepbridge_faults_total', { fault: 'audit-broken' })
  }

  const loop = startLoop('upkeep', [], HOUR, turn, parts)
  return { stop: loop.stop, troubles: () => [...troubles, ...due] }
}
