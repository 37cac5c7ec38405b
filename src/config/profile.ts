import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { say } from '../core/catalogue/say.ts'
import { failed, ok, type Result } from '../core/faults.ts'
import { SIDES } from '../core/line/kit/protocol.ts'
import { serialSettings } from '../core/line/kit/settings.ts'
import { PROTOCOLS } from '../core/line/registry.ts'
import type { ConfigFault } from './fault.ts'
import { readText } from './text.ts'
import { parseYaml } from './yaml.ts'

/** What one device needs to be heard: line settings, protocol and its options. One file in `hardware/profiles/` each. */
const profile = z.strictObject({
  /** Plain words for the operator. */
  title: z.string().min(1).max(120),
  line: serialSettings.prefault({}),
  protocol: z.string().min(1),
  /** Checked by the protocol's own schema. */
  options: z.record(z.string(), z.unknown()).default({}),
  /** The device sends each page again within this time by itself; milliseconds, 0 when it does not. */
  repeatMs: z.number().min(0).max(600_000).default(0),
  /** Longest time without a byte before the line counts as silent; milliseconds, 0: silence is normal. */
  silentAfterMs: z.number().min(0).max(604_800_000).default(0),
  /** Where it listens, for protocols that serve either: `air` a radio receiver, `link` the switchboard's side. */
  side: z.enum(SIDES).exclude(['other']).optional(),
  /** It takes nearly any text for a page: a diagnosis offers it only when nothing else fits. */
  takesAnything: z.boolean().default(false),
  /** The device opens a connection when it has something to say: on a port that listens, nobody connected is no fault. */
  callers: z.boolean().default(false),
  /** What bites with this device, for the engineer who installs it. */
  quirks: z.array(z.string().min(1)).default([]),
  /** What the profile rests on: the maker's manual, a capture from a real device, or an assumption to be proven on site. */
  evidence: z.enum(['manual', 'capture', 'assumed']),
  source: z.string().min(1),
})

export type Profile = z.infer<typeof profile>

/** The folder of profiles that comes with the daemon. */
export const PROFILES = fileURLToPath(new URL('../../hardware/profiles/', import.meta.url))

/**
 * Reads a profile by its name in `folder`, or by the path of a YAML file of the site's own.
 * Every fault is told at once, one a line, as `path: what is wrong`.
 */
export function readProfile(nameOrPath: string, folder = PROFILES): Result<Profile> {
  const path = /^[a-z0-9][a-z0-9-]*$/.test(nameOrPath) ? `${folder}/${nameOrPath}.yaml` : nameOrPath
  const faults: ConfigFault[] = []
  const text = readText(path, false, faults)
  if (text !== undefined) return parseProfile(text)
  return faults.length === 0
    ? failed('profile-unknown', nameOrPath)
    : failed('profile-invalid', `${path}: ${faults.map(({ detail }) => detail).join('\n')}`)
}

export function parseProfile(text: string): Result<Profile> {
  const broken: ConfigFault[] = []
  const file = parseYaml('line', text, broken)
  if (file === undefined)
    return failed('profile-invalid', broken.map(({ path, detail }) => `${path}: ${detail}`).join('\n'))
  const raw = file.value
  const parsed = profile.safeParse(raw)
  const faults = [...(parsed.error?.issues ?? []), ...optionFaults(raw)]
  if (parsed.success && faults.length === 0) return ok(parsed.data)
  const lines = faults.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  return failed('profile-invalid', lines.join('\n'))
}

interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/** What the protocol says of its options, whether or not the rest of the file is sound. */
function optionFaults(raw: unknown): Issue[] {
  const said = z.object({ protocol: z.string(), options: z.unknown().optional() }).safeParse(raw)
  if (!said.success) return []
  const protocol = PROTOCOLS.get(said.data.protocol)
  if (!protocol)
    return [{ path: ['protocol'], message: say('settings.noProtocol', { protocol: said.data.protocol }) }]
  const issues = protocol.options.safeParse(said.data.options ?? {}).error?.issues ?? []
  return issues.map((issue) => ({ path: ['options', ...issue.path], message: issue.message }))
}
