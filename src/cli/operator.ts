import { Command, Option } from 'commander'
import { readWhen, TIMES } from '../config/report.ts'
import type { Whole } from '../config/whole.ts'
import { say } from '../core/catalogue/say.ts'
import { OPERATOR_ROLES, type OperatorRole } from '../core/govern/permit.ts'
import { accountName, accountState } from '../core/identity/account.ts'
import { asId, type PersonId } from '../core/ids.ts'
import { printInstant } from '../core/instant.ts'
import { systemClock } from '../io/clock.ts'
import { systemRandom } from '../io/random.ts'
import { sha256 as digest } from '../io/store/audit.ts'
import { createAccounts, type Invited } from '../run/keep/accounts.ts'
import { configured, operatorHere, refused, tell, withStore, written, writtenJson } from './beside.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { parseArguments } from './line-command.ts'

interface Options {
  readonly config?: string
  readonly role?: OperatorRole
  readonly person?: string
  readonly expires?: string
  readonly at?: string
  readonly breakGlass?: boolean
  readonly format: 'text' | 'json'
  /** The argument, where the act takes one. */
  readonly name: string
}

type Accounts = ReturnType<typeof createAccounts>
type Work = (accounts: Accounts, options: Options, whole: Whole) => Promise<ExitCode>

/**
 * `bleepd operator`: who may sign in at the console, beside a running daemon. Whatever is changed holds within seconds, on
 * every node, without a restart. Operators with a key stand in the configuration and are not listed here.
 */
export async function operator(args: readonly string[]): Promise<ExitCode> {
  let chosen: (() => Promise<ExitCode>) | undefined
  const command = new Command('bleepd operator').description(say('cli.operatorAbout')).exitOverride()
  const act = (name: string, description: string, work: Work): Command =>
    command
      .command(name)
      .description(description)
      .option('--config <file>', say('cli.configFound'))
      .action((...given: unknown[]) => {
        const asked = given.at(-1)
        if (asked instanceof Command)
          chosen = () => run(work, { ...asked.opts<Omit<Options, 'name'>>(), name: asked.args[0] ?? '' })
      })
  act('add <name>', say('cli.operatorAdd'), add)
    .addOption(
      new Option('--role <role>', say('cli.operatorRole')).choices(OPERATOR_ROLES).makeOptionMandatory(),
    )
    .option('--person <id>', say('cli.operatorPerson'))
    .option('--expires <time>', say('cli.operatorExpires'))
    .option('--break-glass', say('cli.operatorBreakGlass'), false)
  act('list', say('cli.operatorList'), list).addOption(
    new Option('--format <format>', say('cli.operatorListFormat')).choices(['text', 'json']).default('text'),
  )
  act('expire <name>', say('cli.operatorExpire'), expire).requiredOption(
    '--at <time>',
    say('cli.operatorExpireWhen'),
  )
  act('revoke <name>', say('cli.operatorRevoke'), revoke)
  act('reset <name>', say('cli.operatorReset'), reset)
  return parseArguments(command, args) ?? chosen?.() ?? EXIT.usage
}

async function run(work: Work, options: Options): Promise<ExitCode> {
  const whole = configured(options.config)
  if (typeof whole === 'number') return whole
  return withStore(whole, 'write', (store) => {
    const clock = systemClock(() => undefined)
    return work(createAccounts({ store, clock, random: systemRandom, digest }), options, whole)
  })
}

const add: Work = async (accounts, { name, role, person, expires, breakGlass }, whole) => {
  const kept = accountName(name)
  if (kept === undefined) return usage(say('cli.operatorNameForm'))
  if (role === undefined)
    return usage(say('cli.operatorRoleForm', { operatorRoles: OPERATOR_ROLES.join(', ') }))
  if (whole.config.http.operators.some((one) => one.name === kept))
    return usage(say('cli.operatorInConfiguration', { kept }))
  const ends = expires === undefined ? undefined : readWhen(expires, whole.site.zone)
  if (expires !== undefined && ends === undefined) return usage(TIMES)
  const made = await accounts.add(operatorHere(), {
    ...{ name: kept, role },
    ...(person === undefined ? {} : { person: asId<PersonId>(person) }),
    ...(ends === undefined ? {} : { expires: ends }),
    ...(breakGlass === true ? { breakGlass } : {}),
  })
  return made.ok ? invite(made.value, whole) : refused(made.fault)
}

const reset: Work = async (accounts, { name }, whole) => {
  const made = await accounts.reset(operatorHere(), name.toLowerCase())
  return made.ok ? invite(made.value, whole) : refused(made.fault)
}

/** The code goes to its person alone: on standard output, so that it can be sealed without being read. */
async function invite({ account, code }: Invited, { config }: Whole): Promise<ExitCode> {
  const base = config.http.baseUrl ?? `http://localhost:${config.http.port}`
  const link = `${base.replace(/\/$/, '')}/console/#set-up=${encodeURIComponent(account.name)}&code=${code}`
  await writtenJson({
    ...{ name: account.name, role: account.role, code, link },
    ...(account.invite === undefined ? {} : { until: printInstant(account.invite.until) }),
  })
  tell(say('cli.operatorCode', { name: account.name }))
  return EXIT.good
}

const list: Work = async (accounts, { format }) => {
  const now = Date.now()
  const rows = (await accounts.list()).map((account) => ({
    ...{ name: account.name, role: account.role, state: accountState(account, now) },
    ways: [
      ...(account.password === undefined ? [] : [say('cli.operatorPasswordWay')]),
      ...account.passkeys.map(({ label }) => say('cli.operatorPasskeyWay', { label })),
    ],
    ...(account.person === undefined ? {} : { person: account.person }),
    ...(account.expires === undefined ? {} : { expires: printInstant(account.expires) }),
    ...(account.breakGlass === undefined ? {} : { breakGlass: true }),
    ...{ made: printInstant(account.made), by: account.by },
    ...(account.seen === undefined ? {} : { seen: printInstant(account.seen) }),
  }))
  if (format === 'json') {
    await written(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
    return EXIT.good
  }
  if (rows.length === 0) tell(say('cli.operatorNone'))
  await written(
    rows
      .map(({ name, role, state, ways, expires, seen, breakGlass }) =>
        [
          ...[name.padEnd(24), role.padEnd(12), state.padEnd(8)],
          [
            ...ways,
            ...(breakGlass ? ['break-glass'] : []),
            ...(expires === undefined ? [] : [say('cli.operatorUntil', { day: expires.slice(0, 10) })]),
            seen === undefined
              ? say('cli.operatorNeverUsed')
              : say('cli.operatorLastUsed', { day: seen.slice(0, 10) }),
          ].join(', '),
        ].join(' '),
      )
      .map((line) => `${line}\n`)
      .join(''),
  )
  return EXIT.good
}

const expire: Work = async (accounts, { name, at }, whole) => {
  const when = at === undefined ? undefined : readWhen(at, whole.site.zone)
  if (when === undefined) return usage(TIMES)
  const done = await accounts.expire(operatorHere(), name.toLowerCase(), when)
  return done.ok ? EXIT.good : refused(done.fault)
}

const revoke: Work = async (accounts, { name }) => {
  const done = await accounts.revoke(operatorHere(), name.toLowerCase())
  return done.ok ? EXIT.good : refused(done.fault)
}

function usage(sentence: string): ExitCode {
  tell(sentence)
  return EXIT.usage
}
