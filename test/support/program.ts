import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'

export interface Outcome {
  readonly code: number | null
  readonly output: string
}

/** Runs a program to its end, or kills it after `limit` milliseconds; output is both streams. */
export function runProgram(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly limit?: number } = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const { limit = 60_000, ...rest } = options
    const child = spawn(command, args, { ...rest, stdio: ['ignore', 'pipe', 'pipe'] })
    const timer = setTimeout(() => child.kill('SIGKILL'), limit)
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve({ code, output })
    })
  })
}

/** The first of these paths that exists. */
export function findProgram(...paths: readonly string[]): string | undefined {
  return paths.find((path) => existsSync(path))
}
