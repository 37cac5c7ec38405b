import { type KeyObject, verify } from 'node:crypto'

/** Header and claims of a signed token. Throws naming what is wrong with it. */
export function readToken(
  token: string,
  alg: 'ES256' | 'RS256',
  key: KeyObject,
): { readonly head: Readonly<Record<string, unknown>>; readonly claims: Readonly<Record<string, unknown>> } {
  const [head = '', claims = '', signature = '', ...more] = token.split('.')
  if (more.length > 0) throw new Error('token has more than three parts')
  const read = (part: string): Readonly<Record<string, unknown>> => ({
    ...JSON.parse(Buffer.from(part, 'base64url').toString()),
  })
  if (read(head).alg !== alg) throw new Error(`token is not signed with ${alg}`)
  const genuine = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    alg === 'ES256' ? { key, dsaEncoding: 'ieee-p1363' } : key,
    Buffer.from(signature, 'base64url'),
  )
  if (!genuine) throw new Error('token signature is false')
  return { head: read(head), claims: read(claims) }
}
