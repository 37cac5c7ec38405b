import { readFileSync } from 'node:fs'
import { Command, InvalidArgumentError, Option } from 'commander'
import { readWhen, TIMES } from '../config/report.ts'
import type { Whole } from '../config/whole.ts'
import { copyCsv, copyLines } from '../core/desk/copy.ts'
import { buildDirectory } from '../core/directory/build.ts'
import type { Result } from '../core/faults.ts'
import type { About } from '../core/govern/subject.ts'
import { asId, type BleepId, type PersonId } from '../core/ids.ts'
import type { Instant } from '../core/instant.ts'
import { systemClock } from '../io/clock.ts'
import { systemRandom } from '../io/random.ts'
import type { ErasureAsk, HoldAsk } from '../ports/govern-desk.ts'
import { createErasures } from '../run/keep/erasures.ts'
import { createHolds } from '../run/keep/holds.ts'
import { type Copying, createSubjects, type GovernParts } from '../run/keep/subjects.ts'
import { configured, operatorHere, refused, say, withStore, written, writtenJson } from './beside.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { parseArguments } from './line-command.ts'
import type { Act } from './subject-act.ts'
import { requestCommand } from './subject-request.ts'

interface Options {
  readonly config?: string
  readonly reason: string
  readonly text?: string
  readonly number?: string
  readonly person?: string
  readonly bleep?: readonly string[]
  readonly from?: string
  readonly to?: string
  readonly format?: string
  readonly do?: string
  /** The argument, where the act takes one. */
  readonly id: string
}

type Work = (parts: GovernParts, options: Options, whole: Whole) => Promise<ExitCode>

/**
 * `bleepd subject`: one person's data, beside a running daemon. Who may read the database file may do all of it; who did,
 * and why, goes on the audit.
 */
export async function subject(args: readonly string[]): Promise<ExitCode> {
  let chosen: (() => Promise<ExitCode>) | undefined
  const command = new Command('bleepd subject')
    .description('find, copy, trace, hold or erase what is kept of one person; each act on the audit')
    .exitOverride()
  const one: Act = (under, name, description, work) =>
    under
      .command(name)
      .description(description)
      .option('--config <file>', 'configuration file; default BLEEPD_CONFIG, then bridge.yaml')
      .action((...given: unknown[]) => {
        const asked = given.at(-1)
        if (asked instanceof Command) chosen = () => run(work, asked.opts(), asked.args)
      })
  const act = (name: string, description: string, work: Work): Command =>
    one(command, name, description, (parts, options: Omit<Options, 'id'>, whole, args) =>
      work(parts, { ...options, id: args[0] ?? '' }, whole),
    )
  const because = (one: Command) => one.addOption(reason().makeOptionMandatory())
  const sought = (one: Command) =>
    because(one)
      .option('--text <words>', 'NHS number, part of a name, any words; - reads it from standard input')
      .option('--number <bleep>', 'only bleeps to this number')
      .option('--person <id>', 'bleeps this member of staff was asked on')
      .option('--from <time>', 'first moment; default: everything that is kept')
      .option('--to <time>', 'first moment after; default now')

  sought(act('find', 'bleeps that hold somebody’s data, identifiers masked; one JSON object a line', find))
  sought(act('copy', 'the same as one document, with every word and everybody who saw it', copy)).option(
    '--format <format>',
    'json, or csv: the time line as a table',
    'json',
  )
  because(act('trace <id>', 'who was sent a bleep or alert, whose phone had it, who looked', trace))
  act('erase', 'without --do: print a plan, and change nothing', erase)
    .option('--bleep <id...>', 'bleeps whose words are to go')
    .option('--person <id>', 'person in whose place a pseudonym is to be put')
    .addOption(reason())
    .option('--do <plan>', 'carry out this plan')
  act('erasures', 'erasures planned, under way and done; one JSON object a line', erasures)
  because(act('hold', 'keep bleeps, everything of a span, or a person from going', hold))
    .option('--bleep <id...>', 'bleeps')
    .option('--person <id>', 'person, and every bleep they were asked on until now')
    .option('--from <time>', 'everything received from this moment on')
    .option('--to <time>', 'and before this one')
  act('holds', 'every hold; one JSON object a line', holds)
  because(act('release <id>', 'the investigation is over: keep times and erasure count again', release))

  command.addCommand(requestCommand(one))
  return parseArguments(command, args) ?? chosen?.() ?? EXIT.usage
}

/** Long enough to say something, short enough for one line of the audit. */
function reason(): Option {
  return new Option('--reason <text>', 'why, for the audit: a case number, no name').argParser((text) => {
    if (text.trim().length < 3 || text.length > 240) throw new InvalidArgumentError('3 to 240 characters')
    return text.trim()
  })
}

async function run<O extends { readonly config?: string; readonly text?: string }>(
  work: (parts: GovernParts, options: O, whole: Whole, args: readonly string[]) => Promise<ExitCode>,
  asked: O,
  args: readonly string[],
): Promise<ExitCode> {
  // Typed on the line it would stand in the shell's history and in the list of processes.
  const options = asked.text === '-' ? { ...asked, text: readFileSync(0, 'utf8').trim() } : asked
  const whole = configured(options.config)
  if (typeof whole === 'number') return whole
  return withStore(whole, 'write', async (store) => {
    const directory = buildDirectory(whole.site, await store.transact((tx) => tx.directory.list()))
    const clock = systemClock(() => undefined)
    return work({ store, clock, random: systemRandom, directory: () => directory }, options, whole, args)
  })
}

/** The span asked for, or the sentence that says what cannot be read. */
function spanOf(
  { from, to }: Options,
  { site }: Whole,
  now: Instant,
): { readonly from: Instant; readonly to: Instant } | string {
  const first = from === undefined ? 0 : readWhen(from, site.zone)
  const last = to === undefined ? now : readWhen(to, site.zone)
  return first === undefined || last === undefined ? TIMES : { from: first, to: last }
}

function aboutOf(options: Options, whole: Whole, now: Instant): About | string {
  const { text, number, person } = options
  if (text === undefined && number === undefined && person === undefined)
    return 'Name what is sought: --text, --number or --person'
  const span = spanOf(options, whole, now)
  if (typeof span === 'string') return span
  return {
    ...span,
    ...(text === undefined ? {} : { text }),
    ...(number === undefined ? {} : { number }),
    ...(person === undefined ? {} : { person: asId<PersonId>(person) }),
  }
}

function usage(sentence: string): ExitCode {
  say(sentence)
  return EXIT.usage
}

async function printed<T>(
  result: Result<T>,
  print: (value: T) => Promise<void> = writtenJson,
): Promise<ExitCode> {
  if (!result.ok) return refused(result.fault)
  await print(result.value)
  return EXIT.good
}

const lines = (values: readonly unknown[]): Promise<void> =>
  written(values.map((value) => `${JSON.stringify(value)}\n`).join(''))

async function find(parts: GovernParts, options: Options, whole: Whole): Promise<ExitCode> {
  const about = aboutOf(options, whole, parts.clock.now())
  if (typeof about === 'string') return usage(about)
  const found = await createSubjects(parts).find(operatorHere(), about, options.reason)
  return printed(found, ({ bleeps }) => lines(bleeps))
}

async function copy(parts: GovernParts, options: Options, whole: Whole): Promise<ExitCode> {
  const about = aboutOf(options, whole, parts.clock.now())
  if (typeof about === 'string') return usage(about)
  const { format } = options
  if (format !== 'json' && format !== 'csv') return usage('--format is one of json, csv')
  const made = await createSubjects(parts).copy(operatorHere(), about, options.reason)
  return printed(made, (copying) => (format === 'csv' ? writtenCsv(copying) : writtenCopy(copying)))
}

/** As it is read: nothing of it is held. */
async function writtenCopy({ head, bleeps }: Copying): Promise<void> {
  await written(JSON.stringify({ ...head, bleeps: [] }, null, 2).replace(/\]\s*\}$/, ''))
  let before = '\n'
  for await (const bleep of bleeps) {
    await written(`${before}${JSON.stringify(bleep, null, 2)}`)
    before = ',\n'
  }
  await written('\n]}\n')
}

async function writtenCsv({ bleeps }: Copying): Promise<void> {
  await written(copyCsv({ bleeps: [] }))
  for await (const bleep of bleeps) await written(copyLines(bleep))
}

async function trace(parts: GovernParts, { id, reason }: Options): Promise<ExitCode> {
  return printed(await createSubjects(parts).trace(operatorHere(), id, reason))
}

async function erase(parts: GovernParts, options: Partial<Options>): Promise<ExitCode> {
  const erasures = createErasures(parts)
  if (options.do !== undefined) return printed(await erasures.carryOut(operatorHere(), options.do))
  const { bleep, person, reason } = options
  if ((bleep === undefined) === (person === undefined)) return usage('Name --bleep or --person, or --do PLAN')
  if (reason === undefined) return usage('A plan needs its --reason')
  const ask: ErasureAsk =
    person === undefined
      ? { bleeps: (bleep ?? []).map((id) => asId<BleepId>(id)) }
      : { person: asId<PersonId>(person) }
  const planned = await erasures.plan(operatorHere(), ask, reason)
  if (planned.ok) say(`Nothing is changed yet. To do it: bleepd subject erase --do ${planned.value.id}`)
  return printed(planned)
}

async function erasures(parts: GovernParts): Promise<ExitCode> {
  await lines(await createErasures(parts).list())
  return EXIT.good
}

async function hold(parts: GovernParts, options: Options, whole: Whole): Promise<ExitCode> {
  const { bleep, person, from, to, reason } = options
  const named = [bleep, person, from ?? to].filter((one) => one !== undefined)
  if (named.length !== 1) return usage('Name one of --bleep, --person, or --from and --to')
  const span = spanOf(options, whole, parts.clock.now())
  if (typeof span === 'string') return usage(span)
  const ask: HoldAsk =
    bleep !== undefined
      ? { bleeps: bleep.map((id) => asId<BleepId>(id)) }
      : person !== undefined
        ? { person: asId<PersonId>(person) }
        : { span }
  return printed(await createHolds(parts).add(operatorHere(), ask, reason))
}

async function holds(parts: GovernParts): Promise<ExitCode> {
  await lines(await createHolds(parts).list())
  return EXIT.good
}

async function release(parts: GovernParts, { id, reason }: Options): Promise<ExitCode> {
  return printed(await createHolds(parts).release(operatorHere(), id, reason))
}
