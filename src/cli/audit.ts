import { say } from '../core/catalogue/say.ts'
import type { Anchor } from '../core/govern/audit.ts'
import { printInstant } from '../core/instant.ts'
import { systemClock } from '../io/clock.ts'
import { sha256 } from '../io/store/audit.ts'
import { chainView } from '../run/desk/govern-desk.ts'
import { verifyAudit } from '../run/keep/audit-verify.ts'
import { configured, refused, tell, withStore, written, writtenJson } from './beside.ts'
import { EXIT, type ExitCode } from './exit.ts'

export interface AuditOptions {
  readonly config?: string
  readonly since: number
  readonly verify: boolean
  /** A place in the chain that was written down: `SEQ:DIGEST`. */
  readonly against?: string
}

const PAGE = 500

/** `bleepd audit`: who did what, one JSON object a line; or whether the chain holds, exit 1 where it does not. */
export async function audit(options: AuditOptions): Promise<ExitCode> {
  const anchor = options.against === undefined ? undefined : anchorOf(options.against)
  if (options.against !== undefined && anchor === undefined) {
    tell(say('cli.againstPlaceChainSeqDigest'))
    return EXIT.usage
  }
  const whole = configured(options.config)
  if (typeof whole === 'number') return whole
  return withStore(whole, 'write', async (store) => {
    if (options.verify || anchor !== undefined) {
      const parts = { store, clock: systemClock(() => undefined), digest: sha256 }
      const chain = chainView(await verifyAudit(parts, anchor))
      await writtenJson(chain)
      return chain.sound ? EXIT.good : refused({ code: 'audit-broken' })
    }
    for (let seq = options.since; ; ) {
      const from = seq
      const rows = await store.transact((tx) => tx.audit.since(from, PAGE))
      const shown = rows.map(({ at, salt, entry: _, ...row }) => ({
        ...{ at: printInstant(at), ...row },
        ...(salt === undefined ? { erased: true } : {}),
      }))
      await written(shown.map((row) => `${JSON.stringify(row)}\n`).join(''))
      seq = rows.at(-1)?.seq ?? seq
      if (rows.length < PAGE) return EXIT.good
    }
  })
}

function anchorOf(text: string): Anchor | undefined {
  const match = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text)
  return match?.[1] === undefined || match[2] === undefined
    ? undefined
    : { seq: Number(match[1]), digest: match[2] }
}
