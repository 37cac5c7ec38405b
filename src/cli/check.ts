import { type ConfigFault, isDoubt, printConfigFault } from '../config/fault.ts'
import { loadWhole } from '../config/whole.ts'
import { say } from '../core/catalogue/say.ts'
import { EXIT, type ExitCode } from './exit.ts'

/** `bleepd check`: every fault and every likely slip at once, and one line saying what was read. Slips alone are no fault. */
export function check(file: string): ExitCode {
  const whole = loadWhole(file, Date.now())
  const found = whole.ok ? whole.value.doubts : whole.fault
  for (const fault of found) process.stdout.write(`${printConfigFault(fault)}\n`)
  if (!whole.ok || !found.every(isDoubt)) {
    process.stderr.write(`${countFound(found)}\n`)
    return EXIT.configuration
  }
  const { site, feeds } = whole.value
  const figures = [
    say('cli.checkFeeds', { count: feeds.length }),
    say('cli.checkPeople', { count: site.people.length }),
    say('cli.checkRoles', { count: site.roles.length }),
    say('cli.checkNumbers', { count: site.numbers.length }),
  ]
  const said =
    found.length === 0 ? say('cli.checkAllGood') : say('cli.checkGood', { found: countFound(found) })
  process.stderr.write(`${file}: ${said} (${figures.join(', ')})\n`)
  return EXIT.good
}

/** `2 faults and 1 warning`; the warnings are what is likely a slip. */
function countFound(found: readonly ConfigFault[]): string {
  const doubts = found.filter(isDoubt).length
  const faults = found.length - doubts
  if (doubts === 0) return say('cli.checkFaults', { faults })
  return faults === 0 ? say('cli.checkDoubts', { doubts }) : say('cli.checkBoth', { faults, doubts })
}
