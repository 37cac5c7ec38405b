import { createHash } from 'node:crypto'
import { closeSync, createReadStream, fsyncSync, openSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { pipeline } from 'node:stream/promises'
import { parentPort, workerData } from 'node:worker_threads'
import type { CopyNote } from '../../core/govern/copies.ts'
import { examine } from './examine.ts'
import { withoutIndex } from './word-index.ts'

/*
 * Copies the database in a thread of its own, so that no page waits: a reader of one moment, with a connection of its
 * own, writes only what is live. Erased content and unused pages never reach a copy.
 */
const { from, to, made }: { from: string; to: string; made: number } = workerData

// SQLite fills an empty file that is there, so nobody else can read it for one moment.
closeSync(openSync(to, 'wx', 0o600))
const source = new DatabaseSync(from, { readOnly: true, timeout: 5000 })
source.prepare('vacuum into ?').run(to)
source.close()
withoutIndex(to)
const file = openSync(to, 'r+')
fsyncSync(file)
closeSync(file)

const hash = createHash('sha256')
await pipeline(createReadStream(to), hash)
const { troubles, schema, audit } = examine(to)
if (troubles.length > 0) throw new Error(troubles.join('; '))
const note: CopyNote = { made, bytes: statSync(to).size, sha256: hash.digest('hex'), schema, audit }
parentPort?.postMessage(note)
