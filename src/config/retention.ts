import { say } from '../core/catalogue/say.ts'
import { NO_LONGER_THAN } from '../core/govern/retain.ts'
import type { ConfigFault } from './fault.ts'
import type { Config } from './load.ts'

/** Keep times that contradict each other, and copies of a database that is not ours to copy. */
export function keepFaults({
  retention,
  backup,
  store,
}: Pick<Config, 'retention' | 'backup' | 'store'>): readonly ConfigFault[] {
  const faults: ConfigFault[] = NO_LONGER_THAN.filter(
    ([shorter, longer]) => retention[shorter] > retention[longer],
  ).map(([shorter, longer]) => ({
    path: `retention.${shorter}`,
    code: 'config-value',
    detail: say('settings.daysLongerThanRetentionWith', {
      days: retention[shorter],
      longer,
      kept: retention[longer],
    }),
  }))
  if (backup !== undefined && store.kind === 'postgres')
    faults.push({
      path: 'backup',
      code: 'config-value',
      detail: say('settings.postgresqlCopiedSitesOwnMeans'),
    })
  return faults
}
