import { type DestinationStream, destination, pino } from 'pino'
import type { Log } from '../ports/log.ts'

/**
 * Fields that never reach a log even if a caller hands them over by mistake. The first line of defence is that nobody
 * does; this is the second.
 */
const SECRET_FIELDS = [
  'text',
  'message',
  'note',
  'said',
  'name',
  'callBack',
  'place',
  'raw',
  'bytes',
  'address',
  'dialled',
  'displayMessage',
  'token',
  'password',
  'secret',
  'auth',
  'p256dh',
  'authorization',
  'cookie',
  'privateKey',
] as const

/** As deep as our own types nest: bleep.page.fields.text. */
const DEPTH = 4

const PATHS = SECRET_FIELDS.flatMap((field) =>
  Array.from({ length: DEPTH }, (_, depth) => `${'*.'.repeat(depth)}${field}`),
)

export interface LogOptions {
  readonly level?: 'info' | 'warn' | 'error' | 'silent'
  /** Where lines go; standard error unless told. */
  readonly to?: DestinationStream
  /** Fields on every line, such as the node. */
  readonly base?: Readonly<Record<string, string>>
}

/** An error's text may quote what it choked on, so only its kind, its code and where it arose are written. */
function printError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error }
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return {
    type: error.name,
    ...('code' in error ? { code: String(error.code) } : {}),
    at: frames.slice(0, 8).map((line) => line.trim().slice(3)),
  }
}

/** Lines for a person at a terminal: time, level, event, then fields. */
function forPeople(write: (text: string) => void): DestinationStream {
  return {
    write(line: string) {
      const { time, level, event, ...fields } = JSON.parse(line)
      const rest = Object.entries(fields).map(
        ([k, v]) => `${k}=${typeof v === 'string' ? v : JSON.stringify(v)}`,
      )
      write(
        `${String(time).slice(11, 19)} ${String(level).padEnd(5)} ${event} ${rest.join(' ')}`.trimEnd() +
          '\n',
      )
    },
  }
}

/** pino behind the log port, on standard error because standard output is for data: JSON lines, plain ones at a terminal. */
export function openLog(options: LogOptions = {}): Log {
  const logger = pino(
    {
      level: options.level ?? 'info',
      base: options.base ?? {},
      messageKey: 'event',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: printError, error: printError },
      redact: { paths: PATHS, censor: '[redacted]' },
    },
    options.to ??
      (process.stderr.isTTY
        ? forPeople((text) => process.stderr.write(text))
        : destination({ dest: 2, sync: true })),
  )
  return {
    info: (event, fields = {}) => logger.info(fields, event),
    warn: (event, fields = {}) => logger.warn(fields, event),
    error: (event, fields = {}) => logger.error(fields, event),
  }
}
