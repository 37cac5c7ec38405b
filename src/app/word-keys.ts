import { dirname, join, resolve } from 'node:path'
import type { Whole } from '../config/whole.ts'
import type { Instant } from '../core/instant.ts'
import type { WordKeys } from '../io/store/word-key.ts'
import { keyFolder } from '../io/store/word-key-folder.ts'
import { noKeys } from '../io/store/word-keys.ts'

/** What of the configuration tells where keys are. */
export type KeyPlaces = Pick<Whole['config'], 'encryption' | 'store' | 'folder'>

/**
 * The keys of words, as the configuration says.
 * @param give whether new ones are made and what is wrong is mended: by the daemon alone
 */
export async function openWordKeys(
  { config }: { readonly config: KeyPlaces },
  now: Instant,
  give: boolean,
): Promise<WordKeys> {
  const { encryption, store, folder } = config
  if (encryption === undefined) return noKeys()
  const { siteKey, formerKeys: former, also, database } = encryption
  const shared = { siteKey, former, now }
  if (database !== undefined) {
    const { keyDatabase } = await import('../io/store/word-key-rows.ts')
    return keyDatabase({ ...shared, url: database }, give)
  }
  const beside = store.kind === 'sqlite' ? dirname(resolve(folder, store.path)) : folder
  const own = encryption.folder === undefined ? join(beside, 'word-keys') : resolve(folder, encryption.folder)
  return keyFolder(
    { ...shared, folder: own, ...(also === undefined ? {} : { also: resolve(folder, also) }) },
    give,
  )
}
