import { z } from 'zod'
import { say } from '../../catalogue/say.ts'
import { CHARSETS } from '../../pocsag/code/charset.ts'
import { BAUDS, PREAMBLE_BITS } from '../../pocsag/code/tables.ts'
import { ricEntrySchema } from '../../pocsag/directory.ts'

const contentRule = z.enum(['numeric', 'alpha', 'tone', 'auto'])

export const pocsagOptions = z
  .strictObject({
    /** `listen`: we decode what is on the line and never write. `transmit`: we give bits to a transmitter's input. */
    role: z.enum(['listen', 'transmit']).default('listen'),
    /** How the bits come: one a bit, several samples a bit, or 16-bit audio of a receiver. */
    input: z.enum(['packed', 'oversampled', 'pcm16']).default('packed'),
    samplesPerBit: z
      .union([z.literal(1), z.literal(2), z.literal(4), z.literal(8), z.literal(16)])
      .default(8),
    /** Samples a second; with it and `baud: auto` the rate is found. */
    sampleRate: z.number().min(1024).max(1_000_000).optional(),
    baud: z
      .union([z.literal(BAUDS[0]), z.literal(BAUDS[1]), z.literal(BAUDS[2]), z.literal('auto')])
      .default('auto'),
    bitOrder: z.enum(['msb', 'lsb']).default('msb'),
    polarity: z.enum(['auto', 'normal', 'inverted']).default('auto'),
    charset: z.enum(CHARSETS).default('us'),
    /** How content reads by function, for addresses that `rics` gives no type. */
    functions: z.tuple([contentRule, contentRule, contentRule, contentRule]).optional(),
    /** The addresses of the site. Empty: no directory, every address is taken. */
    rics: z.array(ricEntrySchema).default([]),
    /** Copies of a page within this time are decoded jointly; left out on a feed: the transmitter's own repeat time. */
    repeatSeconds: z.number().min(0).max(3600).default(5),
    /** Transmit: bits of reversals in front, more where the transmitter is slow to come up. */
    preambleBits: z.number().int().min(PREAMBLE_BITS).max(8192).multipleOf(8).default(PREAMBLE_BITS),
    /** Transmit: every page this many times in one transmission. */
    copies: z.number().int().min(1).max(5).default(1),
  })
  .refine((o) => o.input !== 'pcm16' || o.sampleRate !== undefined, {
    path: ['sampleRate'],
    message: say('settings.sampleRateMissing'),
  })
  .refine((o) => o.role === 'listen' || o.baud !== 'auto', {
    path: ['baud'],
    message: say('settings.transmittingNeedsRateAir'),
  })
  .refine((o) => o.role === 'listen' || o.input !== 'pcm16', {
    path: ['input'],
    message: say('settings.transmitterGivenBitsSamples'),
  })

export type PocsagOptions = z.infer<typeof pocsagOptions>
