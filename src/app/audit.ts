import { dirname, join, resolve } from 'node:path'
import type { Whole } from '../config/whole.ts'
import type { Mac } from '../core/govern/audit.ts'
import { anchorFile } from '../io/store/anchors.ts'
import type { Anchors } from '../ports/anchors.ts'
import type { Backups } from '../ports/backups.ts'
import { auditKey } from './audit-key.ts'
import { backupsOf } from './backups.ts'

export interface AuditProof {
  readonly mac: Mac | undefined
  /** There is a key, and it cannot be read. */
  readonly keyAway: boolean
  readonly anchors: Anchors
  readonly copies: Backups | undefined
}

const ANCHORS = 'audit-anchors.jsonl'

/** What the audit chain of this site is held against. */
export function auditProof(whole: Whole, make: boolean): AuditProof {
  const { audit, backup, folder, store, node } = whole.config
  const beside = store.kind === 'sqlite' ? dirname(resolve(folder, store.path)) : folder
  const place = audit.anchors ?? backup?.folder
  const mac = auditKey(whole, make)
  const file = store.kind === 'sqlite' ? ANCHORS : `${node}.${ANCHORS}`
  const anchors = anchorFile(join(place === undefined ? beside : resolve(folder, place), file), mac)
  const keyAway = mac === undefined && store.kind === 'sqlite'
  return { mac, keyAway: make && keyAway, anchors, copies: backupsOf(whole)?.to }
}
