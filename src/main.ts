import { setFlagsFromString } from 'node:v8'
import { Command, CommanderError } from 'commander'
import type { AuditOptions } from './cli/audit.ts'
import type { BackupOptions } from './cli/backup.ts'
import type { DoctorOptions } from './cli/doctor.ts'
import { EXIT, type ExitCode } from './cli/exit.ts'
import type { InitOptions } from './cli/init.ts'
import type { KeysOptions } from './cli/keys.ts'
import type { ReportOptions } from './cli/report.ts'
import type { RestoreOptions } from './cli/restore.ts'
import type { SiteOptions } from './cli/site.ts'
import type { StatusOptions } from './cli/status.ts'
import type { WhoOptions } from './cli/who.ts'

/** Runs one command line and gives its exit code. Commands load on demand, so `decode` never waits for the daemon. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = EXIT.good
  const program = new Command('bleepd')
    .description('Bridge from hospital bleeps to the phones of whoever holds the role now')
    .option('--version', 'print the version')
    .exitOverride()
    .configureHelp({ showGlobalOptions: false })

  program
    .command('run')
    .description('the daemon, until it is told to stop')
    .requiredOption('--config <file>', 'configuration file (YAML)')
    .action(async (options: { config: string }) => {
      // A daemon beside others on a small machine: V8 otherwise lets garbage grow to twice what we hold (npm run bench).
      setFlagsFromString('--optimize-for-size')
      const { run } = await import('./cli/run.ts')
      code = await run(options.config)
    })

  program
    .command('init')
    .description('a configuration, a site and keys to begin with; asks what the flags do not say')
    .argument('[folder]', 'where to; default /etc/bleepd where that is, else bleepd')
    .option('--trust <name>', 'name of the trust')
    .option('--hospital <name>', 'name of the hospital')
    .option('--address <name>', 'how phones and screens reach this machine')
    .option('--port <n>', 'where we listen', '8443')
    .option('--contact <mail>', 'mail address that push providers may write to')
    .option('--operator <name>', 'the first operator')
    .option('--line <port>', 'a line to listen to: /dev/…, or HOST:PORT; may be given again', list, [])
    .option('--csr', 'ask an authority for the certificate instead of signing our own', false)
    .option('--listen <seconds>', 'how long to listen to a line at each rate', '20')
    .action(async (folder: string | undefined, options: InitOptions) => {
      const { init } = await import('./cli/init.ts')
      code = await init(folder, options)
    })

  program
    .command('keys')
    .description('new keys, printed and not stored: vapid, session, operator, certificate, request')
    .argument('[keys...]', 'which; default vapid, session and operator')
    .option('--name <name>', 'for a certificate or a request: how browsers call this machine')
    .action(async (wanted: string[], options: KeysOptions) => {
      const { keys } = await import('./cli/keys.ts')
      code = await keys(wanted, options)
    })

  program
    .command('check')
    .description('every fault of a configuration at once, each with what to do')
    .requiredOption('--config <file>', 'configuration file (YAML)')
    .action(async (options: { config: string }) => {
      const { check } = await import('./cli/check.ts')
      code = check(options.config)
    })

  program
    .command('site')
    .description('check a site folder; print gaps and double cover of its rota; write its tables as CSV')
    .argument('<folder>', 'site folder, such as config/sites/demo')
    .option('--days <n>', 'days of the rota to look through', Number, 14)
    .option('--export <folder>', 'write the tables there')
    .action(async (folder: string, options: SiteOptions) => {
      const { site } = await import('./cli/site.ts')
      code = site(folder, options)
    })

  program
    .command('who')
    .description('what a page would mean, and who would be rung, how and when; nobody is rung')
    .argument('[number]', 'bleep number, or ric:1310720/3')
    .option('--text <words>', 'the words of the page')
    .option('--at <time>', 'when it comes; default now')
    .option('--all', 'every number at every hour of the week: who would not be answered', false)
    .option('--format <format>', 'text or json', 'text')
    .option('--config <file>', 'configuration file; default BLEEPD_CONFIG, then bridge.yaml')
    .action(async (number: string | undefined, options: WhoOptions) => {
      const { who } = await import('./cli/who.ts')
      code = await who(number, options)
    })

  program
    .command('status')
    .description('what runs here, since when, and what ails, on one screen')
    .option('--alive', 'exit 0 where the daemon answers, whatever ails it', false)
    .option('--config <file>', 'configuration file; default BLEEPD_CONFIG, then bridge.yaml')
    .action(async (options: StatusOptions) => {
      const { status } = await import('./cli/status.ts')
      code = await status(options)
    })

  program
    .command('support')
    .description('write what the makers need to help into one file, without any personal data')
    .argument('<file>', 'file to write; it must not be there')
    .option('--config <file>', 'configuration file; default BLEEPD_CONFIG, then bridge.yaml')
    .action(async (file: string, options: { config?: string }) => {
      const { support } = await import('./cli/support.ts')
      code = await support(file, options)
    })

  program
    .command('report')
    .description('latency and time saved over a span, as a page, a table or data')
    .requiredOption('--from <time>', 'first moment: 2026-10-05, 2026-10-05T07:30 (local), or with an offset')
    .requiredOption('--to <time>', 'first moment after')
    .option('--shift <name>', 'only this shift of the configuration')
    .option('--format <format>', 'json, csv or html', 'json')
    .option('--config <file>', 'configuration file; default BLEEPD_CONFIG, then bridge.yaml')
    .action(async (options: ReportOptions) => {
      const { report } = await import('./cli/report.ts')
      code = await report(options)
    })

  program
    .command('decode')
    .description('run a protocol over captured bytes; one JSON object a line')
    .option('--as <protocol>', 'pocsag, espa444, tap, snpp, text, records, …')
    .argument('[file]', 'file to read, - for standard input', '-')
    .allowUnknownOption()
    .allowExcessArguments()
    .helpOption(false)
    .action(async () => {
      const { decode } = await import('./cli/decode.ts')
      code = await decode(args.slice(1))
    })

  program
    .command('encode')
    .description('JSON lines on standard input → bytes on standard output')
    .option('--as <protocol>', 'pocsag, espa444, tap, scope, …')
    .allowUnknownOption()
    .allowExcessArguments()
    .helpOption(false)
    .action(async () => {
      const { encode } = await import('./cli/encode.ts')
      code = await encode(args.slice(1))
    })

  program
    .command('doctor')
    .description('listen to a port and say what it hears: rate, framing, protocol, and why; writes nothing')
    .argument('<port>', 'serial port, or a file of captured bytes')
    .option('--seconds <n>', 'longest wait for the first byte and at each rate', Number, 20)
    .option('--json', 'one JSON object instead of sentences', false)
    .action(async (port: string, options: DoctorOptions) => {
      const { doctor } = await import('./cli/doctor.ts')
      code = await doctor(port, options)
    })

  program
    .command('subject')
    .description('find, copy, trace, hold or erase what is kept of one person')
    .argument('[act]', 'find, copy, trace, erase, erasures, hold, holds, release, request')
    .allowUnknownOption()
    .allowExcessArguments()
    .helpOption(false)
    .action(async () => {
      const { subject } = await import('./cli/subject.ts')
      code = await subject(args.slice(1))
    })

  program
    .command('operator')
    .description('who may sign in at the console: add, list, expire, revoke, reset')
    .argument('[act]', 'add, list, expire, revoke, reset')
    .allowUnknownOption()
    .allowExcessArguments()
    .helpOption(false)
    .action(async () => {
      const { operator } = await import('./cli/operator.ts')
      code = await operator(args.slice(1))
    })

  program
    .command('audit')
    .description('who did what and who looked at what; or, with --verify, whether the record is whole')
    .option('--since <n>', 'entries after this number', Number, 0)
    .option('--verify', 'follow the chain of digests from the first entry to the last', false)
    .option('--against <place>', 'a place in it that was written down, SEQ:DIGEST')
    .option('--config <file>', 'configuration file; default BLEEPD_CONFIG, then bridge.yaml')
    .action(async (options: AuditOptions) => {
      const { audit } = await import('./cli/audit.ts')
      code = await audit(options)
    })

  program
    .command('backup')
    .description('copy the embedded database now, beside a running daemon, and check the copy')
    .option('--to <folder>', 'folder; default backup.folder of the configuration')
    .option('--config <file>', 'configuration file; default BLEEPD_CONFIG, then bridge.yaml')
    .action(async (options: BackupOptions) => {
      const { backup } = await import('./cli/backup.ts')
      code = await backup(options)
    })

  program
    .command('restore')
    .description('check a copy of the database and put it in place, where none is')
    .argument('<copy>', 'bleeps.….sqlite, with its note beside it')
    .option('--check', 'only say whether a daemon could be started from it', false)
    .option('--config <file>', 'configuration file; default BLEEPD_CONFIG, then bridge.yaml')
    .action(async (copy: string, options: RestoreOptions) => {
      const { restore } = await import('./cli/restore.ts')
      code = await restore(copy, options)
    })

  if (args.length === 1 && args[0] === '--version') {
    const { version } = await import('./cli/version.ts')
    process.stdout.write(`${version()}\n`)
    return EXIT.good
  }
  try {
    await program.parseAsync([...args], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? EXIT.good : EXIT.usage
  }
  return code
}

const list = (value: string, before: readonly string[]): readonly string[] => [...before, value]
