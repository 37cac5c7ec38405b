import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Worker } from 'node:worker_threads'
import { say } from '../../core/catalogue/say.ts'
import { type Instant, MINUTE, printInstant } from '../../core/instant.ts'
import { StoreFault } from '../../ports/store.ts'
import { newestCopy, setAside } from './aside.ts'
import { mirrored, salvaged } from './carried.ts'
import { structure } from './examine.ts'
import { inboxBehind } from './inbox-behind.ts'
import { type Embedded, openEmbedded, type RowStore } from './open.ts'
import { bring, openRemains } from './salvage.ts'
import { sqliteFault } from './sqlite-driver.ts'
import { localWake } from './wake.ts'
import type { WordKeys } from './word-key.ts'

/** What is told of a file that was not as we left it. */
export interface Mended {
  readonly code: 'store-damaged' | 'store-moved'
  /** In words for a log, without content. */
  readonly detail: string
}

export interface KeptOptions {
  readonly now: () => Instant
  /** Where finished copies are; absent: none are kept. */
  readonly copies?: string
  /** The file that takes over from it, which has a copy of what paging needs; absent: there is none. */
  readonly mirror?: string
  /** Of its words. */
  readonly keys?: WordKeys
  readonly onMended: (mended: Mended) => void
}

export interface KeptStore extends RowStore {
  /** What stands until a person has seen to it: the daemon works, on a file that is not the one it had. */
  mended(): readonly Mended[]
}

/** Files up to this size are read through before the daemon starts; larger ones beside it, bytes. */
const READ_FIRST = 64 << 20
/** Bleeps so young whose alert was lost ring again. */
const RING_AGAIN = 10 * MINUTE
/** Between two tries to have a usable file again, milliseconds. */
const TRY_AGAIN = 500

/**
 * The embedded store of the daemon, which survives its own file: a damaged one is set aside and a new one begun, with
 * what can be read of the old one and of the newest copy; one that was deleted or replaced while it was open is written
 * again from what is open. While that goes on everything is refused with the fault's code.
 * @throws StoreFault where no file can be opened at all, or a newer version made it
 */
export async function openKeptSqlite(path: string, options: KeptOptions): Promise<KeptStore> {
  const wake = localWake()
  const told: Mended[] = []
  let closed = false
  let mending: { readonly code: Mended['code'] } | undefined
  let current: Embedded
  /** What was open, written out whole, and not where it belongs yet. */
  let rescued: string | undefined
  /** It is where it belongs, and not open yet. */
  let placed: { readonly foreign: string | undefined } | undefined

  const tell = (code: Mended['code'], detail: string): void => {
    told.push({ code, detail })
    options.onMended({ code, detail })
  }

  async function begun(): Promise<Embedded> {
    try {
      if (existsSync(path) && statSync(path).size > 0 && statSync(path).size <= READ_FIRST) readThrough(path)
      return await openEmbedded(path, wake, 'grouped', options.keys)
    } catch (error) {
      if (!(error instanceof StoreFault) || error.code !== 'store-damaged') throw error
      return anew()
    }
  }

  /** A new file, with what people and phones need at once; the rest comes behind. */
  async function anew(): Promise<Embedded> {
    const stamp = printInstant(options.now()).replaceAll(/[:.-]/g, '')
    const aside = setAside(path, 'damaged', stamp)
    const copy = newestCopy(options.copies)
    const sources = [aside, copy].filter((source) => source !== undefined)
    await (await openEmbedded(path, wake, 'grouped', options.keys)).close()
    const first = salvaged('first')
    const whole = mirrored.map(([table]) => table)
    const rows = bringFirst(path, [aside, first], [options.mirror, whole], [copy, first])
    tell('store-damaged', say('watch.setAsideRowsBroughtOver', { file: aside ?? '–', rows }))
    bringBehind(path, sources, options.now() - RING_AGAIN, (detail) => {
      tell('store-damaged', detail)
      for (const topic of ['bleeps', 'due', 'attempts', 'alerts'] as const) wake.ring(topic)
    })
    const store = await openEmbedded(path, wake, 'grouped', options.keys)
    await inboxBehind(store, options.now())
    return store
  }

  /**
   * The path leads elsewhere or nowhere, but all that we had is still open. Whatever fails on the way is tried again from
   * where it failed.
   */
  async function written(): Promise<Embedded> {
    if (!placed) {
      const stamp = printInstant(options.now()).replaceAll(/[:.-]/g, '')
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
      rescued ??= await saved(`${path}.rescued-${stamp}`)
      const foreign = setAside(path, 'foreign', stamp, current.files)
      await current.close().catch(() => undefined)
      // Another program that reads the old file keeps its log here: no log of another file may lie beside the new one.
      setAside(path, 'foreign', stamp)
      renameSync(rescued, path)
      rescued = undefined
      placed = { foreign }
    }
    const store = await begun()
    const { foreign } = placed
    placed = undefined
    tell(
      'store-moved',
      foreign === undefined
        ? say('watch.writtenAgainWhereItWas')
        : say('watch.whatStoodThereIsNow', { foreign }),
    )
    return store
  }

  /** Writes everything that is open into a file of its own. A file that was half written does not count. */
  async function saved(to: string): Promise<string> {
    rmSync(to, { force: true })
    try {
      await current.rescue(to)
      return to
    } catch (error) {
      rmSync(to, { force: true })
      throw error
    }
  }

  function mend(code: Mended['code']): void {
    if (mending || closed) return
    mending = { code }
    const again = async (): Promise<void> => {
      try {
        if (code === 'store-moved') current = await written().catch(orDamaged)
        else current = await afterDamage()
        mending = undefined
        if (closed) await current.close()
      } catch {
        if (!closed) setTimeout(() => void again(), TRY_AGAIN).unref()
      }
    }
    void again()
  }

  /**
   * A full disk and a missing folder come right again. Until then the open file is the only place that holds
   * everything, so it is closed for damage alone.
   */
  function orDamaged(error: unknown): Promise<Embedded> {
    const lost = rescued !== undefined && !existsSync(rescued)
    if (!lost && sqliteFault(error) !== 'store-damaged') throw error
    rescued = undefined
    return afterDamage()
  }

  async function afterDamage(): Promise<Embedded> {
    await current.close().catch(() => undefined)
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    return anew()
  }

  async function guarded<T>(act: (store: RowStore) => Promise<T>): Promise<T> {
    if (mending) throw new StoreFault(mending.code)
    try {
      return await act(current)
    } catch (error) {
      if (error instanceof StoreFault && (error.code === 'store-damaged' || error.code === 'store-moved'))
        mend(error.code)
      throw error
    }
  }

  current = await begun()
  return {
    wake,
    mended: () => told,
    inboxAfter: (tx, cursor) => current.inboxAfter(tx, cursor),
    spoilt: () => current.spoilt(),
    rows: (work, within) => guarded((store) => store.rows(work, within)),
    transact: (work, within) => guarded((store) => store.transact(work, within)),
    lead: (duty) => guarded((store) => store.lead(duty)),
    measure: () => guarded((store) => store.measure()),
    tidy: () => guarded((store) => store.tidy()),
    async close() {
      closed = true
      await current.close()
    },
  }
}

/** Throws `store-damaged` where the structure of the file is not whole. */
function readThrough(path: string): void {
  try {
    if (structure(path).length > 0) throw new StoreFault('store-damaged')
  } catch (error) {
    throw error instanceof StoreFault ? error : new StoreFault(sqliteFault(error), error)
  }
}

/**
 * What is newest comes first, and stays. A mirror is newer than any copy, and has no more than paging needs.
 * @param sources each with the tables to bring from it
 */
function bringFirst(
  path: string,
  ...sources: readonly (readonly [file: string | undefined, tables: readonly string[]])[]
): number {
  const to = new DatabaseSync(path)
  let rows = 0
  try {
    to.exec('pragma synchronous = normal; pragma foreign_keys = off')
    for (const [file, tables] of sources) {
      const from = file === undefined ? undefined : openRemains(file)
      if (!from) continue
      for (const table of tables) rows += bring(from, to, table)
      from.close()
    }
  } finally {
    to.close()
  }
  return rows
}

function bringBehind(
  path: string,
  sources: readonly string[],
  since: Instant,
  done: (detail: string) => void,
): void {
  const worker = new Worker(new URL('./salvage-worker.ts', import.meta.url), {
    workerData: { path, sources, since },
    resourceLimits: { maxOldGenerationSizeMb: 64 },
  })
  worker.unref()
  worker.once('message', ({ rows, again }) => done(say('watch.rowsBroughtOverBehindBleeps', { rows, again })))
  worker.once('error', (error) => done(say('watch.notAllCouldBeBrought', { message: error.message })))
}
