import { readFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import { say } from '../core/catalogue/say.ts'
import type { Charset } from '../core/pocsag/code/charset.ts'
import { BAUDS, type Baud } from '../core/pocsag/code/tables.ts'
import { RicDirectory, ricEntrySchema } from '../core/pocsag/directory.ts'
import { Receiver, type ReceiverOptions } from '../core/pocsag/receiver.ts'
import { readWavHeader, toPcm16, type WavFormat } from '../core/pocsag/wav.ts'
import { captured } from './captured.ts'
import { Heard } from './decode-heard.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { jsonLines } from './json-lines.ts'
import { parseArguments } from './line-command.ts'
import {
  charsetOption,
  FORMS,
  number,
  oneOf,
  RIC_LINE,
  USUAL_SAMPLE_RATE,
  USUAL_SAMPLES_PER_BIT,
} from './pocsag-flags.ts'

interface Flags {
  readonly input?: (typeof FORMS)[number]
  readonly samplesPerBit?: number
  readonly sampleRate?: number
  readonly baud: Baud | 'auto'
  readonly rics?: string
  readonly charset: Charset
  readonly polarity: 'auto' | 'normal' | 'inverted'
  readonly bitOrder: 'msb' | 'lsb'
  readonly repeatSeconds: number
}

/** A WAV header longer than this is none. */
const MOST_HEADER_BYTES = 65_536

/** `bleepd decode --as pocsag`: bits or audio → pages, one JSON object a line. */
export async function decodePocsag(args: readonly string[]): Promise<ExitCode> {
  const program = commandLine()
  const stop = parseArguments(program, args)
  if (stop !== undefined) return stop
  const flags = program.opts<Flags>()
  const file = program.args[0] ?? '-'
  const directory = flags.rics === undefined ? undefined : readRics(flags.rics)
  if (typeof directory === 'string') {
    process.stderr.write(`${directory}\n`)
    return EXIT.configuration
  }
  const input = flags.input ?? (file.toLowerCase().endsWith('.wav') ? 'wav' : 'packed')
  try {
    const source = bytesOf(file)
    return input === 'wav'
      ? await decodeWav(source, flags, directory)
      : await decodeRaw(source, input, flags, directory)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    process.stderr.write(say('cli.decodeFailed', { file, message: error.message }))
    return EXIT.fault
  }
}

async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of captured(file)) yield bytes
}

function commandLine(): Command {
  return new Command('bleepd decode --as pocsag')
    .description(say('cli.decodePocsagAbout'))
    .argument('[file]', say('cli.decodePocsagFile'), '-')
    .requiredOption('--as <protocol>', 'pocsag')
    .addOption(new Option('--input <kind>', say('cli.decodeInput')).choices(FORMS))
    .option('--samples-per-bit <n>', say('cli.decodeSamplesPerBit'), oneOf([1, 2, 4, 8, 16]))
    .option(
      '--sample-rate <hz>',
      say('cli.decodeSampleRate', { usualSampleRate: USUAL_SAMPLE_RATE }),
      number(1024, 1_000_000),
    )
    .option('--baud <rate>', say('cli.decodeBaud'), oneOf([...BAUDS, 'auto']), 'auto')
    .option(
      '--rics <file>',
      say('cli.decodeRics', { example: '{"ric":…,"function":…,"type":"numeric|alpha|tone"}' }),
    )
    .addOption(charsetOption())
    .addOption(
      new Option('--polarity <sense>', say('cli.decodePolarity'))
        .choices(['auto', 'normal', 'inverted'])
        .default('auto'),
    )
    .addOption(
      new Option('--bit-order <order>', say('cli.decodeBitOrder')).choices(['msb', 'lsb']).default('msb'),
    )
    .option('--repeat-seconds <n>', say('cli.decodeRepeatSeconds'), number(0, 3600), 30)
    .option('--replies', say('cli.decodeAnswersNone'))
    .addHelpText('after', say('cli.decodePocsagKeys'))
}

/** The directory, or the sentence that says what is wrong with the file. */
function readRics(path: string): RicDirectory | string {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return say('cli.decodeRicsUnreadable', { path })
  }
  const entries = jsonLines(text, ricEntrySchema, RIC_LINE, path)
  return typeof entries === 'string' ? entries : new RicDirectory(entries)
}

function receiverOf(
  input: ReceiverOptions['input'],
  flags: Flags,
  directory: RicDirectory | undefined,
): Receiver {
  const rate = flags.sampleRate ?? (input === 'pcm16' ? USUAL_SAMPLE_RATE : undefined)
  return new Receiver({
    input,
    baud: flags.baud,
    bitOrder: flags.bitOrder,
    polarity: flags.polarity,
    charset: flags.charset,
    repeatSeconds: flags.repeatSeconds,
    ...(rate === undefined || flags.samplesPerBit !== undefined
      ? { samplesPerBit: flags.samplesPerBit ?? USUAL_SAMPLES_PER_BIT }
      : { sampleRate: rate }),
    ...(directory === undefined ? {} : { directory }),
  })
}

async function decodeRaw(
  source: AsyncIterable<Uint8Array>,
  input: ReceiverOptions['input'],
  flags: Flags,
  directory: RicDirectory | undefined,
): Promise<ExitCode> {
  const receiver = receiverOf(input, flags, directory)
  const heard = new Heard(flags.polarity)
  for await (const chunk of source) heard.print(receiver.push(chunk))
  heard.print(receiver.end())
  heard.hint()
  return EXIT.good
}

async function decodeWav(
  source: AsyncIterable<Uint8Array>,
  flags: Flags,
  directory: RicDirectory | undefined,
): Promise<ExitCode> {
  let pending: Uint8Array = new Uint8Array(0)
  let format: WavFormat | undefined
  let receiver: Receiver | undefined
  const heard = new Heard(flags.polarity)
  for await (const chunk of source) {
    pending = Buffer.concat([pending, chunk])
    if (!format || !receiver) {
      const header = readWavHeader(pending)
      if (header === 'unsupported' || (header === 'more' && pending.length > MOST_HEADER_BYTES)) break
      if (header === 'more') continue
      format = header
      receiver = receiverOf('pcm16', { ...flags, sampleRate: header.sampleRate }, directory)
      pending = pending.subarray(header.dataOffset)
    }
    const frame = (format.bitsPerSample / 8) * format.channels
    const whole = pending.length - (pending.length % frame)
    heard.print(receiver.push(toPcm16(pending.subarray(0, whole), format)))
    pending = pending.subarray(whole)
  }
  if (!receiver) {
    process.stderr.write(say('cli.decodeNotWav'))
    return EXIT.fault
  }
  heard.print(receiver.end())
  heard.hint()
  return EXIT.good
}
