import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Whole } from '../config/whole.ts'
import { given } from '../core/given.ts'
import type { Mac } from '../core/govern/audit.ts'
import { printInstant } from '../core/instant.ts'
import type { Finding } from '../core/measure/watch/standing.ts'
import { FORMS } from '../core/stored/forms.ts'
import { captureKeys } from '../io/store/capture-keys.ts'
import { inboxBehind } from '../io/store/inbox-behind.ts'
import { type KeptOptions, type KeptStore, openKeptSqlite } from '../io/store/kept-sqlite.ts'
import { openPostgres, type RowStore } from '../io/store/open.ts'
import { type OutlastingStore, openOutlasting } from '../io/store/outlast.ts'
import { soleUse } from '../io/store/sole-use.ts'
import { type Upgrade, upgradeAhead } from '../io/store/upgrade.ts'
import type { WordKeys } from '../io/store/word-key.ts'
import type { CaptureKeys } from '../ports/capture.ts'
import type { Store } from '../ports/store.ts'
import type { Tools } from '../ports/tools.ts'
import { auditKey } from './audit-key.ts'
import { copyFirst } from './upgrade.ts'
import { openWordKeys } from './word-keys.ts'

export interface OpenedStore {
  readonly store: Store
  /** What stands of the database itself until a person has seen to it. */
  troubles(): readonly Finding[]
  /** What this start did to the schema of its file; absent: nothing. */
  readonly upgraded?: Upgrade
  /** Keys for captured bytes; absent: these stand as they came. */
  readonly captureKeys?: CaptureKeys | undefined
  /** Whether we are on the file that outlasts it. */
  apart(): boolean
  /** Goes on in that file with the calls that were open; absent: there is none. */
  readonly adopt?: OutlastingStore['adopt']
  readonly redoBy?: OutlastingStore['redoBy']
}

type KeptFile = KeptStore & Pick<OpenedStore, 'upgraded'>

/**
 * The database that the configuration names, brought to the newest schema, and the file that outlasts it where there is
 * one; a file's folder is made where it is not.
 * @throws StoreFault when it cannot be opened
 */
export async function openStore({ config }: Whole, tools: Tools): Promise<OpenedStore> {
  const { log, clock } = tools
  const settings = config.store
  const now = () => clock.now()
  const keys = await openWordKeys({ config }, now(), true)
  const kept: KeptFile[] = []
  let shared: RowStore | undefined
  const file = async (path: string, beside: Beside = {}): Promise<KeptFile> => {
    const signs = auditKey({ config })
    const store = await openFile(resolve(config.folder, path), beside, tools, keys, signs)
    kept.push(store)
    return store
  }
  const onLost = (error: Error) => log.warn('database-connection-lost', { error })
  const main = async (): Promise<RowStore> => {
    const store =
      settings.kind === 'postgres'
        ? await openPostgres(settings.url, onLost, 'newest', keys)
        : await file(settings.path, besideOf(config))
    await inboxBehind(store, now())
    shared = store
    return store
  }
  const mended = () => [
    ...spoiltIn([...kept, ...(shared === undefined ? [] : [shared])]),
    ...kept.flatMap((one) => one.mended()).map((one) => ({ ...one, subject: 'store' })),
    ...keys.troubles(),
  ]
  if (settings.outlast === undefined) {
    const store = await main()
    const upgraded = kept.find((one) => one.upgraded)?.upgraded
    return {
      store: closing(store, keys),
      troubles: mended,
      captureKeys: captureKeys(keys),
      apart: () => false,
      ...(upgraded ? { upgraded } : {}),
    }
  }
  const store = await openOutlasting({
    open: main,
    file: await file(settings.outlast),
    node: config.node,
    now,
    onApart(fault) {
      log.error('store-apart', { fault })
      tools.metrics.count('bleepbridge_store_faults_total', { fault: 'store-apart' })
    },
    onTogether: (bleeps) => log.warn('store-together', { bleeps }),
    onTrouble: (what, error) => log.error('store-apart-trouble', { what, error }),
  })
  return {
    store: closing(store, keys),
    troubles: () => [...mended(), ...apartOf(store)],
    captureKeys: captureKeys(keys),
    apart: () => store.apart() !== undefined,
    adopt: store.adopt,
    redoBy: store.redoBy,
  }
}

/** The keys are closed behind the store. */
function closing(store: Store, keys: WordKeys): Store {
  return {
    ...store,
    async close() {
      await store.close()
      await keys.close()
    },
  }
}

/** A sort of document of which one was met that is none: it is left out, and nobody would know. */
function spoiltIn(stores: readonly RowStore[]): readonly Finding[] {
  const met = new Set(stores.flatMap((store) => [...store.spoilt()]))
  return Object.entries(FORMS).flatMap(([sort, form]) =>
    met.has(form) ? [{ code: 'document-spoilt', subject: sort }] : [],
  )
}

function apartOf(store: OutlastingStore): readonly Finding[] {
  const apart = store.apart()
  if (apart === undefined) return []
  const detail = `since ${printInstant(apart.since)}: ${apart.fault}`
  return [{ code: 'store-apart', subject: 'store', detail }]
}

/** Where more of what a database held may be found. */
type Beside = Pick<KeptOptions, 'copies' | 'mirror'>

function besideOf({ folder, backup, store }: Whole['config']): Beside {
  return given({
    copies: backup && resolve(folder, backup.folder),
    mirror: store.outlast && resolve(folder, store.outlast),
  })
}

async function openFile(
  path: string,
  beside: Beside,
  tools: Tools,
  keys: WordKeys,
  signs: Mac | undefined,
): Promise<KeptFile> {
  const { log, clock, metrics } = tools
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const letGo = soleUse(path)
  const ahead = upgradeAhead(path)
  if (ahead) await copyFirst(path, ahead, beside.copies, signs, tools)
  const store = await openKeptSqlite(path, {
    now: () => clock.now(),
    keys,
    ...beside,
    onMended({ code, detail }) {
      log.error('database-mended', { fault: code, detail })
      metrics.count('bleepbridge_store_faults_total', { fault: code })
    },
  })
  return {
    ...store,
    ...(ahead ? { upgraded: ahead } : {}),
    async close() {
      await store.close()
      letGo()
    },
  }
}
