import { readFileSync } from 'node:fs'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { CHARSETS, type Charset } from '../core/pocsag/code/charset.ts'
import { BAUDS, type Baud } from '../core/pocsag/code/tables.ts'
import { RicDirectory, type RicEntry, ricEntrySchema } from '../core/pocsag/directory.ts'
import { Receiver, type ReceiverOptions } from '../core/pocsag/receiver.ts'
import { readWavHeader, toPcm16, type WavFormat } from '../core/pocsag/wav.ts'
import { captured } from './captured.ts'
import { Heard } from './decode-heard.ts'
import { EXIT, type ExitCode } from './exit.ts'

type Input = 'packed' | 'oversampled' | 'pcm16' | 'wav'

interface Flags {
  readonly input?: Input
  readonly samplesPerBit?: number
  readonly sampleRate?: number
  readonly baud: Baud | 'auto'
  readonly rics?: string
  readonly charset: Charset
  readonly polarity: 'auto' | 'normal' | 'inverted'
  readonly bitOrder: 'msb' | 'lsb'
  readonly repeatSeconds: number
}

/** Sample rate of raw audio when nobody says: what the field's receivers and decoders use. */
const USUAL_SAMPLE_RATE = 22_050
const USUAL_SAMPLES_PER_BIT = 8

/** A WAV header longer than this is none. */
const MOST_HEADER_BYTES = 65_536

/** `bleepd decode --as pocsag`: bits or audio → pages, one JSON object a line. */
export async function decodePocsag(args: readonly string[]): Promise<ExitCode> {
  const program = commandLine()
  try {
    program.parse([...args], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? EXIT.good : EXIT.usage
  }
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
    process.stderr.write(`bleepd decode: ${file}: ${error.message}\n`)
    return EXIT.fault
  }
}

async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of captured(file)) yield bytes
}

function commandLine(): Command {
  return new Command('bleepd decode --as pocsag')
    .description('Decodes POCSAG bits or audio; prints one JSON object a page.')
    .argument('[file]', 'file to read, - for standard input; *.capture.jsonl of the same feed', '-')
    .requiredOption('--as <protocol>', 'pocsag')
    .addOption(
      new Option('--input <kind>', 'what the bytes are (default: wav for *.wav, else packed)').choices([
        'packed',
        'oversampled',
        'pcm16',
        'wav',
      ]),
    )
    .option(
      '--samples-per-bit <n>',
      'oversampled: 1, 2, 4, 8 or 16 samples a bit (default: 8)',
      samplesPerBit,
    )
    .option('--sample-rate <hz>', `pcm16: samples a second (default: ${USUAL_SAMPLE_RATE})`, sampleRate)
    .option(
      '--baud <rate>',
      '512, 1200, 2400 or auto; bits alone do not tell it, then 1200 is printed',
      baud,
      'auto',
    )
    .option(
      '--rics <file>',
      'addresses to expect, JSON lines {"ric":…,"function":…,"type":"numeric|alpha|tone"}',
    )
    .addOption(
      new Option('--charset <name>', 'national variant of the characters').choices(CHARSETS).default('us'),
    )
    .addOption(
      new Option('--polarity <sense>', 'sense of the bits')
        .choices(['auto', 'normal', 'inverted'])
        .default('auto'),
    )
    .addOption(
      new Option('--bit-order <order>', 'which bit of a byte came first')
        .choices(['msb', 'lsb'])
        .default('msb'),
    )
    .option(
      '--repeat-seconds <n>',
      'copies of a page this near are decoded jointly, 0 for never',
      seconds,
      30,
    )
    .option('--replies', 'as for the line protocols; a transmission is never answered, so there are none')
    .addHelpText(
      'after',
      `
Keys: ric, function, type, text, quality, corrected, baud, addressBit, endBit, emittedBit.
quality: clean | corrected | doubtful (words or address rest on inference: "doubt" says which) |
damaged (unknown characters are U+FFFD) | unterminated (its end was not seen).
A page given out incomplete and completed later comes again with the same addressBit and "revised":true.
Codewords with three wrong bits that only the sense of their text told are counted as "inferred".
With --rics, a page to an address not in the list has "unknownRic":true.`,
    )
    .exitOverride()
}

function samplesPerBit(text: string): number {
  const n = Number(text)
  if (![1, 2, 4, 8, 16].includes(n)) throw new InvalidArgumentError('must be 1, 2, 4, 8 or 16.')
  return n
}

function sampleRate(text: string): number {
  const n = Number(text)
  if (!(n >= 1024 && n <= 1_000_000)) throw new InvalidArgumentError('must be 1024 to 1000000.')
  return n
}

function seconds(text: string): number {
  const n = Number(text)
  if (!(n >= 0 && n <= 3600)) throw new InvalidArgumentError('must be 0 to 3600.')
  return n
}

function baud(text: string): Baud | 'auto' {
  const found = BAUDS.find((b) => String(b) === text)
  if (found === undefined && text !== 'auto')
    throw new InvalidArgumentError('must be 512, 1200, 2400 or auto.')
  return found ?? 'auto'
}

/** The directory, or the sentence that says what is wrong with the file. */
function readRics(path: string): RicDirectory | string {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return `${path}: cannot be read — name a file of JSON lines`
  }
  const entries: RicEntry[] = []
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const entry = ricEntrySchema.safeParse(parseJson(line))
    if (!entry.success) {
      const issue = entry.error.issues[0]
      return `${path}:${i + 1}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'not an entry'} — write {"ric":1234567,"function":3,"type":"alpha"}`
    }
    entries.push(entry.data)
  }
  return new RicDirectory(entries)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
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
    process.stderr.write(
      'bleepd decode: not a WAV file of 8 or 16 bit samples — for raw samples say --input pcm16\n',
    )
    return EXIT.fault
  }
  heard.print(receiver.end())
  heard.hint()
  return EXIT.good
}
