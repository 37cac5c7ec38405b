import type { Finding } from '../core/measure/watch/standing.ts'
import type { FilingSite } from '../ports/filings.ts'
import { startFilingDecide } from '../run/keep/filing-decide.ts'
import { startFilingSend } from '../run/keep/filing-send.ts'
import { type FilingWatch, startFilingWatch } from '../run/keep/filing-watch.ts'
import { filingOf } from './filing.ts'
import type { Ground } from './ground.ts'

export interface FilingPart {
  readonly site: FilingSite
  readonly watch: Pick<FilingWatch, 'now'>
  troubles(): readonly Finding[]
  stop(): Promise<void>
}

/** Filing in the patient's record, at its own pace beside everything else; undefined where the site has no way into one. */
export async function startFilingPart(ground: Ground): Promise<FilingPart | undefined> {
  const filing = await filingOf(ground.whole, ground)
  if (filing === undefined) return undefined
  const { ways } = filing
  const watch = startFilingWatch({ ...ground, ways })
  const parts = { ...ground, filing, heard: watch.heard }
  const loops = [startFilingDecide(parts), ...ways.map((way) => startFilingSend(way, parts))]
  return {
    ...{ site: filing, watch, troubles: watch.troubles },
    async stop() {
      await Promise.all([watch.stop(), ...loops.map((loop) => loop.stop())])
      for (const way of ways) way.close()
    },
  }
}
