import { EXIT, type ExitCode } from './exit.ts'

export async function encodeLine(_args: readonly string[]): Promise<ExitCode> {
  return EXIT.fault
}
