import { flushCompileCache } from 'node:module'
import { Command, CommanderError } from 'commander'
import type { AuditOptions } from './cli/audit.ts'
import type { BackupOptions } from './cli/backup.ts'
import type { DoctorOptions } from './cli/doctor.ts'
import { EXIT, type ExitCode } from './cli/exit.ts'
import type { IncidentOptions } from './cli/incident.ts'
import type { InitOptions } from './cli/init.ts'
import type { KeysOptions } from './cli/keys.ts'
import { daemonHeap } from './cli/lean.ts'
import type { ParallelOptions } from './cli/parallel.ts'
import type { ReportOptions } from './cli/report.ts'
import type { RestoreOptions } from './cli/restore.ts'
import type { SiteOptions } from './cli/site.ts'
import type { StatusOptions } from './cli/status.ts'
import type { WhoOptions } from './cli/who.ts'
import { say } from './core/catalogue/say.ts'

/** Runs one command line and gives its exit code. Commands load on demand, so `decode` never waits for the daemon. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = EXIT.good
  const program = new Command('bleepd')
    .description(say('cli.about'))
    .option('--version', say('cli.versionOption'))
    .exitOverride()
    .configureHelp({ showGlobalOptions: false })

  program
    .command('run')
    .description(say('cli.runAbout'))
    .requiredOption('--config <file>', say('cli.configOption'))
    .action(async (options: { config: string }) => {
      daemonHeap()
      const { run } = await import('./cli/run.ts')
      // Compiled code that is kept later, under other flags, would be refused at the next start.
      flushCompileCache()
      code = await run(options.config)
    })

  program
    .command('init')
    .description(say('cli.initAbout'))
    .argument('[folder]', say('cli.initFolder'))
    .option('--trust <name>', say('cli.initTrust'))
    .option('--hospital <name>', say('cli.initHospital'))
    .option('--address <name>', say('cli.initOrigin'))
    .option('--port <n>', say('cli.initListen'), '8443')
    .option('--contact <mail>', say('cli.initContact'))
    .option('--operator <name>', say('cli.initOperator'))
    .option('--line <port>', say('cli.initLine'), list, [])
    .option('--csr', say('cli.initRequest'), false)
    .option('--listen <seconds>', say('cli.initSeconds'), '20')
    .action(async (folder: string | undefined, options: InitOptions) => {
      const { init } = await import('./cli/init.ts')
      code = await init(folder, options)
    })

  program
    .command('keys')
    .description(say('cli.keysAbout'))
    .argument('[keys...]', say('cli.keysWhich'))
    .option('--name <name>', say('cli.keysName'))
    .action(async (wanted: string[], options: KeysOptions) => {
      const { keys } = await import('./cli/keys.ts')
      code = await keys(wanted, options)
    })

  program
    .command('check')
    .description(say('cli.checkAbout'))
    .requiredOption('--config <file>', say('cli.configOption'))
    .action(async (options: { config: string }) => {
      const { check } = await import('./cli/check.ts')
      code = check(options.config)
    })

  program
    .command('site')
    .description(say('cli.siteAbout'))
    .argument('<folder>', say('cli.siteFolder'))
    .option('--days <n>', say('cli.siteDays'), Number, 14)
    .option('--export <folder>', say('cli.siteExport'))
    .action(async (folder: string, options: SiteOptions) => {
      const { site } = await import('./cli/site.ts')
      code = site(folder, options)
    })

  program
    .command('who')
    .description(say('cli.whoAbout'))
    .argument('[number]', say('cli.whoNumber'))
    .option('--text <words>', say('cli.whoWords'))
    .option('--at <time>', say('cli.whoAt'))
    .option('--all', say('cli.whoAll'), false)
    .option('--format <format>', say('cli.formatOption'), 'text')
    .option('--config <file>', say('cli.configFound'))
    .action(async (number: string | undefined, options: WhoOptions) => {
      const { who } = await import('./cli/who.ts')
      code = await who(number, options)
    })

  program
    .command('status')
    .description(say('cli.statusAbout'))
    .option('--alive', say('cli.statusAlive'), false)
    .option('--config <file>', say('cli.configFound'))
    .action(async (options: StatusOptions) => {
      const { status } = await import('./cli/status.ts')
      code = await status(options)
    })

  program
    .command('support')
    .description(say('cli.supportAbout'))
    .argument('<file>', say('cli.supportFile'))
    .option('--config <file>', say('cli.configFound'))
    .action(async (file: string, options: { config?: string }) => {
      const { support } = await import('./cli/support.ts')
      code = await support(file, options)
    })

  program
    .command('report')
    .description(say('cli.reportAbout'))
    .requiredOption('--from <time>', say('cli.reportFrom'))
    .requiredOption('--to <time>', say('cli.reportTo'))
    .option('--shift <name>', say('cli.reportShift'))
    .option('--hospital <id>', say('cli.reportHospital'))
    .option('--format <format>', say('cli.reportFormat'), 'json')
    .option('--config <file>', say('cli.configFound'))
    .action(async (options: ReportOptions) => {
      const { report } = await import('./cli/report.ts')
      code = await report(options)
    })

  program
    .command('parallel')
    .description(say('cli.parallelAbout'))
    .requiredOption('--from <time>', say('cli.reportFrom'))
    .requiredOption('--to <time>', say('cli.reportTo'))
    .option('--hospital <id>', say('cli.reportHospital'))
    .option('--format <format>', say('cli.formatOption'), 'text')
    .option('--config <file>', say('cli.configFound'))
    .action(async (options: ParallelOptions) => {
      const { parallel } = await import('./cli/parallel.ts')
      code = await parallel(options)
    })

  program
    .command('decode')
    .description(say('cli.decodeSummary'))
    .option('--as <protocol>', say('cli.decodeProtocols'))
    .argument('[file]', say('cli.inputFile'), '-')
    .allowUnknownOption()
    .allowExcessArguments()
    .helpOption(false)
    .action(async () => {
      const { decode } = await import('./cli/decode.ts')
      code = await decode(args.slice(1))
    })

  program
    .command('encode')
    .description(say('cli.encodeSummary'))
    .option('--as <protocol>', say('cli.encodeProtocols'))
    .allowUnknownOption()
    .allowExcessArguments()
    .helpOption(false)
    .action(async () => {
      const { encode } = await import('./cli/encode.ts')
      code = await encode(args.slice(1))
    })

  program
    .command('doctor')
    .description(say('cli.doctorAbout'))
    .argument('<port>', say('cli.doctorPort'))
    .option('--seconds <n>', say('cli.doctorSeconds'), Number, 20)
    .option('--json', say('cli.doctorJson'), false)
    .action(async (port: string, options: DoctorOptions) => {
      const { doctor } = await import('./cli/doctor.ts')
      code = await doctor(port, options)
    })

  program
    .command('subject')
    .description(say('cli.subjectSummary'))
    .argument('[act]', say('cli.subjectVerbs'))
    .allowUnknownOption()
    .allowExcessArguments()
    .helpOption(false)
    .action(async () => {
      const { subject } = await import('./cli/subject.ts')
      code = await subject(args.slice(1))
    })

  program
    .command('operator')
    .description(say('cli.operatorSummary'))
    .argument('[act]', say('cli.operatorVerbs'))
    .allowUnknownOption()
    .allowExcessArguments()
    .helpOption(false)
    .action(async () => {
      const { operator } = await import('./cli/operator.ts')
      code = await operator(args.slice(1))
    })

  program
    .command('people')
    .description(say('cli.peopleAbout'))
    .argument('[act]', say('cli.peopleVerbs'))
    .allowUnknownOption()
    .allowExcessArguments()
    .helpOption(false)
    .action(async () => {
      const { people } = await import('./cli/people.ts')
      code = await people(args.slice(1))
    })

  program
    .command('audit')
    .description(say('cli.auditAbout'))
    .option('--since <n>', say('cli.auditAfter'), Number, 0)
    .option('--verify', say('cli.auditVerify'), false)
    .option('--against <place>', say('cli.auditAgainst'))
    .option('--accept <reason>', say('cli.auditAccept'))
    .option('--config <file>', say('cli.configFound'))
    .action(async (options: AuditOptions) => {
      const { audit } = await import('./cli/audit.ts')
      code = await audit(options)
    })

  program
    .command('backup')
    .description(say('cli.backupAbout'))
    .option('--to <folder>', say('cli.backupTo'))
    .option('--config <file>', say('cli.configFound'))
    .action(async (options: BackupOptions) => {
      const { backup } = await import('./cli/backup.ts')
      code = await backup(options)
    })

  program
    .command('restore')
    .description(say('cli.restoreAbout'))
    .argument('<copy>', say('cli.restoreCopy'))
    .option('--check', say('cli.restoreOnlyCheck'), false)
    .option('--config <file>', say('cli.configFound'))
    .action(async (copy: string, options: RestoreOptions) => {
      const { restore } = await import('./cli/restore.ts')
      code = await restore(copy, options)
    })

  program
    .command('incident')
    .description(say('cli.incidentAbout'))
    .argument('<id>', say('cli.incidentId'))
    .requiredOption('--to <file>', say('cli.incidentFile'))
    .requiredOption('--reason <text>', say('cli.caseNumber'))
    .option('--names', say('cli.incidentNamed'), false)
    .option('--config <file>', say('cli.configFound'))
    .action(async (id: string, options: IncidentOptions) => {
      const { incident } = await import('./cli/incident.ts')
      code = await incident(id, options)
    })

  program
    .command('drill')
    .description(say('cli.drillAbout'))
    .argument('<what>', 'restore')
    .option('--config <file>', say('cli.configFound'))
    .action(async (what: string, options: { config?: string }) => {
      const { drill } = await import('./cli/drill.ts')
      code = await drill(what, options.config)
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
