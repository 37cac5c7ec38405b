import type { Directory } from './directory.ts'

/**
 * The ward that an extension belongs to: by the site's column, else the place at which it stands.
 * @param extension as somebody wrote it: only its figures count
 */
export function wardOf(extension: string, directory: Directory): string | undefined {
  const number = extension.replace(/\D/g, '')
  return directory.wards?.get(number) ?? directory.extensions?.get(number)
}

/** Every ward of the site, by name. */
export function wardsOf({ extensions, wards }: Directory): readonly string[] {
  return [...new Set([...(extensions ?? [])].map(([number, place]) => wards?.get(number) ?? place))].sort()
}

/** The telephones of a ward, in the order of the site's table. */
export function extensionsOf(ward: string, directory: Directory): readonly string[] {
  return [...(directory.extensions?.keys() ?? [])].filter((number) => wardOf(number, directory) === ward)
}
