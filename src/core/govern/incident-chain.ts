import type { Digest } from './audit.ts'

/** One line of an incident pack, without its number and link. */
export type PackRecord = Readonly<Record<string, unknown>>

/**
 * A pack as text: a JSON object a line. Each line holds its number and the SHA-256 of the whole line before it, so that none
 * can be changed, put in or taken out; the last line signs the digest of the one before it (Ed25519), with the key beside it.
 * @param sign signs a text; `key` is the public key, SPKI in base64
 */
export function packText(
  records: readonly PackRecord[],
  digest: Digest,
  signer: { readonly key: string; sign(text: string): string },
): string {
  const lines: string[] = []
  let prev = ''
  const add = (record: PackRecord): void => {
    const line = JSON.stringify({ n: lines.length, prev, ...record })
    lines.push(line)
    prev = digest(line)
  }
  for (const record of records) add(record)
  const signed = prev
  add({ sort: 'end', records: records.length, key: signer.key, signature: signer.sign(signed) })
  return `${lines.join('\n')}\n`
}
