import { printConfigFault } from '../config/fault.ts'
import { loadWhole } from '../config/whole.ts'
import { EXIT, type ExitCode } from './exit.ts'

/** `bleepd check`: every fault at once, or one line saying what was read. */
export function check(file: string): ExitCode {
  const whole = loadWhole(file, Date.now())
  if (!whole.ok) {
    for (const fault of whole.fault) process.stdout.write(`${printConfigFault(fault)}\n`)
    process.stderr.write(`${whole.fault.length} ${whole.fault.length === 1 ? 'fault' : 'faults'}\n`)
    return EXIT.configuration
  }
  const { site, feeds } = whole.value
  const figures = [
    `${feeds.length} feeds`,
    `${site.people.length} people`,
    `${site.roles.length} roles`,
    `${site.numbers.length} bleep numbers`,
  ]
  process.stderr.write(`${file}: good (${figures.join(', ')})\n`)
  return EXIT.good
}
