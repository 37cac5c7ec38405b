import { auditProof } from '../app/audit.ts'
import type { Whole } from '../config/whole.ts'
import { say } from '../core/catalogue/say.ts'
import type { Anchor } from '../core/govern/audit.ts'
import { printInstant } from '../core/instant.ts'
import { systemClock } from '../io/clock.ts'
import { sha256 } from '../io/store/audit.ts'
import type { Store } from '../ports/store.ts'
import { chainView } from '../run/desk/govern-desk.ts'
import { heldOf, writeDown } from '../run/keep/anchor.ts'
import { verifyAudit } from '../run/keep/audit-verify.ts'
import { recordCheck } from '../run/keep/seal-records.ts'
import { configured, operatorHere, refused, tell, withStore, written, writtenJson } from './beside.ts'
import { EXIT, type ExitCode } from './exit.ts'

export interface AuditOptions {
  readonly config?: string
  readonly since: number
  readonly verify: boolean
  /** A place in the chain that was written down: `SEQ:DIGEST`. */
  readonly against?: string
  /** Why the chain as it stands is answered for from now on. */
  readonly accept?: string
}

const PAGE = 500

/** `bleepd audit`: who did what, one JSON object a line; or whether the chain holds, exit 1 where it does not. */
export async function audit(options: AuditOptions): Promise<ExitCode> {
  const anchor = options.against === undefined ? undefined : anchorOf(options.against)
  if (options.against !== undefined && anchor === undefined) {
    tell(say('cli.auditAgainstForm'))
    return EXIT.usage
  }
  const whole = configured(options.config)
  if (typeof whole === 'number') return whole
  return withStore(whole, 'write', async (store) => {
    if (options.accept !== undefined) return accept(store, whole, options.accept)
    if (options.verify || anchor !== undefined) {
      const proof = auditProof(whole, false)
      const clock = systemClock(() => undefined)
      const { mac } = proof
      const all = { since: 0, now: clock.now() }
      const check = mac && recordCheck({ store, pause: async () => undefined }, mac, all)
      const parts = { store, clock, digest: sha256, held: () => heldOf(proof), each: check?.each }
      const chain = chainView(await verifyAudit(parts, anchor), await check?.compare())
      await writtenJson(chain)
      return chain.sound ? EXIT.good : refused({ code: 'audit-broken' })
    }
    for (let seq = options.since; ; ) {
      const from = seq
      const rows = await store.transact((tx) => tx.audit.since(from, PAGE))
      const shown = rows.map(({ at, salt, entry: _, unread, ...row }) => ({
        ...{ at: printInstant(at), ...row },
        ...(unread ? { unread } : salt === undefined ? { erased: true } : {}),
      }))
      await written(shown.map((row) => `${JSON.stringify(row)}\n`).join(''))
      seq = rows.at(-1)?.seq ?? seq
      if (rows.length < PAGE) return EXIT.good
    }
  })
}

/** After a restore: somebody answers for the chain as it stands, on the record, and it is held to the second place from here on. */
async function accept(store: Store, whole: Whole, reason: string): Promise<ExitCode> {
  if (reason.trim() === '') {
    tell(say('cli.auditAcceptWhy'))
    return EXIT.usage
  }
  const proof = auditProof(whole, true)
  const at = Date.now()
  const detail = { reason }
  await store.transact((tx) =>
    tx.audit.append({
      at,
      actor: operatorHere(),
      action: 'audit.accept',
      subject: '',
      outcome: 'done',
      detail,
    }),
  )
  const last = await store.transact((tx) => tx.audit.last())
  await writeDown({ store, ...proof }, last, at, true)
  return EXIT.good
}

function anchorOf(text: string): Anchor | undefined {
  const match = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text)
  return match?.[1] === undefined || match[2] === undefined
    ? undefined
    : { seq: Number(match[1]), digest: match[2] }
}
