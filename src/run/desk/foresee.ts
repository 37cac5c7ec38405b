import { isAddress, readAddress } from '../../core/foresee/asked-of.ts'
import { type ForeseeParts, foresee } from '../../core/foresee/foresee.ts'
import { foreseenView, weekView } from '../../core/foresee/view.ts'
import { holesOf, likeNumbers, WEEK_HOURS } from '../../core/foresee/week.ts'
import { given } from '../../core/given.ts'
import { HOUR } from '../../core/instant.ts'
import type { ForeseeDesk } from '../../ports/foresee-desk.ts'
import { everyDevice } from '../every-device.ts'
import { inSlices, turn } from '../slices.ts'
import { allowed, type Calling, type DeskParts, done, refuse } from './desk-parts.ts'

/** Groups of like numbers in one part of a week: about a second of work, in small steps. */
const PART = 15

/** What a page to a number would lead to, with nobody rung and nothing kept of its words; and where a week has gaps. */
export function createForesee(parts: DeskParts): ForeseeDesk {
  const { store, clock, roster, calling, ways } = parts
  const known = async ({ rules, policies }: Calling): Promise<ForeseeParts> => ({
    ...{ directory: roster.current(), devices: await everyDevice(store) },
    ...{ rules: rules(), policies: policies(), now: clock.now() },
    ...given({ channels: ways && new Set(ways) }),
  })
  return {
    foresee: (caller, { number, text = '', at = clock.now() }) =>
      allowed(parts, caller, 'rota.read', async () => {
        if (calling === undefined) return refuse('call-unknown')
        const ground = await known(calling)
        // Reading, working out and showing it are a turn each: anybody may ask often.
        await turn()
        const { directory } = ground
        if (!isAddress(number, directory)) return refuse('address-unreadable')
        const foreseen = foresee(readAddress(number, directory), text, at, ground)
        await turn()
        return done(foreseenView(foreseen, at, roster.current()))
      }),
    week: (caller, skip) =>
      allowed(parts, caller, 'rota.read', async () => {
        if (calling === undefined) return refuse('call-unknown')
        const ground = await known(calling)
        const from = Math.floor(ground.now / HOUR) * HOUR
        const holes = await inSlices(holesOf(from, WEEK_HOURS, ground, { skip, take: PART }))
        const more = [...likeNumbers(ground.directory)].length > skip + PART ? { next: skip + PART } : {}
        return done(weekView(holes, { from, to: from + WEEK_HOURS * HOUR, ...more }, ground.directory))
      }),
  }
}
