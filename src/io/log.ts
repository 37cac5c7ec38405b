import { fstatSync } from 'node:fs'
import { type DestinationStream, pino } from 'pino'
import type { Log } from '../ports/log.ts'
import { datagramsTo } from './datagrams.ts'
import { JOURNAL, toJournal, withFields } from './journal.ts'
import type { LogOut } from './log-out.ts'

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
  readonly level?: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** Where lines go. */
  readonly to: DestinationStream
  /** Fields on every line, such as the node. */
  readonly base?: Readonly<Record<string, string>>
}

/** Deeper causes than this say nothing new. */
const CAUSES = 4
const LONGEST = 300

/**
 * What an error says, without what it choked on: parsers and drivers quote their input, and that may be a page. Names of
 * properties, which the engine quotes in its own type errors, stay.
 */
function withoutContent(text: string): string {
  return (text.split('\n', 1)[0] ?? '')
    .slice(0, 4 * LONGEST)
    .replace(/(reading|setting|property) '([\w$]{1,40})'/g, '$1 $2')
    .replace(/"(?:[^"\\]|\\.)*"?|`[^`]*`?|'[^']*'?/g, '[…]')
    .replace(/\d{3,}/g, '#')
    .slice(0, LONGEST)
}

/** An error as the log keeps it: kind, message without content, code, where it arose, and what caused it. */
function printError(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) {
    // Only something that looks like one of our own codes is safe to print.
    const code = typeof error === 'string' && /^[a-z][a-z-]{0,39}$/.test(error)
    return { type: typeof error, ...(code ? { message: new Cleaned(error) } : {}) }
  }
  // A message may hold line breaks: what stands before the first frame of ours is no frame.
  const stack = error.stack ?? ''
  const told = stack.indexOf(error.message)
  const frames = (told < 0 ? stack : stack.slice(told + error.message.length)).split('\n')
  return {
    type: error.name,
    message: new Cleaned(withoutContent(error.message)),
    ...('code' in error ? { code: String(error.code).slice(0, 80) } : {}),
    stack: frames
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 8)
      .map((line) => line.trim().slice(3)),
    ...(error.cause === undefined || depth === CAUSES ? {} : { cause: printError(error.cause, depth + 1) }),
  }
}

/** The redaction goes by names of fields; this value under the name `message` was cleaned before. */
class Cleaned {
  readonly #text: string
  constructor(text: string) {
    this.#text = text
  }
  toJSON(): string {
    return this.#text
  }
}

/** Lines for a person at a terminal: time, level, event, then fields. */
function forPeople(write: (text: string) => void): DestinationStream {
  return {
    write(line: string) {
      const { time, level, event, ...fields } = JSON.parse(line)
      const head = `${String(time).slice(11, 19)} ${String(level).padEnd(5)}`
      write(`${head} ${withFields(event, fields)}\n`)
    },
  }
}

/** Whether standard error is the journal's own, as systemd says by device and inode. */
function isJournal(env: NodeJS.ProcessEnv = process.env): boolean {
  if (env.JOURNAL_STREAM === undefined) return false
  try {
    const { dev, ino } = fstatSync(2)
    return env.JOURNAL_STREAM === `${dev}:${ino}`
  } catch {
    return false
  }
}

/** Lines as whoever reads standard error wants them: plain at a terminal, as fields in the journal, else JSON. */
export function forReader(out: LogOut): DestinationStream {
  if (process.stderr.isTTY) return forPeople(out.write)
  return isJournal() ? toJournal(datagramsTo(JOURNAL), out.write) : out
}

/** pino behind the log port. */
export function openLog(options: LogOptions): Log {
  const logger = pino(
    {
      level: options.level ?? 'info',
      base: options.base ?? {},
      messageKey: 'event',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: (error) => printError(error), error: (error) => printError(error) },
      redact: { paths: PATHS, censor: (value) => (value instanceof Cleaned ? value : '[redacted]') },
    },
    options.to,
  )
  return {
    debug: (event, fields = {}) => logger.debug(fields, event),
    info: (event, fields = {}) => logger.info(fields, event),
    warn: (event, fields = {}) => logger.warn(fields, event),
    error: (event, fields = {}) => logger.error(fields, event),
  }
}
