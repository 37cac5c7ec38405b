import { z } from 'zod'
import type { Need, Plan, PlanStep } from '../alert/alert.ts'
import { dailyTestSchema } from '../alert/daily-test.ts'
import { say } from '../catalogue/say.ts'
import type { Directory, Target } from '../directory/directory.ts'
import { whyUnrung } from '../directory/live.ts'
import { membersAt } from '../directory/team.ts'
import { barsFor } from '../directory/trust.ts'
import { given } from '../given.ts'
import { type RoleId, SITE_ID } from '../ids.ts'
import type { Instant } from '../instant.ts'
import type { ReasonCode } from '../reasons.ts'
import { CLASSES, type Class, LEVELS } from '../vocabulary.ts'
import { callsSchema } from './calls.ts'
import { writtenTarget } from './written-target.ts'

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, say('settings.lowerCaseLettersDigitsAnd'))
const ms = (least: number) => z.number().int().min(least).max(86_400_000)

/** As in the tables of the site: a kind, a team. */
const siteId = z.string().regex(SITE_ID, say('settings.idLettersDigitsDotsDashes'))

/**
 * `target` whom the number stands for · `next` the same and then its substitutes, for asking in turn ·
 * `missing` holders and substitutes of whatever role is still missing.
 */
const ask = z.union([z.enum(['target', 'next', 'missing']), writtenTarget])

const step = z.strictObject({
  afterMs: ms(0).meta({ description: 'Since the alert was raised' }),
  ask: z.array(ask).min(1).default(['missing']),
  inTurn: z.boolean().default(false).meta({ description: 'One person a step instead of all at once' }),
  by: z
    .array(z.string())
    .default([])
    .meta({ description: 'Ways that ring at once for whoever is asked: voice, modem and so on' }),
  radio: z.boolean().default(false).meta({ description: 'Ask for the page to go out by radio again' }),
  switchboard: z.enum(LEVELS).default('none'),
})

export const policySchema = z
  .strictObject({
    id,
    class: z.enum(CLASSES),
    kinds: z
      .array(siteId)
      .optional()
      .meta({ description: 'Only for these kinds; absent: every kind of the class' }),
    teams: z.array(siteId).optional().meta({ description: 'Only for these teams' }),
    steps: z.array(step).min(1).max(20),
    receiptWithinMs: ms(1000).default(5000),
    repeatLastMs: ms(1000).default(60_000),
    insistMs: ms(3000).optional().meta({
      description:
        'Whoever has it on a device and has not opened it is rung again after this, then sooner and sooner; absent: only at each step',
    }),
    quietOnEmergency: z
      .boolean()
      .default(false)
      .meta({ description: 'Whoever is coming to an emergency is not rung again in between for this one' }),
    lapseMs: ms(1000).optional().meta({ description: 'Acceptance without arrival lapses; absent: never' }),
    closeAfterMs: ms(1000)
      .optional()
      .meta({ description: 'A covered alert closes by itself; absent: by hand' }),
  })
  .superRefine((policy, ctx) => {
    policy.steps.forEach((s, i) => {
      const before = policy.steps[i - 1]
      if (i === 0 ? s.afterMs !== 0 : s.afterMs < before!.afterMs + 1000)
        ctx.addIssue({
          code: 'custom',
          path: ['steps', i, 'afterMs'],
          message: i === 0 ? say('settings.theFirstStepIsAt') : say('settings.atLeastOneSecondAfter'),
        })
      if (s.switchboard === 'act' && i < policy.steps.length - 1)
        ctx.addIssue({
          code: 'custom',
          path: ['steps', i, 'switchboard'],
          message: say('settings.onlyLastStepMayAct'),
        })
    })
    if (policy.class === 'emergency' && policy.quietOnEmergency)
      ctx.addIssue({
        code: 'custom',
        path: ['quietOnEmergency'],
        message: say('settings.emergencyIsNeverQuiet'),
      })
    if (policy.class === 'test' && policy.steps.length > 1)
      ctx.addIssue({ code: 'custom', path: ['steps'], message: say('settings.testNeverEscalatesOneStep') })
    if (policy.class !== 'test' && policy.steps.at(-1)?.switchboard !== 'act')
      ctx.addIssue({ code: 'custom', path: ['steps'], message: say('settings.lastStepMustSwitchboardAct') })
  })

/** What may be asked from a ward's screen or a phone. */
const asksSchema = z.strictObject({
  urgencies: z
    .array(z.enum(['urgent', 'routine']))
    .min(1)
    .default(['routine', 'urgent']),
  emergency: z
    .boolean()
    .default(false)
    .meta({ description: 'Emergencies too; otherwise the screen says whom to dial' }),
  dial: z
    .string()
    .regex(/^\d{3,6}$/, say('settings.threeToSixDigits'))
    .default('2222'),
  radio: z.boolean().default(true).meta({ description: 'Page by radio as well, at once' }),
  toldWithinMs: ms(5000).default(60_000).meta({ description: 'How long each way has to tell the asker' }),
  perMinute: z
    .number()
    .int()
    .min(1)
    .max(60)
    .default(6)
    .meta({ description: 'From one screen, emergencies apart' }),
  templates: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(40),
        roles: z.array(siteId).optional().meta({ description: 'Only for these roles; absent: for all' }),
        what: z.string().max(240).default(''),
        want: z.string().max(120).default(''),
      }),
    )
    .max(60)
    .default([]),
})
export type AskRules = z.output<typeof asksSchema>

/** A site's escalation file. Its policies are asked in order, then the built-in ones: every class has an answer. */
export const policiesSchema = z.strictObject({
  /** The order in which the ways to one person are tried, by class; what is not named comes after. An emergency rings all at once, and those named here with them. */
  ways: z.partialRecord(z.enum(CLASSES), z.array(z.string())).default({}),
  policies: z.array(policySchema).max(200).default([]),
  /** Who hears calls to a switchboard number the plan does not hold; absent: only the switchboard's screen. */
  fallback: writtenTarget.optional(),
  /** Kinds that end an open alert instead of raising one. */
  cancelKinds: z.array(siteId).default(['stand-down']),
  dailyTests: z.array(dailyTestSchema).max(50).default([]),
  asks: asksSchema.default(() => asksSchema.parse({})),
  /** What the switchboard can start from its own screen. */
  calls: callsSchema.prefault({}),
})

export type Policy = z.output<typeof policySchema>
export type Policies = z.output<typeof policiesSchema>

/** What holds where a site says nothing. The seconds for emergencies are 5 s to the receipt, then 15 s and 30 s. */
export const DEFAULT_POLICIES: readonly Policy[] = z.array(policySchema).parse([
  {
    id: 'default-emergency',
    class: 'emergency',
    steps: [
      { afterMs: 0, ask: ['target'] },
      { afterMs: 15_000, ask: ['missing'], radio: true, switchboard: 'prompt' },
      { afterMs: 30_000, ask: ['missing'], radio: true, switchboard: 'act' },
    ],
    repeatLastMs: 30_000,
    closeAfterMs: 3_600_000,
  },
  {
    id: 'default-urgent',
    class: 'urgent',
    steps: [
      { afterMs: 0, ask: ['target'] },
      { afterMs: 30_000, ask: ['missing'], radio: true, switchboard: 'prompt' },
      { afterMs: 90_000, ask: ['missing'], switchboard: 'act' },
    ],
    repeatLastMs: 60_000,
    lapseMs: 900_000,
    closeAfterMs: 3_600_000,
  },
  {
    id: 'default-routine',
    class: 'routine',
    steps: [
      { afterMs: 0, ask: ['target'], inTurn: true },
      { afterMs: 45_000, ask: ['next'], inTurn: true },
      { afterMs: 90_000, ask: ['next'], inTurn: true, radio: true, switchboard: 'prompt' },
      { afterMs: 300_000, ask: ['next'], switchboard: 'act' },
    ],
    receiptWithinMs: 15_000,
    repeatLastMs: 300_000,
    closeAfterMs: 1_800_000,
  },
  {
    id: 'default-test',
    class: 'test',
    steps: [{ afterMs: 0, ask: ['target'] }],
    closeAfterMs: 300_000,
  },
])

/** The first policy that fits, the site's before the built-in ones. */
export function policyFor(policies: Policies, c: Class, kind: string, to: Target): Policy {
  const fits = (p: Policy) =>
    p.class === c &&
    (p.kinds === undefined || p.kinds.includes(kind)) &&
    (p.teams === undefined || (to.kind === 'team' && p.teams.includes(to.team)))
  return policies.policies.find(fits) ?? DEFAULT_POLICIES.find(fits)!
}

/** The plan of one call to a bleep number. A daily test stays open as long as it gives people to answer. */
export function planFor(
  policies: Policies,
  call: { readonly class: Class; readonly kind: string; readonly number: string },
  to: Target,
  directory: Directory,
  at: Instant,
): Plan {
  const ways = policies.ways[call.class]
  const made = snapshotPlan(policyFor(policies, call.class, call.kind, to), to, directory, at)
  const plan: Plan = { ...made, ...given({ ways, bars: barsFor(directory.trust, call) }) }
  if (plan.escalates) return plan
  const answers = policies.dailyTests.filter((t) => t.number === call.number).map((t) => t.answerWithinMs)
  return { ...plan, closeAfter: Math.max(plan.closeAfter ?? plan.repeatLast, ...answers) }
}

/** Freezes a policy for one call: whom the number stands for, and which roles are needed at this hour. */
export function snapshotPlan(policy: Policy, to: Target, directory: Directory, at: Instant): Plan {
  const need = policy.class === 'test' ? [] : needsOf(to, directory, at)
  const unrung = unrungOf(to, directory, at)
  const substitutes: readonly Target[] =
    to.kind === 'role' ? substitutesOf(directory, to.role).map(asTarget) : []
  const steps = policy.steps.map((s, index): PlanStep => {
    const ask = s.ask.flatMap((a): readonly Target[] => {
      if (a === 'target') return [to]
      if (a === 'next') return [to, ...substitutes]
      return a === 'missing' ? [] : [a]
    })
    return {
      after: s.afterMs,
      ask,
      missing: s.ask.includes('missing'),
      inParallel: !s.inTurn,
      radio: s.radio,
      ...(s.by.length > 0 ? { by: s.by } : {}),
      switchboard: s.switchboard,
      reason: reasonOf(s, index),
    }
  })
  return {
    policy: policy.id,
    class: policy.class,
    steps,
    need,
    ...(unrung.length === 0 ? {} : { unrung }),
    receiptWithin: policy.receiptWithinMs,
    repeatLast: policy.repeatLastMs,
    escalates: policy.class !== 'test',
    ...(policy.insistMs === undefined ? {} : { insist: policy.insistMs }),
    ...(policy.quietOnEmergency ? { quietOnEmergency: true } : {}),
    ...(policy.lapseMs === undefined ? {} : { lapse: policy.lapseMs }),
    ...(policy.closeAfterMs === undefined ? {} : { closeAfter: policy.closeAfterMs }),
  }
}

function reasonOf(s: Policy['steps'][number], index: number): ReasonCode {
  if (index === 0) return 'first-ask'
  if (s.switchboard === 'act') return 'switchboard-must-act'
  return s.ask.includes('next') ? 'next-in-turn' : 'cover-late'
}

function needsOf(to: Target, directory: Directory, at: Instant): readonly Need[] {
  if (to.kind === 'person') return []
  if (to.kind === 'role')
    return [{ role: to.role, count: 1, mandatory: true, substitutes: substitutesOf(directory, to.role) }]
  return membersAt(directory, to.team, at).flatMap((m) =>
    whyUnrung(directory, m.role, at) === undefined
      ? {
          role: m.role,
          count: m.count,
          mandatory: m.need === 'mandatory',
          substitutes: substitutesOf(directory, m.role),
        }
      : [],
  )
}

/** Members of the team that we leave to the pager network, and why. */
function unrungOf(to: Target, directory: Directory, at: Instant): NonNullable<Plan['unrung']> {
  if (to.kind !== 'team') return []
  return membersAt(directory, to.team, at).flatMap(({ role }) => {
    const why = whyUnrung(directory, role, at)
    return why === undefined ? [] : [{ role, why }]
  })
}

function substitutesOf(directory: Directory, role: RoleId): readonly RoleId[] {
  return directory.roles.get(role)?.substitutes ?? []
}

function asTarget(role: RoleId): Target {
  return { kind: 'role', role }
}
