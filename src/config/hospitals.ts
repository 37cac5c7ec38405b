import { say } from '../core/catalogue/say.ts'
import { dialled, ricKey, shared } from '../core/directory/number-plan.ts'
import type { Site } from '../core/directory/site.ts'
import type { ConfigFault } from './fault.ts'
import type { Config } from './load.ts'

/** Where two hospitals use one number, every line must say whose it is: a call to the wrong hospital finds nobody in time. */
export function hospitalFaults({ feeds }: Config, site: Site | undefined): readonly ConfigFault[] {
  if (site === undefined) return []
  const several = [...shared(site.numbers, ({ number }) => dialled(number)), ...shared(site.numbers, ricKey)]
  return feeds.flatMap(({ hospital }, at): readonly ConfigFault[] => {
    const path = `feeds[${at}].hospital`
    if (hospital === undefined)
      return several.length === 0
        ? []
        : [
            {
              path,
              code: 'config-value',
              detail: say('settings.hospitalOfLine', { numbers: several.slice(0, 3).join(', ') }),
            },
          ]
    return site.hospitals.has(hospital) ? [] : [{ path, code: 'config-unresolved', detail: hospital }]
  })
}
