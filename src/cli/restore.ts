import { existsSync, mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { auditKey } from '../app/audit-key.ts'
import { copyWork, ledgerOf } from '../app/copies.ts'
import type { Whole } from '../config/whole.ts'
import { say } from '../core/catalogue/say.ts'
import type { Mac } from '../core/govern/audit.ts'
import { type Instant, printInstant } from '../core/instant.ts'
import { systemClock } from '../io/clock.ts'
import { sha256 } from '../io/store/audit.ts'
import { type Checked, checkCopy, placeCopy } from '../io/store/backups.ts'
import { NEWEST_SCHEMA, openSqliteToRead } from '../io/store/open.ts'
import { withoutFuture } from '../run/alert/auditor.ts'
import { chainView } from '../run/desk/govern-desk.ts'
import { verifyAudit } from '../run/keep/audit-verify.ts'
import { configured, refused, tell, withStore, writtenJson } from './beside.ts'
import { EXIT, type ExitCode } from './exit.ts'

export interface RestoreOptions {
  readonly config?: string
  readonly check: boolean
}

/**
 * `bleepd restore`: whether a daemon can be started from a copy, and, without `--check`, the copy put where the
 * configuration has its database, if none is there.
 */
export async function restore(copy: string, options: RestoreOptions): Promise<ExitCode> {
  const whole = options.check && options.config === undefined ? undefined : configured(options.config)
  if (typeof whole === 'number') return whole
  const mac = whole && auditKey(whole, false)
  const checked = await checkCopy(copy, mac)
  const inside = checked.troubles.length === 0 ? await lookInto(copy, checked, mac) : { troubles: [] }
  const troubles = [...checked.troubles, ...inside.troubles]
  const since = checked.note?.made
  const again = whole === undefined || since === undefined ? undefined : await erasedSince(whole, since)
  await writtenJson({
    ...{ copy, good: troubles.length === 0, troubles },
    ...(since === undefined ? {} : { made: printInstant(since) }),
    ...inside.found,
    ...(again === undefined ? {} : { erasedSince: again }),
  })
  if (troubles.length > 0) return refused({ code: 'copy-bad' })
  if (checked.note === undefined) tell(say('cli.restoreNoNote'))
  if (options.check || whole === undefined) return EXIT.good
  return place(copy, whole, since ?? 0)
}

/** What a daemon would find: schema, alerts and their future, and whether the audit chain holds. */
async function lookInto(copy: string, { schema = '', note }: Checked, mac: Mac | undefined) {
  if (schema > NEWEST_SCHEMA) return { troubles: [say('cli.restoreTooNew', { schema })] }
  if (schema < NEWEST_SCHEMA) return { troubles: [], found: { schema } }
  const store = openSqliteToRead(resolve(copy))
  try {
    const held = async () => (mac === undefined ? {} : { mac })
    const parts = { store, clock: systemClock(() => undefined), digest: sha256, held }
    const audit = chainView(await verifyAudit(parts, note?.audit))
    const open = await store.transact((tx) => tx.alerts.countByPhase())
    const lost = await withoutFuture(store, 1)
    const troubles = [
      ...(audit.sound ? [] : [say('cli.restoreChainBroken')]),
      ...(lost.length === 0 ? [] : [say('cli.restoreNoFuture')]),
    ]
    return { troubles, found: { schema, open, audit } }
  } finally {
    await store.close()
  }
}

/** Erasures done since the copy was made, as the database in use tells them: from the copy they come back, and must be done again. */
async function erasedSince(whole: Whole, since: number): Promise<readonly unknown[] | undefined> {
  const { store: where, folder } = whole.config
  if (where.kind !== 'sqlite' || !existsSync(resolve(folder, where.path))) return undefined
  const found: unknown[] = []
  const code = await withStore(whole, 'read', async (store) => {
    const done = await store.transact((tx) => tx.erasures.list('done', 10_000))
    for (const { id, reason, bleeps, pseudonym, done: at } of done)
      if (at !== undefined && at >= since) found.push({ id, reason, bleeps, pseudonym })
    return EXIT.good
  })
  return code === EXIT.good ? found : undefined
}

async function place(copy: string, { config }: Whole, made: Instant): Promise<ExitCode> {
  if (config.store.kind !== 'sqlite') {
    tell(say('cli.restorePostgresql'))
    return EXIT.usage
  }
  const to = resolve(config.folder, config.store.path)
  for (const there of [to, `${to}-wal`])
    if (existsSync(there)) {
      tell(say('cli.restoreThereAlready', { to: there }))
      return EXIT.fault
    }
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
  try {
    await placeCopy(copy, to)
  } catch (error) {
    return refused({ code: 'store-lost', detail: error instanceof Error ? error.message : String(error) })
  }
  const erased = (await ledgerOf({ config })?.since(made)) ?? []
  const again = erased.length === 0 ? 0 : await copyWork({ config }).erase(to, erased)
  if (again > 0) tell(say('cli.restoreErased', { again }))
  tell(say('cli.restoreDone', { to }))
  return EXIT.good
}
