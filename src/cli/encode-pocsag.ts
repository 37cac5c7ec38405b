import { EXIT, type ExitCode } from './exit.ts'

export async function encodePocsag(_args: readonly string[]): Promise<ExitCode> {
  return EXIT.fault
}
