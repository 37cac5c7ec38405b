import { createInterface } from 'node:readline'
import { Command } from 'commander'
import { PROTOCOLS } from '../core/line/registry.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { complain, explain, parseArguments } from './line-command.ts'

/** `bleepd encode` for line protocols: what `decode` prints, back into a sender's bytes. */
export async function encodeLine(args: readonly string[]): Promise<ExitCode> {
  const senders = [...PROTOCOLS.values()].filter((p) => p.sender !== undefined).map((p) => p.id)
  const command = new Command('bleepd encode')
    .description(
      'Turns JSON lines on standard input, keyed as decode prints them, into the bytes a sender puts on the wire.',
    )
    .option('--as <protocol>', ['pocsag', ...senders].join(', '))
  const stop = parseArguments(command, args)
  if (stop !== undefined) return stop
  const sender = PROTOCOLS.get(command.opts<{ as?: string }>().as ?? '')?.sender
  if (sender === undefined)
    return complain(`--as needs a protocol: one of ${['pocsag', ...senders].join(', ')}`, EXIT.usage)

  process.stdout.write(sender.opening)
  let number = 0
  for await (const line of createInterface({ input: process.stdin })) {
    number += 1
    if (line.trim() === '') continue
    const bytes = sender.encode(parseJson(line))
    if (!bytes.ok)
      return complain(`line ${number}: ${explain(bytes.fault.code, bytes.fault.detail)}`, EXIT.fault)
    process.stdout.write(bytes.value)
  }
  process.stdout.write(sender.closing)
  return EXIT.good
}

/** The value of a line of JSON; text that is none becomes undefined, which no sender accepts. */
function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
