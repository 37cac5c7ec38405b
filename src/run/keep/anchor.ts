import { say } from '../../core/catalogue/say.ts'
import { type Anchor, type Held, SEALED, sealAt } from '../../core/govern/audit.ts'
import { heldTo } from '../../core/govern/places.ts'
import { type Instant, MINUTE, type Millis } from '../../core/instant.ts'
import type { Finding } from '../../core/measure/watch/standing.ts'
import type { Anchors } from '../../ports/anchors.ts'
import type { Backups } from '../../ports/backups.ts'
import type { Store } from '../../ports/store.ts'
import { type Loop, type LoopTools, startLoop } from '../loop.ts'

const LOOK: Millis = MINUTE
/** Entries between two seals are bound by the anchor alone. */
const SEAL_EVERY: Millis = 10 * MINUTE

export interface AnchorParts {
  readonly store: Store
  readonly anchors: Anchors
  readonly mac?: Held['mac'] | undefined
  /** The key of the seals cannot be read by this daemon. */
  readonly keyAway?: boolean
  readonly copies?: Pick<Backups, 'list'> | undefined
}

export interface AnchorLoop extends Loop {
  readonly troubles: () => readonly Finding[]
}

/** Everything outside the database that the chain is held to. */
export async function heldOf({ anchors, mac, copies }: Omit<AnchorParts, 'store'>): Promise<Held> {
  const { places } = await anchors.list()
  return { ...heldTo(places, await copies?.list()), ...(mac === undefined ? {} : { mac }) }
}

/** What does not fit what was written down; undefined: nothing. Only the newest place is looked at: it binds all before. */
async function misfit({ store, anchors }: AnchorParts): Promise<string | undefined> {
  const { places, forged } = await anchors.list()
  if (forged > 0) return say('record.placesNotOurs', { forged })
  const newest = places.at(-1)
  if (newest === undefined) return undefined
  return (await leadsThrough(store, newest)) ? undefined : `entry ${newest.seq}`
}

async function leadsThrough(store: Store, { seq, digest }: Anchor): Promise<boolean> {
  const [row] = await store.transact((tx) => tx.audit.since(seq - 1, 1))
  return row?.seq === seq && row.digest === digest
}

/** Binds the chain as it stands to the key, where anything was added since the last seal. */
async function sealChain({ store, mac }: Pick<AnchorParts, 'store' | 'mac'>, now: Instant) {
  if (mac === undefined) return
  await store.transact(async (tx) => {
    await tx.alone('audit')
    const last = await tx.audit.last()
    if (last === undefined || last.action === SEALED) return
    const detail = { seal: sealAt(last, mac) }
    await tx.audit.append({ at: now, actor: 'bleepd', action: SEALED, subject: '', outcome: 'done', detail })
  })
}

const headOf = (store: Store): Promise<Anchor | undefined> => store.transact((tx) => tx.audit.last())

/** Writes down a place that is durable, where the second place does not reach so far. */
export async function writeDown(
  { anchors }: AnchorParts,
  place: Anchor | undefined,
  now: Instant,
  begun = false,
) {
  if (place === undefined) return
  const newest = (await anchors.list()).places.at(-1)
  if (!begun && newest !== undefined && newest.seq >= place.seq) return
  const { seq, digest } = place
  await anchors.add({ at: now, seq, digest, ...(begun ? { begun } : {}) })
}

/**
 * Each minute the chain is held against the second place, and only if it fits sealed and written down there. A chain that
 * was cut or made anew is never given a new anchor: it stands on `/readyz` until a person has answered for it.
 * @param apart on the file that outlasts the database there is another chain, which is brought back later
 */
export function startAnchors(parts: AnchorParts & LoopTools & { readonly apart: () => boolean }): AnchorLoop {
  const { clock, log, metrics, apart } = parts
  let sealed: Instant = clock.now()
  let wrong: string | undefined
  let unwritten: string | undefined
  /**
   * Where the chain stood a minute ago. A newer place may not be durable yet: after a power cut it would look as if
   * somebody had cut the chain.
   */
  let before: Anchor | undefined

  async function turn(): Promise<void> {
    try {
      await look()
    } catch (error) {
      unreached(error)
    }
  }

  async function look(): Promise<void> {
    if (apart()) return
    const found = await misfit(parts)
    // What was found while we went apart was said of another chain.
    if (apart()) return
    if (found !== undefined && found !== wrong) {
      metrics.count('bleepbridge_faults_total', { fault: 'audit-broken' })
      log.error('audit-misfit', { detail: found })
    }
    wrong = found
    if (wrong !== undefined) return
    const now = clock.now()
    if (now - sealed >= SEAL_EVERY || now < sealed) {
      await sealChain(parts, now)
      sealed = now
    }
    const head = await headOf(parts.store)
    if (apart()) return
    if (before !== undefined && (await leadsThrough(parts.store, before))) await written(before, now)
    before = head
  }

  async function written(place: Anchor | undefined, now: Instant): Promise<void> {
    try {
      await writeDown(parts, place, now)
      unwritten = undefined
    } catch (error) {
      unreached(error)
    }
  }

  /** A folder that is gone, full or something else is no defect of ours. */
  function unreached(error: unknown): void {
    if (!(error instanceof Error && 'syscall' in error)) throw error
    if (unwritten === undefined) log.error('audit-unanchored', { error })
    unwritten = error.message
  }

  const loop = startLoop('anchor', [], LOOK, turn, parts)
  return {
    async stop() {
      await loop.stop()
      if (wrong !== undefined || apart()) return
      const now = clock.now()
      // A seal is a write: once it is stored, so is all before it.
      await sealChain(parts, now)
      if (parts.mac !== undefined) await written(await headOf(parts.store), now)
    },
    troubles: () => [
      ...(parts.keyAway ? [{ code: 'audit-unsealed', subject: 'audit' } as const] : []),
      ...(wrong === undefined
        ? unwritten === undefined
          ? []
          : [{ code: 'audit-unanchored', subject: 'audit', detail: unwritten } as const]
        : [{ code: 'audit-broken', subject: 'anchor', detail: wrong } as const]),
    ],
  }
}
