import { z } from 'zod'

/** How a serial port must be set to hear a device. Parity of a 7-bit sender may be left to the protocol: then 8N1 here. */
export const serialSettings = z.strictObject({
  baud: z.number().int().min(50).max(1_000_000).default(9600),
  dataBits: z.union([z.literal(7), z.literal(8)]).default(8),
  parity: z.enum(['none', 'even', 'odd', 'mark', 'space']).default('none'),
  stopBits: z.union([z.literal(1), z.literal(2)]).default(1),
  /** `xonxoff` takes 11h and 13h out of the data and a stray 13h stops our output: never for binary records. */
  flow: z.enum(['none', 'rtscts', 'xonxoff']).default('none'),
})

export type SerialSettings = z.infer<typeof serialSettings>

/** Bits one character takes on the wire, start and stop bits counted. */
export function bitsPerCharacter(s: SerialSettings): number {
  return 1 + s.dataBits + (s.parity === 'none' ? 0 : 1) + s.stopBits
}

/** `9600 7E1`, as engineers write it. */
export function printSettings(s: SerialSettings): string {
  return `${s.baud} ${s.dataBits}${s.parity.charAt(0).toUpperCase()}${s.stopBits}`
}
