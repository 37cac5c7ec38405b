import { createReadStream } from 'node:fs'
import { Command, Option } from 'commander'
import { z } from 'zod'
import { say } from '../core/catalogue/say.ts'
import { oversample, toAudio } from '../core/pocsag/audio.ts'
import type { Charset } from '../core/pocsag/code/charset.ts'
import { BAUDS, PREAMBLE_BITS, RIC_MAX } from '../core/pocsag/code/tables.ts'
import { addNoise, flipBits } from '../core/pocsag/disturb.ts'
import {
  encodeTransmission,
  type OutgoingPage,
  type PackedBits,
  type Padding,
} from '../core/pocsag/encode.ts'
import { writeWav } from '../core/pocsag/wav.ts'
import { seeded } from '../core/seeded.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { jsonLines } from './json-lines.ts'
import { parseArguments } from './line-command.ts'
import {
  charsetOption,
  FORMS,
  number,
  PAGE_LINE,
  USUAL_SAMPLE_RATE,
  USUAL_SAMPLES_PER_BIT,
  whole,
} from './pocsag-flags.ts'

interface Flags {
  readonly output: (typeof FORMS)[number]
  readonly baud: number
  readonly samplesPerBit: number
  readonly sampleRate: number
  readonly preamble: number
  readonly copies: number
  readonly padding: Padding
  readonly charset: Charset
  readonly invert: boolean
  readonly separate: boolean
  readonly pack: boolean
  readonly ber: number
  readonly snr?: number
  readonly seed: number
}

/** A page to send. Without a type: tone where there is no text, else digits on function 0 and text on the others. */
const lineSchema = z
  .object({
    ric: z.int().min(0).max(RIC_MAX),
    function: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]).default(3),
    type: z.enum(['tone', 'numeric', 'alpha']).optional(),
    text: z.string().default(''),
  })
  .transform(
    (line): OutgoingPage => ({
      ric: line.ric,
      function: line.function,
      type: line.type ?? (line.text === '' ? 'tone' : line.function === 0 ? 'numeric' : 'alpha'),
      text: line.text,
    }),
  )

/** `bleepd encode --as pocsag`: pages as JSON lines → bits or audio of a transmitter. */
export async function encodePocsag(args: readonly string[]): Promise<ExitCode> {
  const program = commandLine()
  const stop = parseArguments(program, args)
  if (stop !== undefined) return stop
  const flags = program.opts<Flags>()
  const file = program.args[0] ?? '-'
  let text = ''
  try {
    const source: AsyncIterable<Uint8Array> = file === '-' ? process.stdin : createReadStream(file)
    const decoder = new TextDecoder()
    for await (const chunk of source) text += decoder.decode(chunk, { stream: true })
  } catch (error) {
    if (!(error instanceof Error)) throw error
    process.stderr.write(say('cli.encodeFailed', { file, message: error.message }))
    return EXIT.fault
  }
  const pages = jsonLines(text, lineSchema, PAGE_LINE)
  if (typeof pages === 'string') {
    process.stderr.write(say('cli.encodeRefused', { pages }))
    return EXIT.fault
  }
  process.stdout.write(render(pages, flags))
  return EXIT.good
}

function commandLine(): Command {
  return new Command('bleepd encode --as pocsag')
    .description(say('cli.encodeAbout', { example: '{"ric":…,"function":…,"type":…,"text":…}' }))
    .argument('[file]', say('cli.inputFile'), '-')
    .requiredOption('--as <protocol>', 'pocsag')
    .addOption(new Option('--output <kind>', say('cli.encodeOutput')).choices(FORMS).default('packed'))
    .addOption(
      new Option('--baud <rate>', say('cli.encodeSampleRate'))
        .choices(BAUDS.map(String))
        .default(1200)
        .argParser(Number),
    )
    .option('--samples-per-bit <n>', say('cli.encodeSamplesPerBit'), whole(1, 64), USUAL_SAMPLES_PER_BIT)
    .option('--sample-rate <hz>', say('cli.encodeLevel'), whole(4800, 192_000), USUAL_SAMPLE_RATE)
    .option('--preamble <bits>', say('cli.encodePreamble'), whole(0, 100_000), PREAMBLE_BITS)
    .option('--copies <n>', say('cli.encodeTimes'), whole(1, 100), 1)
    .addOption(
      new Option('--padding <kind>', say('cli.encodeFill'))
        .choices(['nul', 'eot', 'eot-repeated'])
        .default('nul'),
    )
    .addOption(charsetOption())
    .option('--invert', say('cli.encodeInvert'), false)
    .option('--pack', say('cli.encodePack'), false)
    .option('--separate', say('cli.encodeApart'), false)
    .option('--ber <share>', say('cli.encodeErrors'), number(0, 0.5), 0)
    .option('--snr <db>', say('cli.encodeNoise'), Number)
    .option('--seed <n>', say('cli.encodeSeed'), whole(0, 0xffffffff), 1)
}

function render(pages: readonly OutgoingPage[], flags: Flags): Uint8Array {
  const random = seeded(flags.seed)
  const options = {
    preambleBits: flags.preamble,
    copies: flags.copies,
    padding: flags.padding,
    charset: flags.charset,
    inverted: flags.invert,
    inOrder: !flags.pack,
  }
  const groups = flags.separate ? pages.map((page) => [page]) : [pages]
  const sent = join(groups.map((group) => encodeTransmission(group, options)))
  const bits = flags.ber > 0 ? flipBits(sent, flags.ber, random) : sent
  if (flags.output === 'packed') return bits.bits
  if (flags.output === 'oversampled') return oversample(bits, flags.samplesPerBit).bits
  const clean = toAudio(bits, flags.baud, flags.sampleRate)
  const audio = flags.snr === undefined ? clean : addNoise(clean, flags.snr, random)
  const wav = writeWav(audio, flags.sampleRate)
  return flags.output === 'wav' ? wav : wav.subarray(wav.length - audio.length * 2)
}

function join(parts: readonly PackedBits[]): PackedBits {
  const bitCount = parts.reduce((sum, part) => sum + part.bitCount, 0)
  const bits = new Uint8Array(Math.ceil(bitCount / 8))
  let at = 0
  for (const part of parts) {
    for (let i = 0; i < part.bitCount; i++, at++) {
      if (part.bits[i >>> 3]! & (0x80 >>> (i & 7))) bits[at >>> 3]! |= 0x80 >>> (at & 7)
    }
  }
  return { bits, bitCount }
}
