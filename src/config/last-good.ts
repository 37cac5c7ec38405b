import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import type { Result } from '../core/faults.ts'
import type { Instant } from '../core/instant.ts'
import type { ConfigFault } from './fault.ts'
import { fingerprint } from './fingerprint.ts'
import { loadWhole, type Whole } from './whole.ts'

/** A daemon that runs on files as they were, because those that are there have faults. */
export interface Instead {
  readonly faults: readonly ConfigFault[]
  /** When what it runs on was taken. */
  readonly since: Instant
}

const CONFIG = 'bridge.yaml'
const SITE = 'site'
const TAKEN = 'taken.json'
const takenSchema = z.object({ at: z.number(), fingerprint: z.string() })

/**
 * Where the files in force are kept: in the folder that the system gives a service for its state, else beside the
 * configuration. It holds what the site's files hold, people and telephone numbers, and is its owner's alone.
 */
export function goodFolder(file: string): string {
  const [state] = (process.env.STATE_DIRECTORY ?? '').split(':')
  const above = state === undefined || state === '' ? dirname(resolve(file)) : state
  return join(above, `.${basename(file)}.last-good`)
}

/**
 * Copies the files of a reading aside, as they were read; `takeGood` puts them in the place of those before. False where
 * that cannot be done, or they have changed since.
 */
export function layGood(file: string, whole: Pick<Whole, 'config' | 'fingerprint'>, at: Instant): boolean {
  const next = `${goodFolder(file)}.next`
  const folder = resolve(whole.config.folder, whole.config.site.folder)
  try {
    rmSync(next, { recursive: true, force: true })
    for (const sub of ['rota', 'imports']) mkdirSync(join(next, SITE, sub), { recursive: true, mode: 0o700 })
    copyFileSync(file, join(next, CONFIG))
    for (const name of siteFiles(folder)) copyFileSync(join(folder, name), join(next, SITE, name))
    writeFileSync(join(next, TAKEN), JSON.stringify({ at, fingerprint: whole.fingerprint }))
    return fingerprint(file, folder) === whole.fingerprint
  } catch {
    return false
  }
}

/** What was laid aside is in force now. False where it cannot be put there. */
export function takeGood(file: string): boolean {
  const there = goodFolder(file)
  try {
    rmSync(`${there}.old`, { recursive: true, force: true })
    if (existsSync(there)) renameSync(there, `${there}.old`)
    renameSync(`${there}.next`, there)
    rmSync(`${there}.old`, { recursive: true, force: true })
    return true
  } catch {
    return false
  }
}

/**
 * What to start from: the files that are there, or where these have faults the last good ones in their place, so that a
 * slip in a rota does not keep a hospital's lines from running. Faults where neither can be read.
 */
export function loadToRun(
  file: string,
  now: Instant,
): Result<Whole & { readonly instead?: Instead }, readonly ConfigFault[]> {
  const read = loadWhole(file, now)
  if (read.ok) return read
  const there = [goodFolder(file), `${goodFolder(file)}.old`].find((folder) =>
    existsSync(join(folder, TAKEN)),
  )
  if (there === undefined) return read
  const kept = { config: join(there, CONFIG), site: join(there, SITE) }
  // As much as can be of what is there now; its own faults are told in each case.
  for (const from of [{ site: kept.site }, { config: kept.config }, kept]) {
    const good = loadWhole(file, now, from)
    const since = takenAt(there)
    if (good.ok && since !== undefined)
      return { ok: true, value: { ...good.value, instead: { faults: read.fault, since } } }
  }
  return read
}

function takenAt(folder: string): Instant | undefined {
  try {
    return takenSchema.safeParse(JSON.parse(readFileSync(join(folder, TAKEN), 'utf8'))).data?.at
  } catch {
    return undefined
  }
}

/** The files that a site is read from, and no others that lie beside them. */
function siteFiles(folder: string): readonly string[] {
  const inside = (sub: string, ending: RegExp) => {
    const there = join(folder, sub)
    const names = existsSync(there) ? readdirSync(there).filter((name) => ending.test(name)) : []
    return names.map((name) => join(sub, name))
  }
  const tables = readdirSync(folder).filter((name) => /^[^.].*\.(csv|ya?ml)$/i.test(name))
  return [...tables, ...inside('rota', /\.ics$/), ...inside('imports', /^[^.].*\.(csv|ics)$/i)]
}
