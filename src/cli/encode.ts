import { PROTOCOLS } from '../core/line/registry.ts'
import { protocolOf } from './decode.ts'
import type { ExitCode } from './exit.ts'

/** `bleepd encode`: JSON lines → the bytes a sender of that protocol would put on the wire. */
export async function encode(args: readonly string[]): Promise<ExitCode> {
  if (PROTOCOLS.get(protocolOf(args) ?? '')?.traits.bits)
    return (await import('./encode-pocsag.ts')).encodePocsag(args)
  return (await import('./encode-line.ts')).encodeLine(args)
}
