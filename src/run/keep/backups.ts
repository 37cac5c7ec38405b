import { type CopyRule, copiesOver, isTooOld } from '../../core/govern/copies.ts'
import { type Instant, MINUTE, type Millis, SECOND } from '../../core/instant.ts'
import type { Finding } from '../../core/measure/watch/standing.ts'
import type { Backups } from '../../ports/backups.ts'
import { type Loop, type LoopTools, startLoop } from '../loop.ts'

const LOOK: Millis = MINUTE
/** After a copy that failed. */
const AGAIN: Millis = 15 * MINUTE

export interface BackupLoop extends Loop {
  readonly troubles: () => readonly Finding[]
}

/** Copies the database on its schedule, lets old copies go, and says when the last good one is too old. */
export function startBackups(backups: Backups, rule: CopyRule, tools: LoopTools): BackupLoop {
  const { clock, metrics, log } = tools
  const started = clock.now()
  let newest: Instant = Number.NEGATIVE_INFINITY
  let failedAt: Instant | undefined

  async function look(): Promise<void> {
    const now = clock.now()
    // A copy from the future was made before the clock was set back: how old it is, nobody knows.
    newest = newestOf(await backups.list(), now)
    const due = now - newest >= rule.every
    const waits = failedAt !== undefined && now - failedAt < AGAIN && now >= failedAt
    if (due && !waits) await copy(now)
    const all = await backups.list()
    for (const old of copiesOver(all, rule, now)) await backups.remove(old)
    newest = newestOf(all, now)
    if (Number.isFinite(newest)) metrics.gauge('bleepbridge_backup_age_seconds', (now - newest) / SECOND)
  }

  async function copy(now: Instant): Promise<void> {
    const made = await backups.make(now)
    failedAt = made.ok ? undefined : now
    metrics.count('bleepbridge_backups_total', { outcome: made.ok ? 'done' : 'failed' })
    if (made.ok) log.info('backup-made', { size: made.value.bytes, audit: made.value.audit.seq })
    else {
      metrics.count('bleepbridge_faults_total', { fault: made.fault.code })
      log.error('backup-failed', { fault: made.fault.code, detail: made.fault.detail })
    }
  }

  /** The age is told by the clock of whoever asks, so that it grows even while the folder hangs. */
  function troubles(): ReturnType<BackupLoop['troubles']> {
    // Without any copy it is as old as we are: a first copy that fails for hours must be told too.
    const age = clock.now() - (Number.isFinite(newest) ? newest : started)
    return [
      ...(failedAt === undefined ? [] : [{ code: 'backup-failed' as const, subject: 'backup' }]),
      ...(isTooOld(age, rule)
        ? [{ code: 'backup-old' as const, subject: 'backup', detail: `${Math.floor(age / SECOND)} s` }]
        : []),
    ]
  }

  const loop = startLoop('backups', [], LOOK, look, tools)
  return { stop: loop.stop, troubles }
}

/** When the newest copy was made; minus infinity where there is none. */
function newestOf(copies: readonly { readonly made: Instant }[], now: Instant): Instant {
  return Math.max(...copies.flatMap(({ made }) => (made <= now ? [made] : [])))
}
