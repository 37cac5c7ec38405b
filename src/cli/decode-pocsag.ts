import { EXIT, type ExitCode } from './exit.ts'

export async function decodePocsag(_args: readonly string[]): Promise<ExitCode> {
  return EXIT.fault
}
