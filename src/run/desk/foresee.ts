import { foresee, readAddress } from '../../core/foresee/foresee.ts'
import { foreseenView } from '../../core/foresee/view.ts'
import type { Desk } from '../../ports/desk.ts'
import { allowed, type DeskParts, done, refuse } from './desk-parts.ts'

/** What a page to a number would lead to, with nobody rung and nothing kept of its words. */
export function createForesee(parts: DeskParts): Pick<Desk, 'foresee'> {
  const { store, clock, roster, calling } = parts
  return {
    foresee: (caller, { number, text = '', at = clock.now() }) =>
      allowed(parts, caller, 'rota.read', async () => {
        if (calling === undefined) return refuse('call-unknown')
        const devices = await store.transact((tx) => tx.devices.list())
        const directory = roster.current()
        const known = { directory, devices, now: clock.now() }
        const rules = { rules: calling.rules(), policies: calling.policies() }
        return done(
          foreseenView(foresee(readAddress(number), text, at, { ...known, ...rules }), at, directory),
        )
      }),
  }
}
