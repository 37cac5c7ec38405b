import { createRequire } from 'node:module'
import { endianness } from 'node:os'
import type { LineErrors } from '../../core/line/kit/line-errors.ts'

/** Reads what the driver of an open port has counted; `undefined` where it counts nothing, as a pseudo-terminal does. */
export type DriverCounts = (descriptor: number) => LineErrors | undefined

/** `ioctl` request that gets the counters and changes nothing (asm-generic/ioctls.h). */
const TIOCGICOUNT = 0x545d
/** `struct serial_icounter_struct` (linux/serial.h): twenty ints, of which these are ours by place. */
const SIZE = 20 * 4
const FRAME = 6
const OVERRUN = 7
const PARITY = 8
const BREAK = 9
const BUFFER_OVERRUN = 10

export type Ioctl = (descriptor: number, request: number, into: Uint8Array) => number

/**
 * The kernel's own counters, on Linux. The library for the call is loaded with the first port that asks.
 * @param open the way to the kernel
 */
export function kernelCounts(
  platform: string = process.platform,
  open: () => Ioctl = openIoctl,
): DriverCounts {
  if (platform !== 'linux') return () => undefined
  let ioctl: Ioctl | undefined
  let broken = false
  return (descriptor) => {
    if (broken) return undefined
    const into = Buffer.alloc(SIZE)
    try {
      ioctl ??= open()
      return ioctl(descriptor, TIOCGICOUNT, into) === 0 ? readCounts(into) : undefined
    } catch {
      // A libc that cannot be reached leaves a port that tells nothing, never one that is not opened.
      broken = true
      return undefined
    }
  }
}

/** The counters as the kernel lays them out. */
export function readCounts(struct: Uint8Array): LineErrors {
  const view = new DataView(struct.buffer, struct.byteOffset, struct.byteLength)
  const int = (place: number): number => view.getUint32(place * 4, endianness() === 'LE')
  return {
    parity: int(PARITY),
    framing: int(FRAME),
    break: int(BREAK),
    overrun: (int(OVERRUN) + int(BUFFER_OVERRUN)) >>> 0,
  }
}

/** `ioctl` of the C library, for requests whose argument is a place to write the answer to. */
export function openIoctl(): Ioctl {
  const koffi: typeof import('koffi') = createRequire(import.meta.url)('koffi')
  const call = koffi.load(null).func('int ioctl(int fd, unsigned long request, _Out_ uint8_t *into)')
  return (descriptor, request, into) => Number(call(descriptor, request, into))
}
