import type { Attempt } from '../../core/deliver/attempt.ts'
import type { ProviderReport } from '../../core/deliver/reports.ts'
import type { StoreTools } from '../../ports/tools.ts'
import { defect } from '../defect.ts'

/** Puts on the record of an alert what a network says of an attempt later on. A test of a way has no alert: nothing is kept. */
export function keepReports({ store, clock, ...tools }: StoreTools) {
  const keep = ({ id, alert, person, device, class: c }: Attempt, report: ProviderReport) =>
    store.transact(async (tx) => {
      const known = await tx.alerts.get(alert)
      if (known === undefined) return
      const at = clock.now()
      await tx.hops.stamp([
        { bleep: known.bleep, alert, hop: report, at, class: c, device, attempt: id, clock: 'ours', person },
      ])
      store.wake.ring('alerts')
    })
  return (attempt: Attempt, report: ProviderReport): void => {
    void keep(attempt, report).catch((error: unknown) => defect(tools, 'step-failed', attempt.id, error))
  }
}
