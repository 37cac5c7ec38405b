import { createRequire } from 'node:module'
import { endianness } from 'node:os'

/** As C lays out what `adjtimex(2)` fills in: modes, offset, freq and then maxerror, which are longs; room for all of it. */
const STRUCT = 512
const MAX_ERROR = 3
/** The kernel lets the greatest possible error grow while nobody sets the clock, and stops counting here. Microseconds. */
const NOBODY_SETS_IT = 16_000_000

export interface KernelClock {
  /** Longs of this machine, bytes. */
  readonly long: number
  /** Fills in the struct; below 0 where the kernel refuses. */
  adjtimex(into: Uint8Array): number
}

/**
 * Whether something keeps this machine's clock, whichever service it is (systemd, chrony, ntpd, the host of a container):
 * all of them tell the kernel. Undefined where the kernel cannot be asked; never throws.
 */
export function keepsTime(open: () => KernelClock = kernelClock): boolean | undefined {
  try {
    const { long, adjtimex } = open()
    // No modes: nothing is set, so anybody may ask.
    const into = Buffer.alloc(STRUCT)
    if (adjtimex(into) < 0) return undefined
    const at = MAX_ERROR * long
    const little = endianness() === 'LE'
    const error =
      long === 8
        ? little
          ? into.readBigInt64LE(at)
          : into.readBigInt64BE(at)
        : little
          ? into.readInt32LE(at)
          : into.readInt32BE(at)
    return error < NOBODY_SETS_IT
  } catch {
    return undefined
  }
}

function kernelClock(): KernelClock {
  const koffi: typeof import('koffi') = createRequire(import.meta.url)('koffi')
  const call = koffi.load(null).func('int adjtimex(_Inout_ uint8_t *into)')
  return { long: koffi.sizeof('long'), adjtimex: (into) => Number(call(into)) }
}
