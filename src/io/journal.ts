import type { SendDatagram } from './datagrams.ts'

/** Where journald takes entries made of fields. */
export const JOURNAL = '/run/systemd/journal/socket'

/** The priorities of syslog. */
const PRIORITY: Readonly<Record<string, number>> = { error: 3, warn: 4, info: 6, debug: 7 }

/**
 * The lines of the log as entries of the journal: each field becomes one of its own, as `BLEEPD_FAULT` or `BLEEPD_FEED`, by which
 * `journalctl` and forwarders choose; MESSAGE is what a terminal would show. A line that it does not take at once goes to
 * standard error, which systemd reads as well, with its priority in front (sd-daemon(3)).
 * @param send undefined where there is nobody to send to
 */
export function toJournal(
  send: SendDatagram | undefined,
  otherwise: (line: string) => void,
): { write(line: string): void } {
  let to = send
  return {
    write(line: string) {
      const { time: _, level, event, ...fields } = JSON.parse(line)
      const priority = PRIORITY[level] ?? 6
      const entry: Readonly<Record<string, unknown>> = {
        ...{ MESSAGE: withFields(event, fields), PRIORITY: priority, SYSLOG_IDENTIFIER: 'bleepd' },
        BLEEPD_EVENT: event,
        ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [fieldName(name), value])),
      }
      try {
        if (to?.(Buffer.concat(Object.entries(entry).map(([name, value]) => field(name, printed(value))))))
          return
      } catch {
        // No libc here: nor will there be one for the next line.
        to = undefined
      }
      otherwise(`<${priority}>${line}`)
    },
  }
}

/** What a line says to somebody who reads it: the event, then fields. */
export const withFields = (event: unknown, fields: object): string =>
  [event, ...Object.entries(fields).map(([name, value]) => `${name}=${printed(value)}`)].join(' ')

const printed = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** Capitals, digits and underscores, at most 64 (systemd.journal-fields(7)). */
const fieldName = (name: string): string =>
  `BLEEPD_${name
    .replaceAll(/[A-Z]/g, '_$&')
    .toUpperCase()
    .replaceAll(/[^A-Z\d]+/g, '_')}`.slice(0, 64)

/** A field as the journal's own protocol has it: a value that holds a line break comes behind its length. */
function field(name: string, value: string): Buffer {
  if (!value.includes('\n')) return Buffer.from(`${name}=${value}\n`)
  const bytes = Buffer.from(value)
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(bytes.length))
  return Buffer.concat([Buffer.from(`${name}\n`), length, bytes, Buffer.from('\n')])
}
