import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import {
  chmod,
  chown,
  copyFile,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import { say } from '../../core/catalogue/say.ts'
import { failed, ok } from '../../core/faults.ts'
import { canonical, type Mac } from '../../core/govern/audit.ts'
import type { CopyNote } from '../../core/govern/copies.ts'
import { HOUR, type Instant, printInstant } from '../../core/instant.ts'
import type { Backups, Copy } from '../../ports/backups.ts'
import { type Examined, examine } from './examine.ts'

const noteSchema = z.object({
  made: z.number(),
  bytes: z.number(),
  sha256: z.string(),
  schema: z.string(),
  audit: z.object({ seq: z.number(), digest: z.string() }),
  erased: z.number().optional(),
  mac: z.string().optional(),
})

const ENDING = '.sqlite'
const PART = '.part'
/** No copy takes this long: another program may be making one now. */
const LONGEST = 3 * HOUR

/** Copies in one folder, `bleeps.<when>.sqlite`, each with its note beside it; a copy without its note was never finished. */
export function sqliteBackups(database: string, folder: string, mac?: Mac): Backups {
  return {
    async make(at) {
      const name = `bleeps.${printInstant(at).replaceAll(/[:.]/g, '')}`
      const path = join(folder, `${name}${ENDING}`)
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        await sweep(folder, at - LONGEST)
        const note = await copied(database, `${path}${PART}`, at)
        await rename(`${path}${PART}`, path)
        await writeFile(noteOf(path), `${JSON.stringify(signed(note, mac))}\n`, { mode: 0o600, flush: true })
        // A share that gives files to nobody holds a good copy all the same.
        for (const made of [path, noteOf(path)]) await givenTo(made, folder).catch(() => undefined)
        await durable(folder)
        return ok({ ...note, path })
      } catch (error) {
        await rm(`${path}${PART}`, { force: true }).catch(() => undefined)
        return failed('backup-failed', error instanceof Error ? error.message : String(error))
      }
    },
    async list() {
      const names = await readdir(folder).catch((): string[] => [])
      const copies: Copy[] = []
      for (const name of names.filter((n) => n.startsWith('bleeps.') && n.endsWith(ENDING))) {
        const path = join(folder, name)
        const note = await readNote(path)
        if (note === undefined) continue
        copies.push({ ...noted(note), path })
      }
      return copies
    },
    async renote({ path, made }, erased) {
      const { schema, audit } = examine(path)
      const hash = createHash('sha256')
      await pipeline(createReadStream(path), hash)
      const { size } = await stat(path)
      const note = { made, bytes: size, sha256: hash.digest('hex'), schema, audit, erased }
      const text = `${JSON.stringify(signed(note, mac))}\n`
      await writeFile(`${noteOf(path)}${PART}`, text, { mode: 0o600, flush: true })
      await rename(`${noteOf(path)}${PART}`, noteOf(path))
      await durable(folder)
    },
    async remove({ path }) {
      await rm(noteOf(path), { force: true })
      await rm(path, { force: true })
    },
  }
}

const noteOf = (path: string) => `${path.slice(0, -ENDING.length)}.json`

async function readNote(path: string): Promise<z.output<typeof noteSchema> | undefined> {
  try {
    return noteSchema.parse(JSON.parse(await readFile(noteOf(path), 'utf8')))
  } catch {
    return undefined
  }
}

/** With what only whoever has the key could have added. */
const signed = (note: CopyNote, mac: Mac | undefined): CopyNote & { readonly mac?: string } =>
  mac === undefined ? note : { ...note, mac: noteMac(note, mac) }

const noteMac = (note: CopyNote, mac: Mac): string => mac(`copy\n${canonical({ ...note, mac: undefined })}`)

/** Copies from before there was a key have no seal in them, and their notes no signature. */
const isOurs = (note: z.output<typeof noteSchema>, sealed: boolean, mac: Mac | undefined): boolean =>
  mac === undefined || (note.mac === undefined ? !sealed : note.mac === noteMac(noted(note), mac))

const noted = ({ erased, mac: _, ...rest }: z.output<typeof noteSchema>): CopyNote =>
  erased === undefined ? rest : { ...rest, erased }

/** What a try left when the machine went down in the middle of it: it holds words, and nobody would find it. */
async function sweep(folder: string, before: Instant): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    if (name.startsWith('bleeps.') && name.endsWith(PART) && (await stat(path)).mtimeMs < before)
      await rm(path, { force: true })
  }
}

function copied(from: string, to: string, made: Instant): Promise<CopyNote> {
  return new Promise((done, broken) => {
    const worker = new Worker(new URL('./copy-worker.ts', import.meta.url), {
      workerData: { from, to, made },
      resourceLimits: { maxOldGenerationSizeMb: 32 },
    })
    worker.once('message', done)
    worker.once('error', broken)
    worker.once('exit', (code) => broken(new Error(`the copying thread ended with ${code}`)))
  })
}

async function durable(folder: string): Promise<void> {
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** What was found out about a copy; `troubles` empty: it can be started from. */
export interface Checked extends Partial<Examined> {
  readonly note?: CopyNote
  readonly troubles: readonly string[]
}

/** Whether a copy is what its note says, and whole. */
export async function checkCopy(path: string, mac?: Mac): Promise<Checked> {
  const note = await readNote(path)
  const troubles: string[] = []
  try {
    const hash = createHash('sha256')
    await pipeline(createReadStream(path), hash)
    if (note !== undefined && hash.digest('hex') !== note.sha256)
      troubles.push(say('watch.itsContentNotWhatIts'))
    const found = examine(path)
    if (note !== undefined && !isOurs(note, found.sealed, mac)) troubles.push(say('watch.itsNoteNotOurs'))
    return {
      ...found,
      ...(note === undefined ? {} : { note: noted(note) }),
      troubles: [...troubles, ...found.troubles],
    }
  } catch (error) {
    return { troubles: [...troubles, error instanceof Error ? error.message : String(error)] }
  }
}

/** Puts a copy in a place where no database is. Throws when there is one, or the log of one, which would spoil the copy. */
export async function placeCopy(copy: string, place: string): Promise<void> {
  for (const path of [`${place}-wal`, place]) {
    const claimed = await open(path, 'wx', 0o600)
    await claimed.close()
    if (path !== place) await rm(path)
  }
  const part = `${place}${PART}`
  try {
    await copyFile(copy, part)
    await chmod(part, 0o600)
    await givenTo(part, dirname(place))
    await rename(part, place)
  } catch (error) {
    await Promise.all([part, place].map((path) => rm(path, { force: true })))
    throw error
  }
  await durable(dirname(place))
}

/** Whoever restores or copies by hand is often root, and the daemon never is: a file belongs to whom its folder belongs to. */
async function givenTo(file: string, folder: string): Promise<void> {
  const { uid, gid } = await stat(folder)
  if (process.getuid?.() === 0) await chown(file, uid, gid)
}
