import { PROTOCOLS } from '../core/line/registry.ts'
import type { ExitCode } from './exit.ts'

/** `bleepd decode`: radio bits and audio go to the POCSAG decoder, everything else through the protocol registry. */
export async function decode(args: readonly string[]): Promise<ExitCode> {
  if (PROTOCOLS.get(protocolOf(args) ?? '')?.traits.bits)
    return (await import('./decode-pocsag.ts')).decodePocsag(args)
  return (await import('./decode-line.ts')).decodeLine(args)
}

/** The value after `--as`, or in `--as=value`. */
export function protocolOf(args: readonly string[]): string | undefined {
  const at = args.findIndex((a) => a === '--as' || a.startsWith('--as='))
  if (at < 0) return undefined
  return args[at] === '--as' ? args[at + 1] : args[at]!.slice('--as='.length)
}
