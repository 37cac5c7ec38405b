import { setFlagsFromString } from 'node:v8'
import { Command, CommanderError } from 'commander'
import type { AuditOptions } from './cli/audit.ts'
import type { BackupOptions } from './cli/backup.ts'
import type { DoctorOptions } from './cli/doctor.ts'
import { EXIT, type ExitCode } from './cli/exit.ts'
import type { IncidentOptions } from './cli/incident.ts'
import type { InitOptions } from './cli/init.ts'
import type { KeysOptions } from './cli/keys.ts'
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
    .description(say('cli.bridgeFromHospitalBleepsPhones'))
    .option('--version', say('cli.printTheVersion'))
    .exitOverride()
    .configureHelp({ showGlobalOptions: false })

  program
    .command('run')
    .description(say('cli.daemonUntilToldStop'))
    .requiredOption('--config <file>', say('cli.configurationFileYaml'))
    .action(async (options: { config: string }) => {
      // A daemon beside others on a small machine: V8 otherwise lets garbage grow to twice what we hold (npm run bench).
      setFlagsFromString('--optimize-for-size')
      const { run } = await import('./cli/run.ts')
      code = await run(options.config)
    })

  program
    .command('init')
    .description(say('cli.configurationSiteKeysBeginAsks'))
    .argument('[folder]', say('cli.whereDefaultEtcBleepdWhere'))
    .option('--trust <name>', say('cli.nameOfTheTrust'))
    .option('--hospital <name>', say('cli.nameOfTheHospital'))
    .option('--address <name>', say('cli.howPhonesScreensReachMachine'))
    .option('--port <n>', say('cli.whereWeListen'), '8443')
    .option('--contact <mail>', say('cli.mailAddressPushProvidersMay'))
    .option('--operator <name>', say('cli.theFirstOperator'))
    .option('--line <port>', say('cli.lineListenDevHostPort'), list, [])
    .option('--csr', say('cli.askAuthorityCertificateInstead'), false)
    .option('--listen <seconds>', say('cli.howLongListenLineAt'), '20')
    .action(async (folder: string | undefined, options: InitOptions) => {
      const { init } = await import('./cli/init.ts')
      code = await init(folder, options)
    })

  program
    .command('keys')
    .description(say('cli.newKeysPrintedNotStored'))
    .argument('[keys...]', say('cli.whichDefaultVapidSessionAnd'))
    .option('--name <name>', say('cli.certificateRequestHowBrowsers'))
    .action(async (wanted: string[], options: KeysOptions) => {
      const { keys } = await import('./cli/keys.ts')
      code = await keys(wanted, options)
    })

  program
    .command('check')
    .description(say('cli.everyFaultConfigurationAtOnce'))
    .requiredOption('--config <file>', say('cli.configurationFileYaml'))
    .action(async (options: { config: string }) => {
      const { check } = await import('./cli/check.ts')
      code = check(options.config)
    })

  program
    .command('site')
    .description(say('cli.checkSiteFolderPrintGaps'))
    .argument('<folder>', say('cli.siteFolderSuchConfigSites'))
    .option('--days <n>', say('cli.daysRotaLookThrough'), Number, 14)
    .option('--export <folder>', say('cli.writeTheTablesThere'))
    .action(async (folder: string, options: SiteOptions) => {
      const { site } = await import('./cli/site.ts')
      code = site(folder, options)
    })

  program
    .command('who')
    .description(say('cli.whatPageWouldMeanWho'))
    .argument('[number]', say('cli.bleepNumberOrRic1310720'))
    .option('--text <words>', say('cli.theWordsOfThePage'))
    .option('--at <time>', say('cli.whenItComesDefaultNow'))
    .option('--all', say('cli.everyNumberAtEveryHour'), false)
    .option('--format <format>', say('cli.textOrJson'), 'text')
    .option('--config <file>', say('cli.configurationFileDefaultBleepd'))
    .action(async (number: string | undefined, options: WhoOptions) => {
      const { who } = await import('./cli/who.ts')
      code = await who(number, options)
    })

  program
    .command('status')
    .description(say('cli.whatRunsHereSinceWhen'))
    .option('--alive', say('cli.exit0WhereDaemonAnswers'), false)
    .option('--config <file>', say('cli.configurationFileDefaultBleepd'))
    .action(async (options: StatusOptions) => {
      const { status } = await import('./cli/status.ts')
      code = await status(options)
    })

  program
    .command('support')
    .description(say('cli.writeWhatMakersNeedHelp'))
    .argument('<file>', say('cli.fileWriteMustNotThere'))
    .option('--config <file>', say('cli.configurationFileDefaultBleepd'))
    .action(async (file: string, options: { config?: string }) => {
      const { support } = await import('./cli/support.ts')
      code = await support(file, options)
    })

  program
    .command('report')
    .description(say('cli.latencyTimeSavedOverSpan'))
    .requiredOption('--from <time>', say('cli.firstMoment20261005'))
    .requiredOption('--to <time>', say('cli.firstMomentAfter'))
    .option('--shift <name>', say('cli.onlyThisShiftOfThe'))
    .option('--format <format>', say('cli.jsonCsvOrHtml'), 'json')
    .option('--config <file>', say('cli.configurationFileDefaultBleepd'))
    .action(async (options: ReportOptions) => {
      const { report } = await import('./cli/report.ts')
      code = await report(options)
    })

  program
    .command('parallel')
    .description(say('cli.pagersAndPhonesSideBySide'))
    .requiredOption('--from <time>', say('cli.firstMoment20261005'))
    .requiredOption('--to <time>', say('cli.firstMomentAfter'))
    .option('--format <format>', say('cli.textOrJson'), 'text')
    .option('--config <file>', say('cli.configurationFileDefaultBleepd'))
    .action(async (options: ParallelOptions) => {
      const { parallel } = await import('./cli/parallel.ts')
      code = await parallel(options)
    })

  program
    .command('decode')
    .description(say('cli.runProtocolOverCapturedBytes'))
    .option('--as <protocol>', say('cli.pocsagEspa444TapSnppText'))
    .argument('[file]', say('cli.fileToReadForStandard'), '-')
    .allowUnknownOption()
    .allowExcessArguments()
    .helpOption(false)
    .action(async () => {
      const { decode } = await import('./cli/decode.ts')
      code = await decode(args.slice(1))
    })

  program
    .command('encode')
    .description(say('cli.jsonLinesStandardInputBytes'))
    .option('--as <protocol>', say('cli.pocsagEspa444TapScope'))
    .allowUnknownOption()
    .allowExcessArguments()
    .helpOption(false)
    .action(async () => {
      const { encode } = await import('./cli/encode.ts')
      code = await encode(args.slice(1))
    })

  program
    .command('doctor')
    .description(say('cli.listenPortSayWhatHears'))
    .argument('<port>', say('cli.serialPortFileCapturedBytes'))
    .option('--seconds <n>', say('cli.longestWaitFirstByteAt'), Number, 20)
    .option('--json', say('cli.oneJsonObjectInsteadOf'), false)
    .action(async (port: string, options: DoctorOptions) => {
      const { doctor } = await import('./cli/doctor.ts')
      code = await doctor(port, options)
    })

  program
    .command('subject')
    .description(say('cli.findCopyTraceHoldErase'))
    .argument('[act]', say('cli.findCopyTraceEraseErasures2'))
    .allowUnknownOption()
    .allowExcessArguments()
    .helpOption(false)
    .action(async () => {
      const { subject } = await import('./cli/subject.ts')
      code = await subject(args.slice(1))
    })

  program
    .command('operator')
    .description(say('cli.whoMaySignAtConsole'))
    .argument('[act]', say('cli.addListExpireRevokeReset'))
    .allowUnknownOption()
    .allowExcessArguments()
    .helpOption(false)
    .action(async () => {
      const { operator } = await import('./cli/operator.ts')
      code = await operator(args.slice(1))
    })

  program
    .command('people')
    .description(say('cli.peopleWaiting'))
    .argument('[act]', say('cli.waitingLetGo'))
    .allowUnknownOption()
    .allowExcessArguments()
    .helpOption(false)
    .action(async () => {
      const { people } = await import('./cli/people.ts')
      code = await people(args.slice(1))
    })

  program
    .command('audit')
    .description(say('cli.whoDidWhatWhoLooked'))
    .option('--since <n>', say('cli.entriesAfterThisNumber'), Number, 0)
    .option('--verify', say('cli.followChainDigestsFromFirst'), false)
    .option('--against <place>', say('cli.placeWrittenDownSeqDigest'))
    .option('--accept <reason>', say('cli.answerForTheChainAsItStands'))
    .option('--config <file>', say('cli.configurationFileDefaultBleepd'))
    .action(async (options: AuditOptions) => {
      const { audit } = await import('./cli/audit.ts')
      code = await audit(options)
    })

  program
    .command('backup')
    .description(say('cli.copyEmbeddedDatabaseNowBeside'))
    .option('--to <folder>', say('cli.folderDefaultBackupFolder'))
    .option('--config <file>', say('cli.configurationFileDefaultBleepd'))
    .action(async (options: BackupOptions) => {
      const { backup } = await import('./cli/backup.ts')
      code = await backup(options)
    })

  program
    .command('restore')
    .description(say('cli.checkCopyDatabasePutPlace'))
    .argument('<copy>', say('cli.bleepsSqliteItsNoteBeside'))
    .option('--check', say('cli.onlySayWhetherDaemonCould'), false)
    .option('--config <file>', say('cli.configurationFileDefaultBleepd'))
    .action(async (copy: string, options: RestoreOptions) => {
      const { restore } = await import('./cli/restore.ts')
      code = await restore(copy, options)
    })

  program
    .command('incident')
    .description(say('cli.oneCallReplayed'))
    .argument('<id>', say('cli.idOfCallOrAlert'))
    .requiredOption('--to <file>', say('cli.fileOfThePack'))
    .requiredOption('--reason <text>', say('cli.aCaseNumberNoName'))
    .option('--names', say('cli.withNamesAndWords'), false)
    .option('--config <file>', say('cli.configurationFileDefaultBleepd'))
    .action(async (id: string, options: IncidentOptions) => {
      const { incident } = await import('./cli/incident.ts')
      code = await incident(id, options)
    })

  program
    .command('drill')
    .description(say('cli.drillRestore'))
    .argument('<what>', 'restore')
    .option('--config <file>', say('cli.configurationFileDefaultBleepd'))
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
