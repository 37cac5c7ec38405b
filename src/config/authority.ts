import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { say } from '../core/catalogue/say.ts'
import type { ConfigFault } from './fault.ts'
import type { Config } from './load.ts'

/**
 * The text of a PEM file that the configuration names. What cannot be read was told by the check; without it the far end is
 * not trusted, which stands, and everything else runs.
 */
export function readPem(folder: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined
  try {
    return readFileSync(resolve(folder, path), 'utf8')
  } catch {
    return undefined
  }
}

export function isCertificate(folder: string, path: string): boolean {
  try {
    return new X509Certificate(readPem(folder, path) ?? '').subject !== undefined
  } catch {
    return false
  }
}

/** Authorities that cannot be read, of broker, mail and ways out: whoever they vouch for would not be trusted. */
export function authorityFaults(config: Config): readonly ConfigFault[] {
  const { mqtt, mail, push, folder } = config
  const named: readonly (readonly [place: string, path: string | undefined])[] = [
    ['mqtt.ca', mqtt?.ca],
    ['mail.ca', mail?.ca],
    ...Object.entries(push).map(
      ([kind, settings]) =>
        [
          `push.${kind}.ca`,
          typeof settings === 'object' && 'ca' in settings ? settings.ca : undefined,
        ] as const,
    ),
  ]
  return named.flatMap(([path, file]) =>
    file === undefined || isCertificate(folder, file)
      ? []
      : [
          {
            path,
            code: 'certificate-bad' as const,
            detail: say('settings.holdsNoCertificateRead', { path: file }),
          },
        ],
  )
}
