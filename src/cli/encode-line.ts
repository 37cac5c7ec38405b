import { createInterface } from 'node:readline'
import { Command } from 'commander'
import { say } from '../core/catalogue/say.ts'
import { readJson } from '../core/json.ts'
import type { LineSender } from '../core/line/kit/sender.ts'
import { PROTOCOLS } from '../core/line/registry.ts'
import { textOptions } from '../core/line/text/options.ts'
import { textSender } from '../core/line/text/sender.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { chooseProtocol, complain, explain, parseArguments } from './line-command.ts'

/** `bleepd encode` for line protocols: what `decode` prints, back into a sender's bytes. */
export async function encodeLine(args: readonly string[]): Promise<ExitCode> {
  const senders = [...PROTOCOLS.values()].filter((p) => p.sender !== undefined).map((p) => p.id)
  const command = new Command('bleepd encode')
    .description(say('cli.encodeLineAbout'))
    .option('--as <protocol>', ['pocsag', 'text', ...senders].join(', '))
    .option('--profile <name>', say('cli.encodeProfile'))
  const stop = parseArguments(command, args)
  if (stop !== undefined) return stop
  const sender = chooseSender(command.opts<{ as?: string; profile?: string }>())
  if (typeof sender === 'number') return sender

  process.stdout.write(sender.opening)
  let number = 0
  for await (const line of createInterface({ input: process.stdin })) {
    number += 1
    if (line.trim() === '') continue
    const bytes = sender.encode(readJson(line))
    if (!bytes.ok)
      return complain(
        say('cli.encodeLineFault', { number, explain: explain(bytes.fault.code, bytes.fault.detail) }),
        EXIT.fault,
      )
    process.stdout.write(bytes.value)
  }
  process.stdout.write(sender.closing)
  return EXIT.good
}

/** The sending side of a protocol; an encoder link's is in its profile, whose name alone may stand after --as. */
function chooseSender({ as, profile }: { as?: string; profile?: string }): LineSender | ExitCode {
  const own = PROTOCOLS.get(as ?? '')?.sender
  if (own !== undefined) return own
  const link = as === 'text' ? profile : PROTOCOLS.has(as ?? '') ? undefined : as
  if (link === undefined) return complain(say('cli.encodeNeedsProtocol'), EXIT.usage)
  const chosen = chooseProtocol('text', link)
  if (typeof chosen === 'number') return chosen
  return textSender(textOptions.parse(chosen.options))
}
