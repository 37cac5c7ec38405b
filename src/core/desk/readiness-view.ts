import { z } from 'zod'
import { appOf, CHANNEL_IDS } from '../deliver/channels.ts'
import type { Device } from '../deliver/device.ts'
import type { NeverProved } from '../deliver/never-proved.ts'
import { type HolderReadiness, readinessOf } from '../deliver/readiness.ts'
import type { SiteDirectory } from '../directory/build.ts'
import { isCrash, whyUnrung } from '../directory/live.ts'
import { given } from '../given.ts'
import type { Reader } from '../govern/reader.ts'
import { type Instant, printInstant } from '../instant.ts'
import type { Sort } from '../measure/telemetry.ts'
import { feedView } from '../measure/watch/feed-view.ts'
import type { SiteFound } from '../measure/watch/found.ts'
import { REASONS } from '../reasons.ts'
import { nameOfActor, nameOfRole } from './names.ts'
import { at, type HealthView, healthView } from './views.ts'

const wayView = z.object({
  channel: z.enum(CHANNEL_IDS),
  app: z.enum(['closed', 'open']).optional().describe('Whether it rings our app closed or open'),
  proved: at.optional().describe('When the device itself last said that it was rung by this way'),
  how: z.enum(['ring', 'self-test', 'roll-call']).optional(),
  sound: z
    .object({ at, heard: z.boolean() })
    .optional()
    .describe('What its holder said when asked whether they heard it; absent: never asked'),
})

const state = z.enum(['proved', 'not-since', 'none'])

const lineReadiness = feedView.omit({ portErrors: true, remedy: true, signal: true })
/** `unproved`: nothing has shown yet whether it works; `absent`: this site has none. */
const standing = z.enum(['well', 'ill', 'unproved', 'absent'])

/** The go-live list, which is also the list of every shift: who of the crash roles can be rung, and what they lean on. */
export const readinessView = z.object({
  now: at,
  ready: z.boolean().describe('Every row of the list is as it has to be'),
  roles: z.array(
    z.object({
      role: z.string(),
      name: z.string(),
      holder: z.string().optional().describe('Absent: nobody holds it'),
      holderName: z.string().optional(),
      next: z.boolean().describe('Comes on at the next change of shift'),
      from: at.optional(),
      to: at.optional(),
      ways: z.array(wayView),
      state,
      closed: state.optional().describe('With the app closed; absent where no phone of theirs has a push'),
    }),
  ),
  pagers: z
    .array(
      z.object({
        role: z.string(),
        name: z.string(),
        why: z.enum(['listening-only', 'pager-only']),
        sentence: z.string(),
      }),
    )
    .describe('Crash roles left to the pagers: not live yet, or held by somebody with a pager only'),
  lines: z.array(lineReadiness),
  store: standing,
  clock: standing,
  backup: standing,
  restored: z
    .object({
      ...{ at: z.iso.datetime(), good: z.boolean(), bleeps: z.number().int().optional() },
      newest: z.iso.datetime().optional().describe('When the newest bleep in that copy was received'),
      troubles: z.array(z.string()),
    })
    .optional()
    .describe('What came of restoring the newest copy elsewhere, last; absent: not done yet'),
  broker: standing,
  reasons: healthView.shape.reasons,
  neverProved: z
    .array(
      z.object({
        ...{ sort: z.enum(['line', 'way']), subject: z.string(), label: z.string() },
        ...{ sentence: z.string(), how: z.string() },
      }),
    )
    .describe('What was never shown to work on a real device, and how to show it'),
  begin: z
    .object({
      account: z.boolean().describe('Somebody has an account of their own'),
      lines: z.number().int().describe('In the configuration'),
      ports: z
        .array(z.object({ path: z.string(), feed: z.string().optional() }))
        .describe('Serial ports that are plugged in, and the line that uses each'),
      phones: z.number().int().describe('Devices that are enrolled and in use'),
    })
    .describe('The first steps'),
})
export type ReadinessView = z.infer<typeof readinessView>

export interface ReadinessParts {
  readonly directory: SiteDirectory
  readonly devices: readonly Device[]
  readonly found: SiteFound
  readonly health: HealthView
  /** Whether copies of the database are made here at all. */
  readonly copies: boolean
  readonly restored?: ReadinessView['restored']
  readonly now: Instant
  readonly neverProved: readonly NeverProved[]
  readonly begin: ReadinessView['begin']
}

/** Whether everything is proved to ring, and what to do where it is not, as this reader may see it. */
export function readinessViewOf(parts: ReadinessParts, reader: Reader): ReadinessView {
  const { directory, devices, found, health, copies, now } = parts
  const held = readinessOf(directory, devices, now)
  const unheld = [...directory.roles.values()]
    .filter(
      (role) =>
        isCrash(role) &&
        whyUnrung(directory, role.id, now) === undefined &&
        !held.some((one) => one.role === role.id && !one.next),
    )
    .map((role) => ({ role: role.id, name: role.name, next: false, ways: [], state: 'none' as const }))
  const roles = [...unheld, ...held.map((one) => roleRow(one, directory, reader))]
  const pagers = [...directory.roles.values()].flatMap((role) => {
    const why = role.crash ? whyUnrung(directory, role.id, now) : undefined
    return why === undefined ? [] : [{ role: role.id, name: role.name, why, sentence: REASONS[why] }]
  })
  const lines = found.feeds.map((feed) => lineReadiness.parse(feed))
  const old = health.reasons.some(({ subject }) => subject === 'backup')
  const leaning = {
    store: thingState(found, 'store', 'store'),
    clock: clockState(found, health),
    backup: copies ? (old ? 'ill' : 'well') : 'absent',
    broker: thingState(found, 'broker', 'broker'),
  } as const
  return {
    now: printInstant(now),
    ready:
      health.status !== 'not-ready' &&
      Object.values(leaning).every((one) => one === 'well' || one === 'absent') &&
      roles.every((row) => row.next || (row.state === 'proved' && (row.closed ?? 'proved') === 'proved')) &&
      lines.every((line) => line.state === 'open' && line.heard !== false),
    ...{ roles, pagers, lines },
    ...leaning,
    ...given({ restored: parts.restored }),
    reasons: health.reasons,
    ...{ neverProved: [...parts.neverProved], begin: parts.begin },
  }
}

/** A clock that agrees with its own past may still be kept by nobody. */
function clockState(found: SiteFound, { reasons }: HealthView): z.infer<typeof standing> {
  const codes = reasons.map(({ code }) => code)
  if (codes.includes('clock-unkept')) return 'ill'
  const state = thingState(found, 'node', 'clock')
  return state === 'well' && codes.includes('clock-unproved') ? 'unproved' : state
}

function thingState({ things }: SiteFound, sort: Sort, subject: string): z.infer<typeof standing> {
  const states = things.filter((t) => t.sort === sort && t.subject === subject).map(({ state }) => state)
  if (states.length === 0) return 'absent'
  if (states.some((one) => one === 'failed' || one === 'degraded')) return 'ill'
  return states.includes('good') ? 'well' : 'unproved'
}

function roleRow(
  one: HolderReadiness,
  directory: SiteDirectory,
  reader: Reader,
): ReadinessView['roles'][number] {
  const name = nameOfActor(one.holder, reader, directory)
  return {
    ...{ role: one.role, name: nameOfRole(one.role, directory), holder: one.holder, next: one.next },
    ...(name === one.holder ? {} : { holderName: name }),
    from: printInstant(one.from),
    ...(Number.isFinite(one.to) ? { to: printInstant(one.to) } : {}),
    ways: one.ways.map(({ channel, proof, sound }) => ({
      ...{ channel, ...given({ app: appOf(channel) }) },
      ...(proof === undefined ? {} : { proved: printInstant(proof.at), how: proof.by }),
      ...(sound === undefined ? {} : { sound: { at: printInstant(sound.at), heard: sound.heard } }),
    })),
    state: one.state,
    ...given({ closed: one.closed }),
  }
}
