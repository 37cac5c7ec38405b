import { type Command, CommanderError } from 'commander'
import { readProfile } from '../config/profile.ts'
import { say } from '../core/catalogue/say.ts'
import { FAULTS, type FaultCode } from '../core/faults.ts'
import { type KnownProtocol, PROTOCOLS } from '../core/line/registry.ts'
import { EXIT, type ExitCode } from './exit.ts'

/** Names for `--as` in usage and help. */
export function protocolNames(): string {
  return [...PROTOCOLS.keys()].join(', ')
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

/** The protocol named by `--as`, with the options of the profile where one is given; faults have been told. */
export function chooseProtocol(
  as: string | undefined,
  profile: string | undefined,
): { protocol: KnownProtocol; options: Readonly<Record<string, unknown>> } | ExitCode {
  const protocol = PROTOCOLS.get(as ?? '')
  if (protocol === undefined)
    return complain(say('cli.asNeedsProtocol', { protocolNames: protocolNames() }), EXIT.usage)
  if (profile === undefined) {
    if (protocol.traits.needsProfile)
      return complain(say('cli.asNeedsProfile', { id: protocol.id }), EXIT.usage)
    return { protocol, options: {} }
  }
  const read = readProfile(profile)
  if (!read.ok) return complain(explain(read.fault.code, read.fault.detail), profileExit(read.fault.code))
  if (read.value.protocol !== protocol.id)
    return complain(say('cli.profileOfOther', { profile, protocol: read.value.protocol }), EXIT.usage)
  return { protocol, options: read.value.options }
}

/** A name nobody knows is a slip of the keyboard; a profile that is wrong is bad configuration. */
function profileExit(code: FaultCode): ExitCode {
  return code === 'profile-unknown' ? EXIT.usage : EXIT.configuration
}
