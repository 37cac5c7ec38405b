import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const BLEEPD = fileURLToPath(new URL('../../src/bleepd.js', import.meta.url))
const help = (...args: readonly string[]): string =>
  execFileSync(process.execPath, [BLEEPD, ...args, '--help'], { encoding: 'utf8' })

/** The manual, made of what each command says of itself, so that neither can be older than the other. */
export function manPage(version: string): string {
  const commands = [...help().matchAll(/^ {2}([a-z]+)(?: \[?[^ ].*?)? {2,}/gm)]
    .map(([, name]) => name ?? '')
    .filter((name) => name !== '' && name !== 'help')
  return [
    `.TH BLEEPD 1 "" "Bleep Bridge ${version}" "User Commands"`,
    '.SH NAME',
    'bleepd \\- bridge from hospital bleeps to the phones of whoever holds the role now',
    '.SH SYNOPSIS',
    '.B bleepd',
    '.I command',
    '[\\fIoptions\\fR]',
    '.SH DESCRIPTION',
    'Listens to pager transmitters, switchboards and nurse call systems, rings the phones of whoever is on, and',
    'tells the switchboard who is coming. It never stands between a sender and its pagers.',
    '.SH COMMANDS',
    ...commands.flatMap((name) => [`.SS ${name}`, '.nf', roff(help(name)), '.fi']),
    '.SH EXIT STATUS',
    '0 good; 1 a fault; 2 nobody would be rung (who); 64 wrong use; 78 wrong configuration.',
    '.SH FILES',
    '/etc/bleepd/bridge.yaml, /etc/bleepd/site, /var/lib/bleepd',
    '.SH SEE ALSO',
    '/usr/share/doc/bleep\\-bridge',
    '',
  ].join('\n')
}

/** A line that begins with a point or a quote would be a request; a hyphen is typed, so it is a minus. */
function roff(text: string): string {
  return text
    .trimEnd()
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/gm, '\\&')
}
