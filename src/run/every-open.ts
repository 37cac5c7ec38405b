import type { Alert } from '../core/alert/alert.ts'
import type { PageMark } from '../ports/page-mark.ts'
import type { Store } from '../ports/store.ts'
import { turn } from './slices.ts'

/** So many alerts are read in one transaction, which takes some milliseconds. */
const AT_ONCE = 50

/**
 * Every open alert, the last raised first. A flood leaves thousands, so they are read in parts, and pages are stored in
 * between. What is raised meanwhile is left out; what is closed meanwhile may still come.
 */
export async function* everyOpen(store: Pick<Store, 'transact'>): AsyncGenerator<Alert, void> {
  for (let before: PageMark | undefined; ; ) {
    const mark = before
    const part = await store.transact((tx) =>
      tx.alerts.list({ phase: 'open', limit: AT_ONCE, ...(mark === undefined ? {} : { before: mark }) }),
    )
    yield* part
    const last = part.at(-1)
    if (last === undefined || part.length < AT_ONCE) return
    before = { at: last.raised, id: last.id }
    await turn()
  }
}
