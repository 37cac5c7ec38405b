import { readFileSync } from 'node:fs'
import { Command, InvalidArgumentError, Option } from 'commander'
import { elsewhereOf } from '../app/copies.ts'
import { readWhen, TIMES } from '../config/report.ts'
import type { Whole } from '../config/whole.ts'
import { say } from '../core/catalogue/say.ts'
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
import { configured, operatorHere, refused, tell, withStore, written, writtenJson } from './beside.ts'
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
  const command = new Command('bleepd subject').description(say('cli.subjectAbout')).exitOverride()
  const one: Act = (under, name, description, work) =>
    under
      .command(name)
      .description(description)
      .option('--config <file>', say('cli.configFound'))
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
      .option('--text <words>', say('cli.subjectText'))
      .option('--number <bleep>', say('cli.subjectNumber'))
      .option('--person <id>', say('cli.subjectPerson'))
      .option('--from <time>', say('cli.subjectFrom'))
      .option('--to <time>', say('cli.subjectTo'))

  sought(act('find', say('cli.subjectFind'), find))
  sought(act('copy', say('cli.subjectCopy'), copy)).option(
    '--format <format>',
    say('cli.subjectCopyFormat'),
    'json',
  )
  because(act('trace <id>', say('cli.subjectTrace'), trace))
  act('erase', say('cli.subjectErase'), erase)
    .option('--bleep <id...>', say('cli.subjectEraseBleeps'))
    .option('--person <id>', say('cli.subjectErasePerson'))
    .addOption(reason())
    .option('--do <plan>', say('cli.subjectEraseDo'))
  act('erasures', say('cli.subjectErasures'), erasures)
  because(act('hold', say('cli.subjectHold'), hold))
    .option('--bleep <id...>', 'bleeps')
    .option('--person <id>', say('cli.subjectHoldPerson'))
    .option('--from <time>', say('cli.subjectHoldFrom'))
    .option('--to <time>', say('cli.subjectHoldTo'))
  act('holds', say('cli.subjectHolds'), holds)
  because(act('release <id>', say('cli.subjectRelease'), release))

  command.addCommand(requestCommand(one))
  return parseArguments(command, args) ?? chosen?.() ?? EXIT.usage
}

/** Long enough to say something, short enough for one line of the audit. */
function reason(): Option {
  return new Option('--reason <text>', say('cli.subjectReason')).argParser((text) => {
    if (text.trim().length < 3 || text.length > 240)
      throw new InvalidArgumentError(say('cli.subjectReasonForm'))
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
  return withStore(whole, 'write', async (store, keys) => {
    const directory = buildDirectory(whole.site, await store.transact((tx) => tx.directory.list()))
    const clock = systemClock(() => undefined)
    const elsewhere = elsewhereOf(whole, keys)
    const parts = { store, clock, random: systemRandom, directory: () => directory, ...elsewhere }
    return work(parts, options, whole, args)
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
  if (text === undefined && number === undefined && person === undefined) return say('cli.subjectNoneSought')
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
  tell(sentence)
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
  if (format !== 'json' && format !== 'csv') return usage(say('cli.subjectFormatForm'))
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
  if ((bleep === undefined) === (person === undefined)) return usage(say('cli.subjectEraseNone'))
  if (reason === undefined) return usage(say('cli.subjectEraseWhy'))
  const ask: ErasureAsk =
    person === undefined
      ? { bleeps: (bleep ?? []).map((id) => asId<BleepId>(id)) }
      : { person: asId<PersonId>(person) }
  const planned = await erasures.plan(operatorHere(), ask, reason)
  if (planned.ok) tell(say('cli.subjectEraseToDo', { id: planned.value.id }))
  return printed(planned)
}

async function erasures(parts: GovernParts): Promise<ExitCode> {
  await lines(await createErasures(parts).list())
  return EXIT.good
}

async function hold(parts: GovernParts, options: Options, whole: Whole): Promise<ExitCode> {
  const { bleep, person, from, to, reason } = options
  const named = [bleep, person, from ?? to].filter((one) => one !== undefined)
  if (named.length !== 1) return usage(say('cli.subjectHoldNone'))
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
