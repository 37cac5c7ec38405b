import { z } from 'zod'

/** A secret in configuration is a reference, never a value: `file:/path` (whole file, trimmed) or `env:NAME`. */
export interface SecretRef {
  readonly secret: string
}

export const secret = z
  .string()
  .regex(/^(file:.+|env:[A-Za-z_][A-Za-z0-9_]*)$/, 'a secret is a reference: file:PATH or env:NAME')
  .transform((reference): SecretRef => ({ secret: reference }))
  .meta({ description: 'Reference to a secret: file:PATH or env:NAME' })

/** The configuration once every reference has been read: secrets are plain text, in memory only. */
export type Resolved<T> = T extends SecretRef
  ? string
  : T extends (infer Item)[]
    ? Resolved<Item>[]
    : T extends object
      ? { [Key in keyof T]: Resolved<T[Key]> }
      : T
