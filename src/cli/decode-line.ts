import { once } from 'node:events'
import { Command } from 'commander'
import { say } from '../core/catalogue/say.ts'
import type { FaultCode } from '../core/faults.ts'
import type { Instant, Millis } from '../core/instant.ts'
import type { LineEffect, LineInput } from '../core/line/kit/protocol.ts'
import type { Line } from '../core/line/registry.ts'
import { captured } from './captured.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { chooseProtocol, complain, explain, parseArguments, protocolNames } from './line-command.ts'
import { show } from './show.ts'

interface Flags {
  readonly as?: string
  readonly profile?: string
  readonly replies?: boolean
  readonly from?: string
  readonly address?: string
}

/** After the last byte the line is taken to fall quiet for this long, then to close: ends what only a pause ends. */
const QUIET: Millis = 1000

/** `bleepd decode` for every protocol that is bytes on a line. */
export async function decodeLine(args: readonly string[]): Promise<ExitCode> {
  const command = new Command('bleepd decode')
    .description(say('cli.decodeLineAbout'))
    .option('--as <protocol>', protocolNames())
    .option('--profile <name>', say('cli.decodeProfile'))
    .option('--replies', say('cli.decodeAnswers', { example: '{"reply":"06"}' }))
    .option('--from <side>', say('cli.decodeFrom'))
    .option('--address <address>', say('cli.decodeAddress'), '2')
    .argument('[file]', say('cli.decodeLineFile'), '-')
  const stop = parseArguments(command, args)
  if (stop !== undefined) return stop
  const flags = command.opts<Flags>()
  const opened = openLine(flags, command.getOptionValueSource('address') === 'cli')
  return typeof opened === 'number' ? opened : run(opened, flags, command.args[0] ?? '-')
}

function openLine(flags: Flags, addressGiven: boolean): { id: string; line: Line } | ExitCode {
  const chosen = chooseProtocol(flags.as, flags.profile)
  if (typeof chosen === 'number') return chosen
  const { protocol } = chosen
  const own: Record<string, unknown> = { ...chosen.options }
  if (flags.from !== undefined || addressGiven) {
    if (protocol.id !== 'espa444') return complain(say('cli.decodeOnlyEspa'), EXIT.usage)
    if (flags.from !== undefined && flags.from !== 'switchboard')
      return complain(say('cli.decodeFromWho'), EXIT.usage)
    if (flags.from !== undefined) Object.assign(own, { role: 'tap', wires: 'switchboard' })
    if (addressGiven) own.address = flags.address
  }
  const line = protocol.open(own)
  if (line.ok) return { id: protocol.id, line: line.value }
  const faults = line.fault.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  return complain(faults.join('\n'), EXIT.configuration)
}

async function run(opened: { id: string; line: Line }, flags: Flags, file: string): Promise<ExitCode> {
  const decoder = new Decoder(opened.id, opened.line, flags.replies === true)
  let quiet: NodeJS.Timeout | undefined
  try {
    decoder.feed({ kind: 'opened', at: 0 })
    for await (const heard of captured(file)) {
      const input: LineInput = { kind: 'bytes', ...heard }
      decoder.passTime(input.at)
      decoder.feed(input)
      clearTimeout(quiet)
      quiet = setTimeout(() => void decoder.pause(), QUIET)
      await decoder.flush()
    }
    clearTimeout(quiet)
    decoder.finish()
    await decoder.flush()
  } catch (error) {
    return complain(error instanceof Error ? error.message : String(error), EXIT.fault)
  }
  for (const [code, count] of decoder.faults) process.stderr.write(`${count} × ${explain(code)}\n`)
  return EXIT.good
}

/** Drives a line and prints what it says; every page counts as stored at once. */
class Decoder {
  readonly faults = new Map<FaultCode, number>()
  readonly #id: string
  readonly #line: Line
  readonly #replies: boolean
  #text = ''
  #now: Instant = 0
  #wakeAt: Instant | undefined
  #held: { readonly ref: number | undefined; shown: unknown } | undefined

  constructor(id: string, line: Line, replies: boolean) {
    this.#id = id
    this.#line = line
    this.#replies = replies
  }

  feed(input: LineInput): void {
    this.#now = input.at
    if (input.kind === 'bytes') this.#wakeAt = undefined
    for (const effect of this.#line.step(input)) this.#use(effect, input.at)
  }

  /** Wakes the line when it asked to be woken, up to this time. */
  passTime(to: Instant): void {
    while (this.#wakeAt !== undefined && this.#wakeAt <= to) {
      const at = this.#wakeAt
      this.#wakeAt = undefined
      this.feed({ kind: 'silence', at })
    }
  }

  finish(): void {
    this.passTime(this.#now + QUIET)
    this.feed({ kind: 'closed', at: this.#now })
    this.#printHeld()
  }

  /** Nothing more came for a while: the last page is not waiting for a better reading any longer. */
  async pause(): Promise<void> {
    this.#printHeld()
    await this.flush()
  }

  async flush(): Promise<void> {
    if (this.#text === '') return
    const ready = process.stdout.write(this.#text)
    this.#text = ''
    if (!ready) await once(process.stdout, 'drain')
  }

  /** Shows a page; a better reading of the page before takes its place, so that pieces joined show as one page. */
  #print(shown: unknown, ref?: number, improves?: number): void {
    if (improves === undefined || improves !== this.#held?.ref) {
      this.#printHeld()
      this.#held = { ref, shown }
    } else this.#held.shown = shown
  }

  #printHeld(): void {
    if (this.#held !== undefined) this.#text += `${JSON.stringify(this.#held.shown)}\n`
    this.#held = undefined
  }

  #use(effect: LineEffect, at: number): void {
    if (effect.kind === 'wake') this.#wakeAt = at + effect.after
    if (effect.kind === 'discard') this.faults.set(effect.fault, (this.faults.get(effect.fault) ?? 0) + 1)
    const shown =
      effect.kind === 'reply'
        ? this.#replies
          ? { reply: Buffer.from(effect.bytes).toString('hex') }
          : undefined
        : show(this.#id, effect)
    if (shown !== undefined && effect.kind === 'page') this.#print(shown, effect.ref, effect.improves)
    else if (shown !== undefined) this.#print(shown)
    if (effect.kind === 'page') this.feed({ kind: 'stored', ref: effect.ref, at })
  }
}
