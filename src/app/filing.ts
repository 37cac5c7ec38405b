import { readPem } from '../config/authority.ts'
import type { FilingSettings } from '../config/filing.ts'
import type { Whole } from '../config/whole.ts'
import type { SiteDirectory } from '../core/directory/build.ts'
import { clockAt, dayAt, printDay } from '../core/directory/civil.ts'
import { given } from '../core/given.ts'
import { NHS_NUMBER } from '../core/record/fhir.ts'
import type { Clock } from '../ports/clock.ts'
import type { FilingSite } from '../ports/filings.ts'
import type { Random } from '../ports/random.ts'

/** The ways into a record that the configuration names; undefined: nothing is filed here. */
export async function filingOf(
  { config, site }: Whole,
  tools: { readonly clock: Clock; readonly random: Random; readonly directory: () => SiteDirectory },
): Promise<FilingSite | undefined> {
  const { directory } = tools
  const settings = config.filing
  if (settings === undefined) return undefined
  const tlsOf = (tls: NonNullable<FilingSettings['fhir']>['tls']) =>
    tls && given({ ca: readPem(config.folder, tls.ca), cert: readPem(config.folder, tls.cert), key: tls.key })
  const { fhir, hl7, system, staffSystem, hospitalNumber } = settings
  return {
    local: (text) =>
      hospitalNumber === undefined
        ? []
        : directory()
            .hospitalNumbers(text)
            .map(({ said }) => said),
    ways: [
      ...(fhir === undefined
        ? []
        : [
            (await import('../io/filing/fhir.ts')).fhirWay(
              {
                ...{ url: fhir.url, lookUp: fhir.lookUp },
                names: {
                  ...{ system, staff: staffSystem ?? `${system}/staff`, subject: fhir.subject },
                  patients: { nhs: NHS_NUMBER, local: hospitalNumber?.system ?? system },
                  ...given({ ods: fhir.ods }),
                },
                ...given({ token: fhir.token, tls: tlsOf(fhir.tls) }),
              },
              tools.clock,
            ),
          ]),
      ...(hl7 === undefined
        ? []
        : [
            (await import('../io/filing/hl7.ts')).hl7Way(
              {
                to: { host: hl7.host, port: hl7.port, ...given({ tls: tlsOf(hl7.tls) }) },
                ...given({ lookUp: hl7.lookUp && { ...hl7.lookUp, ...given({ tls: tlsOf(hl7.tls) }) } }),
                names: {
                  ...hl7,
                  authorities: { nhs: hl7.nhsAuthority, local: hospitalNumber?.authority ?? '' },
                },
                time: (at) => `${printDay(dayAt(at, site.zone))} ${clockAt(at, site.zone)}`,
              },
              tools,
            ),
          ]),
    ],
  }
}
