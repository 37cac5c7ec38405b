import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface, type Interface } from 'node:readline/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { printConfigFault } from '../config/fault.ts'
import { type Answers, answersSchema, type FoundLine } from '../config/first/answers.ts'
import { firstBridge } from '../config/first/bridge.ts'
import { newKey, vapidPair } from '../config/first/keys.ts'
import { firstSite, TRIAL_NUMBER } from '../config/first/site.ts'
import { loadWhole } from '../config/whole.ts'
import { say } from '../core/catalogue/say.ts'
import { readJson } from '../core/json.ts'
import { pluggedPorts } from '../io/line/plugged.ts'
import { certificateRequest, selfSignedCertificate } from '../io/x509.ts'
import { tell } from './beside.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { type FirstFile, FOR_US, writeFirst } from './first-files.ts'
import { CERTIFICATE_LASTS } from './keys.ts'

export interface InitOptions {
  readonly trust?: string
  readonly hospital?: string
  readonly address?: string
  readonly port: string
  readonly contact?: string
  readonly operator?: string
  /** Lines to listen to: a serial port, or HOST:PORT of a device server. */
  readonly line: readonly string[]
  /** A request to the trust's authority in place of a certificate that vouches for itself. */
  readonly csr: boolean
  /** How long the doctor listens to a line at each rate, seconds. */
  readonly listen: string
}

/** Who answers our questions at the terminal. */
type Desk = Pick<Interface, 'question'>

const BLEEPD = fileURLToPath(new URL('../bleepd.js', import.meta.url))
/** Where the package keeps its configuration, and what its unit may write to. */
const PACKAGED = { configuration: '/etc/bleepd', data: '/var/lib/bleepd' }

/** `bleepd init`: a configuration, a site and keys that work as they are. Never writes over a file that is there. */
export async function init(folder: string | undefined, options: InitOptions): Promise<ExitCode> {
  const to = resolve(folder ?? (existsSync(PACKAGED.configuration) ? PACKAGED.configuration : 'bleepd'))
  const file = join(to, 'bridge.yaml')
  if (existsSync(file)) {
    tell(say('cli.initThereAlready', { file }))
    return EXIT.fault
  }
  const desk = process.stdin.isTTY
    ? createInterface({ input: process.stdin, output: process.stderr })
    : undefined
  const answers = await asked(options, desk)
  const ports = options.line.length > 0 ? options.line : await askedLines(desk)
  desk?.close()
  if (answers === undefined) return EXIT.usage
  const lines = ports.map((path, i) => examined(path, `line-${i + 1}`, options.listen))
  const data = to === PACKAGED.configuration ? PACKAGED.data : join(to, 'data')
  try {
    writeFirst(to, filesOf(answers, lines, data, options.csr))
    if (data !== PACKAGED.data) mkdirSync(data, { recursive: true, mode: 0o700 })
  } catch (error) {
    tell(say('cli.initNotWritten', { to, why: error instanceof Error ? error.message : String(error) }))
    tell(say('cli.initNotWrittenRemedy'))
    return EXIT.fault
  }
  const whole = loadWhole(file, Date.now())
  const found = whole.ok ? whole.value.doubts : whole.fault
  for (const fault of found) tell(printConfigFault(fault))
  process.stdout.write(next(file, to, answers, lines, options.csr))
  return whole.ok ? EXIT.good : EXIT.configuration
}

const QUESTIONS = {
  trust: [say('cli.initAskTrust'), () => say('cli.initOurTrust')],
  hospital: [say('cli.initAskHospital'), () => say('cli.initOurHospital')],
  address: [say('cli.initAskOrigin'), () => hostname()],
  contact: [say('cli.initAskContact'), () => 'bleeps@example.nhs.uk'],
  operator: [say('cli.initAskOperator'), () => 'first'],
} as const satisfies Partial<Record<keyof Answers, readonly [string, () => string]>>

/** What the flags say, then what somebody at a terminal answers, then what is usual; undefined once a fault is told. */
async function asked(options: InitOptions, desk: Desk | undefined): Promise<Answers | undefined> {
  const said: Record<string, string | number> = { port: Number(options.port) }
  for (const key of ['trust', 'hospital', 'address', 'contact', 'operator'] as const) {
    const [question, usual] = QUESTIONS[key]
    said[key] = options[key] ?? ((await desk?.question(`${question} [${usual()}]: `))?.trim() || usual())
  }
  const parsed = answersSchema.safeParse(said)
  if (parsed.success) return parsed.data
  for (const { path, message } of parsed.error.issues) tell(`--${path.join('.')}: ${message}`)
  return undefined
}

/** Which lines to listen to: what is plugged in is shown, and an empty answer means none yet. */
async function askedLines(desk: Desk | undefined): Promise<readonly string[]> {
  if (desk === undefined) return []
  const plugged = await pluggedPorts()
  tell(plugged.length === 0 ? say('cli.initNoPorts') : say('cli.initPorts', { ports: plugged.join('\n  ') }))
  const said = await desk.question(`${say('cli.initAskLines')}: `)
  return said.split(/[\s,]+/).filter((port) => port !== '')
}

/** The doctor listens in a process of its own, and writes nothing to the line. */
function examined(path: string, id: string, seconds: string): FoundLine {
  tell(say('cli.initListening', { path }))
  const { stdout } = spawnSync(process.execPath, [BLEEPD, 'doctor', path, '--json', '--seconds', seconds], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const heard = z.looseObject({ profile: z.string().optional() }).safeParse(readJson(stdout))
  const profile = heard.success ? heard.data.profile : undefined
  tell(profile === undefined ? say('cli.initLineUnknown') : `  ${profile}`)
  return { id, path, ...(profile === undefined ? {} : { profile }) }
}

function filesOf(
  answers: Answers,
  lines: readonly FoundLine[],
  data: string,
  csr: boolean,
): readonly FirstFile[] {
  const { publicKey, privateKey } = vapidPair()
  const names = [answers.address, 'localhost', '127.0.0.1']
  const subject = { commonName: answers.address, names: [...new Set(names)] }
  const secret = (path: string, text: string): FirstFile => ({ path, text, mode: FOR_US })
  const made = csr
    ? certificateRequest(subject)
    : selfSignedCertificate(subject, Date.now(), CERTIFICATE_LASTS)
  const proof =
    'cert' in made
      ? { path: 'tls/cert.pem', text: made.cert }
      : { path: 'tls/request.csr', text: made.request }
  return [
    { path: 'bridge.yaml', text: firstBridge(answers, lines, publicKey, { data, certified: !csr }) },
    ...[...firstSite(answers)].map(([path, text]) => ({ path: `site/${path}`, text })),
    proof,
    secret('tls/key.pem', made.key),
    secret('secrets/session.key', newKey()),
    secret('secrets/vapid.key', privateKey),
    secret(`secrets/operator-${answers.operator}.key`, newKey()),
    secret('secrets/operator-switchboard.key', newKey()),
  ]
}

function next(
  file: string,
  folder: string,
  { address, port, operator }: Answers,
  lines: readonly FoundLine[],
  csr: boolean,
): string {
  const origin = `https://${address}${port === 443 ? '' : `:${port}`}`
  const start =
    folder === PACKAGED.configuration ? 'systemctl enable --now bleepd' : say('cli.initRun', { file })
  const steps = [
    ...(csr ? [say('cli.initSendRequest', { folder })] : []),
    say('cli.initCheck', { file }),
    say('cli.initStart', { start }),
    say('cli.initSignIn', { origin, folder }),
    say('cli.initEnrol', { operator }),
    say('cli.initWho', { trialNumber: TRIAL_NUMBER, file }),
    ...(lines.some(({ profile }) => profile !== undefined) ? [] : [say('cli.initFirstLine')]),
    say('cli.initOwnPeople'),
  ]
  return say('cli.initWritten', {
    folder,
    steps: steps.map((step, i) => `  ${i + 1}. ${step}\n`).join(''),
  })
}
