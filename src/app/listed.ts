import { SECOND } from '../core/instant.ts'
import type { Finding } from '../core/measure/watch/standing.ts'
import type { ScimDoor } from '../ports/listed.ts'
import { startLdap } from '../run/keep/ldap.ts'
import { startListed } from '../run/keep/listed.ts'
import type { Trail } from '../run/keep/trail.ts'
import type { Ground } from './ground.ts'
import { originOf } from './sign-in.ts'

export interface ListedPart {
  readonly scim?: ScimDoor
  troubles(): readonly Finding[]
  stop(): Promise<void>
}

/** Joiners, movers and leavers as the trust's own directory tells them, where the site has one. */
export function startListedPart(ground: Ground, trail: Trail): ListedPart {
  const { store, clock, random, whole, roster } = ground
  const { scim, ldap, leaversHeldPercent } = whole.config.identity
  if (scim === undefined && ldap === undefined) return { troubles: () => [], stop: async () => undefined }
  const loops = [startListed({ ...ground, roster, share: leaversHeldPercent / 100 })]
  if (ldap !== undefined) {
    const { user, password, everySeconds, ...settings } = ldap
    const all = {
      ...settings,
      ...(user === undefined ? {} : { user }),
      ...(password === undefined ? {} : { password }),
    }
    loops.push(
      startLdap({
        ...ground,
        every: everySeconds * SECOND,
        // The library comes with the first reading: a site without a directory does without its memory.
        read: async () => (await import('../io/directory/ldap.ts')).readLdap(all),
      }),
    )
  }
  let door: Promise<ScimDoor> | undefined
  const open = async (): Promise<ScimDoor> => {
    const { scimDoor } = await import('../io/directory/scim.ts')
    return scimDoor({
      ...{ store, clock, random, base: `${originOf(whole.config)}/scim/v2` },
      did: (action, subject) => trail.did({ actor: 'scim', action, subject }),
    })
  }
  return {
    ...(scim === undefined
      ? {}
      : {
          scim: async (ask) => {
            door ??= open()
            return (await door)(ask)
          },
        }),
    troubles: () => loops.flatMap((loop) => loop.troubles()),
    stop: async () => void (await Promise.all(loops.map((loop) => loop.stop()))),
  }
}
