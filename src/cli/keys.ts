import { newKey, vapidPair } from '../config/first/keys.ts'
import { say } from '../core/catalogue/say.ts'
import { certificateRequest, selfSignedCertificate } from '../io/x509.ts'
import { tell, writtenJson } from './beside.ts'
import { EXIT, type ExitCode } from './exit.ts'

const SORTS = ['vapid', 'session', 'operator', 'certificate', 'request'] as const
type Sort = (typeof SORTS)[number]

export interface KeysOptions {
  /** For a certificate or a request: how browsers call this machine. */
  readonly name?: string
}

const DAY = 86_400_000
/** Browsers take no certificate that lasts longer. */
export const CERTIFICATE_LASTS = 397 * DAY

/**
 * `bleepd keys`: new keys on standard output as one JSON object, to be put where the configuration refers to. Nothing
 * is written to disk and nothing that is in use changes.
 */
export async function keys(
  wanted: readonly string[],
  { name }: KeysOptions,
  now: number = Date.now(),
): Promise<ExitCode> {
  const sorts = wanted.length === 0 ? (['vapid', 'session', 'operator'] as const) : wanted
  const unknown = sorts.find((one) => !SORTS.some((sort) => sort === one))
  if (unknown !== undefined) return usage(say('cli.keysUnknown', { unknown, sorts: SORTS.join(', ') }))
  const certified = sorts.some((one) => one === 'certificate' || one === 'request')
  if (certified && name === undefined) return usage(say('cli.keysNeedName'))
  const subject = { commonName: name ?? '', names: name === undefined ? [] : [name] }
  const makers: Readonly<Record<Sort, () => unknown>> = {
    vapid: vapidPair,
    session: newKey,
    operator: newKey,
    certificate: () => selfSignedCertificate(subject, now, CERTIFICATE_LASTS),
    request: () => certificateRequest(subject),
  }
  await writtenJson(
    Object.fromEntries(SORTS.filter((sort) => sorts.includes(sort)).map((sort) => [sort, makers[sort]()])),
  )
  if (sorts.includes('vapid')) tell(say('cli.keysVapidWarning'))
  return EXIT.good
}

function usage(sentence: string): ExitCode {
  tell(sentence)
  return EXIT.usage
}
