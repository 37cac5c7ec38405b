import { z } from 'zod'
import { say } from '../core/catalogue/say.ts'
import type { Site } from '../core/directory/site.ts'
import { isCertificate, isPrivateKey } from './authority.ts'
import type { ConfigFault } from './fault.ts'
import { type Resolved, secret } from './secret.ts'

const uri = z.string().regex(/^(https?:\/\/|urn:)\S+$/, say('settings.aUriHttpsOrUrn'))
/** What HL7 lets stand in a name. */
const hd = z.string().regex(/^[\w .-]{1,60}$/, say('settings.plainNameForm'))

const tls = z.strictObject({
  ca: z.string().optional().meta({ description: 'PEM file of the authority that signed its certificate' }),
  cert: z.string().optional().meta({ description: 'PEM file of our own certificate, where it asks for one' }),
  key: secret.optional(),
})

const token = z
  .strictObject({
    url: z.url().meta({ description: 'Token endpoint' }),
    clientId: z.string().min(1),
    secret: secret.optional(),
    key: secret
      .optional()
      .meta({ description: 'Instead of a secret: private key in PEM (PKCS #8, RSA or P-256) that signs' }),
    keyId: z.string().optional(),
    scope: z.string().optional(),
  })
  .meta({ description: 'OAuth 2.0 client credentials' })

const fhir = z
  .strictObject({
    url: z.url().meta({ description: 'Base address of the FHIR R4 server' }),
    token: token.optional(),
    tls: tls
      .optional()
      .meta({ description: 'Absent: the authorities of this machine, no certificate of ours' }),
    subject: z.enum(['search', 'identifier']).default('search').meta({
      description: 'search: the server finds the one patient with the number; identifier: where it cannot',
    }),
    lookUp: z
      .boolean()
      .default(true)
      .meta({ description: 'Ask it for name and date of birth before anything is filed' }),
    ods: z
      .string()
      .regex(/^[A-Z0-9]{3,10}$/)
      .optional()
      .meta({ description: 'ODS code of the trust' }),
  })
  .meta({ description: 'FHIR R4: a transaction with Communication and Provenance' })

const hl7 = z
  .strictObject({
    host: z.string().min(1),
    port: z.number().int().min(1).max(65_535),
    tls: tls.optional().meta({ description: 'Absent: in clear' }),
    message: z.enum(['mdm', 'oru']).default('mdm').meta({
      description: 'mdm: documents (MDM^T02, T10, T11); oru: results (ORU^R01)',
    }),
    version: z.enum(['2.3', '2.3.1', '2.4', '2.5', '2.5.1', '2.6', '2.7']).default('2.4'),
    application: hd.default('BLEEPBRIDGE'),
    facility: hd.or(z.literal('')).default(''),
    toApplication: hd.or(z.literal('')).default(''),
    toFacility: hd.or(z.literal('')).default(''),
    documentType: hd.default('CN').meta({ description: 'TXA-2, by the site’s own list' }),
    code: z
      .strictObject({ code: hd, text: hd, system: hd })
      .default({ code: 'BLEEP', text: 'Bleep and answer', system: 'L' })
      .meta({ description: 'OBX-3, and OBR-4 of a result' }),
    nhsAuthority: hd.default('NHS').meta({ description: 'PID-3.4 of an NHS number' }),
    lookUp: z
      .strictObject({ host: z.string().min(1), port: z.number().int().min(1).max(65_535) })
      .optional()
      .meta({ description: 'Where QBP^Q21 (get person demographics) is answered; absent: it is not asked' }),
  })
  .meta({ description: 'HL7 v2 over MLLP' })

/** Where what became of a call about a patient is filed; absent: nowhere. */
export const filing = z
  .strictObject({
    system: uri.meta({
      description: 'Naming system of our documents, of the site’s own: https://…/Id/bleep',
    }),
    staffSystem: uri
      .optional()
      .meta({ description: 'Naming system of people’s ids; default system + /staff' }),
    hospitalNumber: z
      .strictObject({
        system: uri.meta({ description: 'Their naming system in FHIR' }),
        authority: hd.meta({ description: 'PID-3.4 in HL7' }),
      })
      .optional(),
    fhir: fhir.optional(),
    hl7: hl7.optional(),
  })
  .optional()
  .meta({ description: 'Filing in the patient’s record; config/filing.md' })

export type FilingSettings = Resolved<NonNullable<z.infer<typeof filing>>>

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/i

/** What no schema sees: it would be found at the first patient. */
export function filingFaults(
  { filing: settings, folder }: { readonly filing?: FilingSettings | undefined; readonly folder: string },
  site: Pick<Site, 'hospitalNumber'> | undefined,
): readonly ConfigFault[] {
  if (settings === undefined) return []
  const faults: ConfigFault[] = []
  const wrong = (place: string, detail: string) =>
    faults.push({ path: `filing${place}`, code: 'config-value', detail })
  const { fhir, hl7, hospitalNumber } = settings
  if (fhir === undefined && hl7 === undefined) wrong('', say('settings.noWayIsSet'))
  if (hospitalNumber !== undefined && site !== undefined && site.hospitalNumber === undefined)
    wrong('.hospitalNumber', say('settings.siteHasNoShapeOfIt'))
  if (fhir !== undefined) {
    for (const [place, url] of [
      ['.fhir.url', fhir.url],
      ['.fhir.token.url', fhir.token?.url ?? fhir.url],
    ] as const)
      if (!url.startsWith('https:') && !LOOPBACK.test(new URL(url).hostname))
        wrong(place, say('settings.numbersWouldCrossInClear'))
    const { secret, key } = fhir.token ?? {}
    if (fhir.token !== undefined && (secret === undefined) === (key === undefined))
      wrong('.fhir.token', say('settings.eitherSecretOrKey'))
    if (key !== undefined && !isPrivateKey(key)) wrong('.fhir.token.key', say('settings.noPrivateKeyInPem'))
  }
  for (const [place, pair] of [
    ['.fhir.tls', fhir?.tls],
    ['.hl7.tls', hl7?.tls],
  ] as const) {
    if (pair !== undefined && (pair.cert === undefined) !== (pair.key === undefined))
      wrong(place, say('settings.certAndKeyGoTogether'))
    for (const [name, path] of Object.entries({ ca: pair?.ca, cert: pair?.cert }))
      if (path !== undefined && !isCertificate(folder, path))
        faults.push({
          ...{ path: `filing${place}.${name}`, code: 'certificate-bad' },
          detail: say('settings.holdsNoCertificateRead', { path }),
        })
    if (pair?.key !== undefined && !isPrivateKey(pair.key))
      wrong(`${place}.key`, say('settings.noPrivateKeyInPem'))
  }
  for (const [place, at, secure] of [
    ['.hl7.tls', hl7?.host, hl7?.tls !== undefined],
    ['.hl7.lookUp', hl7?.lookUp?.host, hl7?.tls !== undefined],
  ] as const)
    if (at !== undefined && !secure && !LOOPBACK.test(at))
      faults.push({
        ...{ path: `filing${place}`, code: 'config-unsafe' },
        detail: say('settings.wordsAndNumbersCrossInClear'),
      })
  return faults
}
