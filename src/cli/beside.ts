import { existsSync, readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { resolve } from 'node:path'
import { openWordKeys } from '../app/word-keys.ts'
import { printConfigFault } from '../config/fault.ts'
import { loadWhole, type Whole } from '../config/whole.ts'
import { say } from '../core/catalogue/say.ts'
import type { FaultValue } from '../core/faults.ts'
import { visible } from '../core/visible.ts'
import { captureKeys } from '../io/store/capture-keys.ts'
import { openPostgres, openSqliteBeside, openSqliteToRead } from '../io/store/open.ts'
import type { CaptureKeys } from '../ports/capture.ts'
import { type Store, StoreFault } from '../ports/store.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { explain } from './line-command.ts'

/** What commands share that look into the database of a daemon which may be running. */

/** Where the configuration is looked for when the command line does not say. */
const USUAL_PLACES = ['bridge.yaml', 'config/bridge.yaml', '/etc/bleepd/bridge.yaml']

/** The whole configuration; or the exit code, once what is wrong has been said. */
export function configured(named: string | undefined): Whole | ExitCode {
  const file = named ?? process.env.BLEEPD_CONFIG ?? USUAL_PLACES.find((path) => existsSync(path))
  if (file === undefined) {
    tell(say('cli.configMissing'))
    return EXIT.configuration
  }
  const whole = loadWhole(file, Date.now())
  if (whole.ok) return whole.value
  for (const fault of whole.fault) tell(printConfigFault(fault))
  return EXIT.configuration
}

/** Runs `work` on the store, closes it, and says what kept the database from working. Its schema is left as it is. */
export async function withStore(
  { config }: Whole,
  how: 'read' | 'write',
  work: (store: Store, captures: CaptureKeys | undefined) => Promise<ExitCode>,
): Promise<ExitCode> {
  let store: Store | undefined
  const keys = await openWordKeys({ config }, Date.now(), false)
  try {
    const { store: where, folder } = config
    if (where.kind === 'postgres')
      store = await openPostgres(where.url, () => tell(say('cli.databaseLost')), 'as-it-is', keys)
    else if (how === 'read') store = openSqliteToRead(resolve(folder, where.path), keys)
    else store = await openSqliteBeside(resolve(folder, where.path), keys)
    return await work(store, captureKeys(keys))
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error
    return refused({ code: error.code })
  } finally {
    await store?.close()
    await keys.close()
  }
}

/** Who runs the command, for the audit: as the system knows them, whatever the environment says. */
export function operatorHere(): string {
  return `cli:${loginName() ?? userInfo().username}`
}

const NOBODY = 0xffff_ffff

/** Whoever signed in at this machine, whomever they became since: the kernel keeps it through su and sudo. */
function loginName(): string | undefined {
  try {
    const uid = Number(readFileSync('/proc/self/loginuid', 'utf8'))
    if (!Number.isInteger(uid) || uid === NOBODY || uid === process.getuid?.()) return undefined
    const lines = readFileSync('/etc/passwd', 'utf8').split('\n')
    const name = lines.map((line) => line.split(':')).find(([, , id]) => Number(id) === uid)?.[0]
    return name ?? `uid-${uid}`
  } catch {
    // Not Linux, or no such file: the user of the process is all that is known.
    return undefined
  }
}

export function refused({ code, detail }: FaultValue): ExitCode {
  tell(explain(code, detail))
  return EXIT.fault
}

/** A pipe takes a long body in pieces; the process must not end before the last one. */
export function written(body: string): Promise<void> {
  return new Promise((done, broken) =>
    process.stdout.write(process.stdout.isTTY ? visible(body) : body, (error) =>
      error ? broken(error) : done(),
    ),
  )
}

export const writtenJson = (value: unknown): Promise<void> =>
  written(`${JSON.stringify(value, null, process.stdout.isTTY ? 2 : 0)}\n`)

export function tell(sentence: string): void {
  process.stderr.write(`${visible(sentence)}\n`)
}
