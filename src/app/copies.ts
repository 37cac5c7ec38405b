import { dirname, join, resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Whole } from '../config/whole.ts'
import { captureEraser } from '../io/line/capture-forget.ts'
import { captureReader } from '../io/line/capture-read.ts'
import { fileSigner } from '../io/seal/signer.ts'
import { erasedLedger } from '../io/store/erased-ledger.ts'
import type { CaptureKeys } from '../ports/capture.ts'
import type { Erased, ErasedLedger } from '../ports/ledger.ts'
import type { Signer } from '../ports/signer.ts'
import type { CopyWork } from '../run/keep/drill.ts'
import type { Elsewhere } from '../run/keep/erase-elsewhere.ts'
import { auditSecret } from './audit-key.ts'
import type { KeyPlaces } from './word-keys.ts'

/** What captures still hold of a line; undefined where nothing is captured. */
export function heardOf({ config }: Pick<Whole, 'config'>, keys?: CaptureKeys) {
  const { capture, folder } = config
  return capture && captureReader(resolve(folder, capture.folder), keys)
}

/** By whose key documents of this site are signed. */
export function signerOf({ config }: Pick<Whole, 'config'>): Signer {
  const { store, folder } = config
  const beside = store.kind === 'sqlite' ? dirname(resolve(folder, store.path)) : folder
  return fileSigner(join(beside, 'signing-key.pem'))
}

/** Where words are besides the database: in older copies, and in captures of the lines. */
export function elsewhereOf(whole: Pick<Whole, 'config'>, keys?: CaptureKeys): Elsewhere {
  const { capture, folder } = whole.config
  return {
    ledger: ledgerOf(whole),
    captures: capture && captureEraser(resolve(folder, capture.folder), keys),
  }
}

/** Beside the embedded database and beside its copies, in none of them; undefined where copies are the site's own. */
export function ledgerOf({ config }: Pick<Whole, 'config'>): ErasedLedger | undefined {
  const { store, folder, backup } = config
  if (store.kind !== 'sqlite') return undefined
  const beside = dirname(resolve(folder, store.path))
  return erasedLedger(join(beside, LEDGER), backup && join(resolve(folder, backup.folder), LEDGER))
}

const LEDGER = 'erased.jsonl'

/** Work on copies of this site, each in a thread of its own. */
export function copyWork(whole: Pick<Whole, 'config'>): CopyWork {
  const key = auditSecret(whole)
  const { encryption, store, folder } = whole.config
  const config: KeyPlaces = { encryption, store, folder }
  return {
    drill: (path, erased) => inThread('drill', path, erased, key, config),
    erase: (path, erased) => inThread('erase', path, erased, key, config),
  }
}

function inThread<T>(
  work: 'drill' | 'erase',
  path: string,
  erased: readonly Erased[],
  key: string | undefined,
  config: KeyPlaces,
): Promise<T> {
  return new Promise((done, broken) => {
    const worker = new Worker(new URL('./copies-worker.ts', import.meta.url), {
      workerData: { work, path, erased, key, config },
      resourceLimits: { maxOldGenerationSizeMb: 128 },
    })
    worker.once('message', done)
    worker.once('error', broken)
    worker.once('exit', (code) => broken(new Error(`the thread for copies ended with ${code}`)))
  })
}
