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
    detail: `${retention[shorter]} days, longer than retention.${longer} with ${retention[longer]}`,
  }))
  if (backup !== undefined && store.kind === 'postgres')
    faults.push({
      path: 'backup',
      code: 'config-value',
      detail: 'PostgreSQL is copied by the site’s own means: pg_dump, or replication with an archive',
    })
  return faults
}
