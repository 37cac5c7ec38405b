import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Rules } from '../core/bleep/rules.ts'
import type { Site } from '../core/directory/site.ts'
import type { Result } from '../core/faults.ts'
import type { Instant } from '../core/instant.ts'
import { type Policies, policiesSchema } from '../core/route/policy.ts'
import type { ConfigFault } from './fault.ts'
import { type FeedPlan, planFeeds } from './feeds.ts'
import { fingerprint } from './fingerprint.ts'
import { type Config, loadConfig } from './load.ts'
import { pushFaults } from './push.ts'
import { keepFaults } from './retention.ts'
import { loadSite } from './site.ts'
import { readYaml } from './yaml.ts'

/** Everything the daemon starts from, checked to the last line of the site's files. */
export interface Whole {
  readonly config: Config
  readonly site: Site
  readonly rules: Rules
  readonly policies: Policies
  readonly feeds: readonly FeedPlan[]
  /** Of every file it was read from. */
  readonly fingerprint: string
}

/** Reads it all, or gives every fault of every file at once. `now` places repeating calendar events. */
export function loadWhole(file: string, now: Instant): Result<Whole, readonly ConfigFault[]> {
  const config = loadConfig(file)
  if (!config.ok) return config
  const faults: ConfigFault[] = [...pushFaults(config.value), ...keepFaults(config.value)]
  const folder = resolve(config.value.folder, config.value.site.folder)
  const site = loadSite(folder, now)
  if (!site.ok) faults.push(...site.faults)
  const policies = readPolicies(join(folder, 'policies.yaml'), faults)
  const rics = site.ok ? site.site.numbers.flatMap((n) => (n.ric === undefined ? [] : [n.ric])) : []
  const { plans, faults: inFeeds } = planFeeds(config.value, rics)
  faults.push(...inFeeds)
  if (!site.ok || !policies || faults.length > 0) return { ok: false, fault: faults }
  if (policies.fallback) checkFallback(policies.fallback, site.site, join(folder, 'policies.yaml'), faults)
  if (faults.length > 0) return { ok: false, fault: faults }
  return {
    ok: true,
    value: {
      ...{ config: config.value, site: site.site, rules: site.rules, policies, feeds: plans },
      fingerprint: fingerprint(file, folder),
    },
  }
}

/** Without the file the built-in policies hold: every class has one. */
function readPolicies(path: string, faults: ConfigFault[]): Policies | undefined {
  let text = ''
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const absent = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (!absent) faults.push({ path, code: 'file-unreadable' })
  }
  return readYaml(path, text, policiesSchema, faults)
}

function checkFallback(
  to: NonNullable<Policies['fallback']>,
  site: Site,
  path: string,
  faults: ConfigFault[],
): void {
  const known =
    to.kind === 'role'
      ? site.roles.some((r) => r.id === to.role)
      : to.kind === 'team'
        ? site.teams.some((t) => t.id === to.team)
        : site.people.some((p) => p.id === to.person)
  if (!known) faults.push({ path: `${path}:fallback`, code: 'config-unresolved' })
}
