import { type Command, CommanderError } from 'commander'
import { FAULTS, type FaultCode } from '../core/faults.ts'
import { PROTOCOLS } from '../core/line/registry.ts'
import { EXIT, type ExitCode } from './exit.ts'

/** Names for `--as` in usage and help. */
export function protocolNames(): string {
  return ['pocsag', ...PROTOCOLS.keys()].join(', ')
}

/** Parses the arguments of a subcommand; help and usage faults have been printed when it gives an exit code. */
export function parseArguments(command: Command, args: readonly string[]): ExitCode | undefined {
  command.exitOverride()
  try {
    command.parse([...args], { from: 'user' })
    return undefined
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? EXIT.good : EXIT.usage
  }
}

/** Tells a person what went wrong and what to do, on standard error, and gives the exit code back. */
export function complain(text: string, code: ExitCode): ExitCode {
  process.stderr.write(`bleepd: ${text}\n`)
  return code
}

/** One fault as a sentence with its remedy. */
export function explain(code: FaultCode, detail?: string): string {
  const { sentence, remedy } = FAULTS[code]
  return `${code}: ${sentence}${detail === undefined ? '' : ` (${detail})`} — ${remedy}`
}
