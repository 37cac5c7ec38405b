import { DatabaseSync } from 'node:sqlite'

/**
 * Takes the index of searches out of a copy whose words are sealed: its key lives on when a bleep's is destroyed, so a copy
 * must not hold it. Whoever starts from the copy makes the index anew, behind the paging.
 */
export function withoutIndex(path: string): void {
  const db = new DatabaseSync(path)
  try {
    if (db.prepare("select 1 from notes where key = 'search-key'").get() === undefined) return
    db.exec(`pragma secure_delete = on; begin; delete from search_index; delete from search_words;
      delete from notes where key = 'search-until'; commit; vacuum; pragma wal_checkpoint(truncate)`)
  } finally {
    db.close()
  }
}
