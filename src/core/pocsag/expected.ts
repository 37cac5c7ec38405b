import { RicDirectory } from './directory.ts'

/** The radio addresses of a number plan, in steps of a few hundred rows: a running daemon reads pages between them. */
export function* expectedRics(numbers: readonly { readonly ric?: number }[]): Generator<void, RicDirectory> {
  const rics = new RicDirectory([])
  for (const [i, { ric }] of numbers.entries()) {
    if (i % 256 === 255) yield
    if (ric !== undefined) rics.add({ ric })
  }
  return rics
}
