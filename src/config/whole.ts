import { resolve } from 'node:path'
import type { Rules, RulesRead } from '../core/bleep/rules.ts'
import type { Site } from '../core/directory/site.ts'
import type { Result } from '../core/faults.ts'
import type { Instant } from '../core/instant.ts'
import type { Policies } from '../core/route/policy.ts'
import { pairFaults } from './certificate.ts'
import { encryptionFaults } from './encryption.ts'
import type { ConfigFault } from './fault.ts'
import { isBearable } from './fault.ts'
import { type FeedPlan, planFeeds } from './feeds.ts'
import { filingFaults } from './filing.ts'
import { fingerprint } from './fingerprint.ts'
import { hospitalFaults } from './hospitals.ts'
import { type Config, loadConfig } from './load.ts'
import { readPolicies } from './policies.ts'
import { postFaults } from './post.ts'
import { pushFaults } from './push.ts'
import { keepFaults } from './retention.ts'
import { loadSite } from './site.ts'
import { authorityFaults, doorFaults, folderFaults } from './surroundings.ts'

/** Everything the daemon starts from, checked to the last line of the site's files. */
export interface Whole {
  readonly config: Config
  readonly site: Site
  readonly rules: Rules
  readonly rulesRead: RulesRead
  readonly policies: Policies
  readonly feeds: readonly FeedPlan[]
  /** Of every file it was read from. */
  readonly fingerprint: string
  /** Of the site's files alone: the same on every node. */
  readonly sitePrint: string
  /** What was taken as it is and looks like a slip, or keeps a part of the daemon shut while its lines run. */
  readonly doubts: readonly ConfigFault[]
}

/** Copies to read in the place of the configuration, of the site's folder, or of both (last-good.ts). */
export interface From {
  readonly config?: string
  readonly site?: string
}

/**
 * Reads it all, or gives every fault of every file at once. `now` places repeating calendar events. Never throws: what a
 * library throws that no reader here foresaw is a fault as well, so that no file can end a daemon that runs.
 */
export function loadWhole(
  file: string,
  now: Instant,
  from: From = {},
): Result<Whole, readonly ConfigFault[]> {
  try {
    return readWhole(file, now, from)
  } catch (error) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { ok: false, fault: [{ path: file, code: 'config-unreadable', detail: detail.slice(0, 500) }] }
  }
}

function readWhole(file: string, now: Instant, from: From): Result<Whole, readonly ConfigFault[]> {
  const loaded = loadConfig(file, from.config)
  if (!loaded.ok) return loaded
  const { config, at, raw } = loaded.value
  const inFile = (faults: readonly ConfigFault[]) => faults.map((f) => ({ ...f, path: at(f.path) }))
  const faults: ConfigFault[] = inFile([
    ...pushFaults(config),
    ...postFaults(config),
    ...keepFaults(config),
    ...encryptionFaults(config),
    ...pairFaults(config, now),
    ...authorityFaults(config),
    ...folderFaults(config),
    ...doorFaults(config, raw),
  ])
  const folder = from.site ?? resolve(config.folder, config.site.folder)
  const read = loadSite(folder, now)
  const policies = readPolicies(folder, read.ok ? read : undefined, faults)
  const rics = read.ok ? read.site.numbers.flatMap((n) => (n.ric === undefined ? [] : [n.ric])) : []
  const { plans, faults: inFeeds } = planFeeds(config, rics)
  faults.push(
    ...inFile(hospitalFaults(config, read.ok ? read.site : undefined)),
    ...inFile(filingFaults(config, read.ok ? read.site : undefined)),
    ...inFile(inFeeds),
    ...(read.ok ? read.doubts : read.faults),
  )
  if (!read.ok || policies === undefined || !faults.every(isBearable)) return { ok: false, fault: faults }
  const { site, rules, rulesRead } = read
  return {
    ok: true,
    value: {
      ...{ config, site, rules, rulesRead, policies, feeds: plans, doubts: faults },
      fingerprint: fingerprint(from.config ?? file, folder),
      sitePrint: fingerprint('', folder),
    },
  }
}
