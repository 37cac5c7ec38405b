import type { Alert } from '../../core/alert/alert.ts'
import type { Bleep } from '../../core/bleep/bleep.ts'
import type { SiteDirectory } from '../../core/directory/build.ts'
import { hopsOf } from '../../core/measure/hops.ts'
import type { FiledFrom } from '../../core/record/document.ts'
import { type FilingInput, type FilingStep, newFiling, stepFiling } from '../../core/record/filing.ts'
import { type LocalNumbers, type PatientsFound, patientsIn } from '../../core/record/patient.ts'
import { sendOf } from '../../core/record/send.ts'
import type { FilingSite } from '../../ports/filings.ts'
import type { Tx } from '../../ports/store.ts'

/** Steps the filing of one alert and stores what came of it; alone with it until the transaction ends. */
export async function applyFiling(
  tx: Tx,
  { id, bleep, raised }: Pick<Alert, 'id' | 'bleep' | 'raised'>,
  input: FilingInput,
  { ways }: Pick<FilingSite, 'ways'>,
): Promise<FilingStep> {
  await tx.alone(`filing/${id}`)
  const was = await tx.filings.get(id)
  const step = stepFiling(was?.filing ?? newFiling(id, bleep, raised), input)
  if (!step.done && step.filing === was?.filing) return step
  const kept = (was?.sends ?? []).map((send) => {
    if (!step.drop || send.state !== 'waiting') return send
    const { patient: _, ...rest } = send
    return { ...rest, state: 'dropped' as const, settled: input.at }
  })
  const forgets = input.kind === 'forgotten'
  const sends = forgets ? kept.map(({ patient: _, ...rest }) => rest) : kept
  const added = step.add.flatMap((one) => ways.map((way) => sendOf(id, way.id, one, input.at)))
  await tx.filings.save({ filing: step.filing, sends: [...sends, ...added] }, input.at)
  return step
}

/** Everything that was written in a call, and the asker's own field for the patient. */
export interface Written {
  readonly asked: string | undefined
  readonly texts: readonly string[]
}

export async function writtenOn(tx: Tx, alert: Alert, bleep: Bleep): Promise<Written> {
  const repeats = await repeatsOf(tx, alert)
  const sightings = await tx.bleeps.sightings(bleep.id)
  const notes = (await tx.alerts.events(alert.id)).flatMap((event) => {
    if (event.kind === 'said') return [event.said.text]
    return (event.kind === 'answered' || event.kind === 'closed') && event.note ? [event.note] : []
  })
  return {
    asked: bleep.page.fields.identifier,
    texts: [bleep, ...repeats, ...sightings].map(({ page }) => page.text).concat(notes),
  }
}

export function foundOn({ asked, texts }: Written, local: LocalNumbers): PatientsFound {
  return patientsIn(asked, texts, local)
}

async function repeatsOf(tx: Tx, alert: Alert): Promise<readonly Bleep[]> {
  const found: Bleep[] = []
  for (const id of alert.repeats) {
    const bleep = await tx.bleeps.get(id)
    if (bleep !== undefined) found.push(bleep)
  }
  return found
}

/** All that a document is made of. */
export async function filedFrom(
  tx: Tx,
  alert: Alert,
  bleep: Bleep,
  directory: SiteDirectory,
  local: LocalNumbers,
  many: boolean,
): Promise<FiledFrom> {
  return {
    ...{ alert, bleep, directory, local, many },
    events: await tx.alerts.events(alert.id),
    hops: hopsOf(bleep, await tx.hops.of(bleep.id)),
    repeats: await repeatsOf(tx, alert),
  }
}
