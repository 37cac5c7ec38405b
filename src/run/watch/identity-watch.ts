import type { FaultValue, Result } from '../../core/faults.ts'
import { DEFECT, DEFECT_OVER } from '../../ports/log.ts'
import type { Provider } from '../../ports/provider.ts'
import type { Telling } from '../../ports/tools.ts'

const ABOUT = { fault: 'provider-down', subject: 'sign-in' } as const

/**
 * The same provider of sign-ins. When it does not answer, that stands as a fault until it answers somebody, or for an
 * hour: others than those who stand at the desk must hear of it.
 */
export function watchIdentity(provider: Provider, { log }: Pick<Telling, 'log'>): Provider {
  let down = false
  const heard = <T>(said: Result<T, FaultValue>): Result<T, FaultValue> => {
    const now = !said.ok && said.fault.code === 'provider-down'
    if (now) log.error(DEFECT, ABOUT)
    else if (down) log.info(DEFECT_OVER, ABOUT)
    down = now
    return said
  }
  return {
    ...provider,
    begin: async (back, again) => heard(await provider.begin(back, again)),
    finish: async (at, away) => heard(await provider.finish(at, away)),
  }
}
