import type { Command } from 'commander'
import type { Whole } from '../config/whole.ts'
import type { GovernParts } from '../run/keep/subjects.ts'
import type { ExitCode } from './exit.ts'

/** Puts one act under a command; what it is given by the line comes with the open store. */
export type Act = <O extends { readonly text?: string }>(
  under: Command,
  name: string,
  description: string,
  work: (parts: GovernParts, options: O, whole: Whole, args: readonly string[]) => Promise<ExitCode>,
) => Command
