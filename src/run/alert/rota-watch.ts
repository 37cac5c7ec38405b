import type { SiteDirectory } from '../../core/directory/build.ts'
import { findRotaFlaws, findUnclaimed } from '../../core/directory/cover-check.ts'
import { isCrash } from '../../core/directory/live.ts'
import type { FaultCode } from '../../core/faults.ts'
import type { RoleId } from '../../core/ids.ts'
import { HOUR, MINUTE, type Millis, printInstant, SECOND } from '../../core/instant.ts'
import { type Loop, type LoopTools, startLoop } from '../loop.ts'

/** How the rota stands, for `/readyz` and the console: a role is named by its id, people never. */
interface RotaTrouble {
  readonly code: Extract<
    FaultCode,
    'crash-role-unheld' | 'crash-role-unclaimed' | 'rota-gap-ahead' | 'rota-double-ahead'
  >
  /** The role. */
  readonly subject: RoleId
  /** From when, where it is yet to come. */
  readonly detail?: string
}

export interface RotaWatch extends Loop {
  troubles(): readonly RotaTrouble[]
}

const EVERY: Millis = 30 * SECOND
/** Many changes of the rota in a row are one look. */
const SPACING: Millis = SECOND
/** How long after a shift begins a baton may lie untaken. */
const GRACE: Millis = 15 * MINUTE
/** How far ahead a gap or double cover is told: time enough to find somebody. */
const AHEAD: Millis = 48 * HOUR

const CODE = {
  'role-unheld': 'crash-role-unheld',
  'role-unclaimed': 'crash-role-unclaimed',
  'rota-gap': 'rota-gap-ahead',
  'rota-double': 'rota-double-ahead',
} as const

/**
 * Looks for crash roles that nobody has, or that several have, now and in the two days to come, whether or not anybody is
 * bleeped. Each
 * trouble is logged when it begins and when it ends, and keeps the obligation `roles` down while it lasts.
 */
export function startRotaWatch(directory: () => SiteDirectory, tools: LoopTools): RotaWatch {
  const { clock, metrics, log } = tools
  let known = new Map<string, RotaTrouble>()

  async function look(): Promise<void> {
    const now = clock.now()
    const snapshot = directory()
    const found = new Map<string, RotaTrouble>()
    const unheld = findUnclaimed(snapshot, now, GRACE)
    for (const { role, reason } of unheld)
      found.set(`${reason} ${role}`, { code: CODE[reason], subject: role })
    for (const { role, reason, from } of findRotaFlaws(snapshot, now, now + AHEAD, isCrash)) {
      const key = `${reason} ${role}`
      if (found.has(key) || (reason === 'rota-gap' && unheld.some((u) => u.role === role))) continue
      found.set(key, { code: CODE[reason], subject: role, detail: `from ${printInstant(from)}` })
    }
    for (const [key, { code, subject: role }] of found) {
      if (known.has(key)) continue
      log.warn('rota-trouble', { fault: code, role })
      metrics.count('bleepbridge_faults_total', { fault: code })
    }
    for (const [key, { code, subject: role }] of known) {
      if (!found.has(key)) log.info('rota-trouble-over', { fault: code, role })
    }
    known = found
    metrics.gauge('bleepbridge_obligation', unheld.length === 0 ? 1 : 0, { obligation: 'roles' })
  }

  const loop = startLoop('rota', ['directory'], EVERY, look, { ...tools, spacing: SPACING })
  return { troubles: () => [...known.values()], stop: loop.stop }
}
