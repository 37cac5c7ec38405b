import { wordsFor } from '../../core/desk/card.ts'
import type { CopiedBleep, RequestView } from '../../core/desk/govern-views.ts'
import { letterFor } from '../../core/desk/letter.ts'
import { packPage } from '../../core/desk/pack-page.ts'
import { type Proposal, proposalsIn, redacted, staffOf, undecided } from '../../core/desk/redact.ts'
import { failed, ok, type Result } from '../../core/faults.ts'
import { pressing, type RequestItem, type SubjectRequest } from '../../core/govern/request.ts'
import { type Instant, printInstant } from '../../core/instant.ts'
import { verdictOn } from './erase-words.ts'
import { createSubjects, type GovernParts } from './subjects.ts'
import { wholeOf } from './whole.ts'

/** What a request looks like to whoever works on it, and what of it goes to the person. */
export type RequestViews = ReturnType<typeof requestViews>

export function requestViews(parts: GovernParts) {
  const { store, clock, directory } = parts
  const subjects = createSubjects(parts)
  const zone = () => directory().zone
  const turn = () => new Promise<void>((next) => void clock.after(0, next))

  async function copied(request: SubjectRequest, item: RequestItem): Promise<CopiedBleep | undefined> {
    const staff = request.about?.text === undefined ? request.about?.person : undefined
    return subjects.one(item.bleep, staff)
  }

  async function proposals(request: SubjectRequest, item: RequestItem): Promise<readonly Proposal[]> {
    const copy = await copied(request, item)
    const names = staffOf(directory(), request.about)
    return copy === undefined ? [] : proposalsIn(copy, request.about, names, directory().hospitalNumbers)
  }

  async function viewOf(request: SubjectRequest, full: boolean): Promise<RequestView> {
    const { id, kind, reason, by, received, due, state, verified, approved, items, proof, done } = request
    const told = full && state !== 'withdrawn' ? await itemsOf(request) : undefined
    const answered = state === 'approved' || state === 'started' || state === 'done'
    return {
      ...{ id, kind, reason, by, received: printInstant(received), due: printInstant(due), state },
      late: pressing(request, clock.now()) === 'request-late',
      ...(verified === undefined ? {} : { verified: { ...verified, at: printInstant(verified.at) } }),
      ...(approved === undefined ? {} : { approved: { ...approved, at: printInstant(approved.at) } }),
      count: items.length,
      ...(told === undefined ? {} : { items: told }),
      ...(full && answered ? { letter: letterFor(request, directory().site.name, day) } : {}),
      ...(proof === undefined ? {} : { proof: { ...proof, at: printInstant(proof.at) } }),
      ...(done === undefined ? {} : { done: printInstant(done) }),
    }
  }

  async function itemsOf(request: SubjectRequest): Promise<NonNullable<RequestView['items']>> {
    const views: NonNullable<RequestView['items']> = []
    for (const item of request.items) {
      const named = await proposals(request, item)
      const view = await store.transact(async (tx) => {
        const whole = await wholeOf(tx, item.bleep)
        const { reason } = await verdictOn(tx, item.bleep)
        const words = whole && wordsFor(whole.bleep.page.text, { access: 'governance' }, directory())
        return {
          ...{ bleep: item.bleep, received: printInstant(item.received), others: named.length },
          undecided: undecided(named, item.reviewed).length,
          ...(whole === undefined ? {} : { number: whole.bleep.number }),
          ...(words === undefined || words === '' ? {} : { words }),
          ...(reason === 'erase-goes' ? {} : { keeps: reason }),
          ...(item.decided === undefined
            ? {}
            : { decided: { ...item.decided, at: printInstant(item.decided.at) } }),
          ...(item.outcome === undefined ? {} : { outcome: item.outcome }),
        }
      })
      views.push(view)
      await turn()
    }
    return views
  }

  const day = (at: Instant): string =>
    new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: zone() }).format(at)
  const moment = (iso: string): string =>
    new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', timeZone: zone() }).format(
      Date.parse(iso),
    )

  return { viewOf, proposals, copied, day, moment }
}

/** Both forms of a pack, as bytes; refused while anything in it may name somebody else and nobody has decided on it. */
export async function packOf(
  { directory, clock }: GovernParts,
  { copied, moment }: RequestViews,
  request: SubjectRequest,
  actor: string,
): Promise<Result<{ readonly page: Uint8Array; readonly data: Uint8Array; readonly bleeps: number }>> {
  const bleeps: CopiedBleep[] = []
  const staff = staffOf(directory(), request.about)
  for (const item of request.items) {
    if (item.decided?.what !== 'give') continue
    const copy = await copied(request, item)
    if (copy === undefined) continue
    const named = proposalsIn(copy, request.about, staff, directory().hospitalNumbers)
    if (undecided(named, item.reviewed).length > 0) return failed('redaction-undecided', item.bleep)
    bleeps.push(redacted(copy, named, item.reviewed))
    await new Promise<void>((next) => void clock.after(0, next))
  }
  const pack = {
    ...{ document: 'bleep-bridge/subject-copy' as const, version: 1 as const, site: directory().site.name },
    ...{ by: actor, made: printInstant(clock.now()), reason: request.reason, says: [], bleeps },
    left: request.items.filter(({ decided }) => decided?.what === 'refuse').length,
  }
  const bytes = (text: string) => new TextEncoder().encode(text)
  return ok({
    page: bytes(packPage(pack, moment)),
    data: bytes(JSON.stringify(pack, null, 2)),
    bleeps: bleeps.length,
  })
}
