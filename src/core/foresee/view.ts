import { z } from 'zod'
import { titleOf } from '../bleep/title.ts'
import { CHANNEL_IDS } from '../deliver/channels.ts'
import { type Directory, targetKey } from '../directory/directory.ts'
import { given } from '../given.ts'
import { type Instant, printInstant, SECOND } from '../instant.ts'
import { REASONS } from '../reasons.ts'
import { CLASSES, LEVELS } from '../vocabulary.ts'
import type { Foreseen, Warning } from './foresee.ts'
import type { Hole } from './week.ts'

const warning = z.object({
  code: z.string(),
  sentence: z.string(),
  role: z.string().optional(),
  person: z.string().optional(),
})

const step = z.object({
  afterSeconds: z.number().describe('Since the page, while nobody answers'),
  reason: z.string(),
  sentence: z.string(),
  ask: z.array(
    z.object({
      role: z.string().optional().describe('Absent: asked by name'),
      roleName: z.string().optional(),
      person: z.string(),
      name: z.string(),
      ways: z.array(
        z.object({
          channel: z.enum(CHANNEL_IDS),
          proved: z.boolean().describe('The device itself said, within one shift, that it rang by this way'),
          last: z.iso.datetime().optional(),
        }),
      ),
    }),
  ),
  radio: z.boolean().describe('The page goes out by radio again'),
  switchboard: z.enum(LEVELS),
})

/** A dry run as it leaves us, over HTTP and from `bleepd who`. */
export const foreseenSchema = z.object({
  number: z.string(),
  at: z.iso.datetime(),
  kind: z.string(),
  kindName: z.string(),
  class: z.enum(CLASSES),
  rule: z.string(),
  why: z.string().describe('How the class was found'),
  to: z.string().optional().describe('`role:…`, `team:…` or `person:…`; absent: no phone rings'),
  toName: z.string().optional(),
  policy: z.string().optional(),
  reason: z.string(),
  steps: z.array(step),
  repeatsEverySeconds: z.number().optional(),
  warnings: z.array(warning),
})
export type ForeseenView = z.infer<typeof foreseenSchema>

/** The same said back to an operator before they send. */
export const previewSchema = foreseenSchema.extend({
  readBack: z.string(),
  people: z.number().int().describe('Rung at once'),
  withoutPhone: z.number().int().describe('Of these, whom no phone would ring'),
  words: z.string().describe('As the pager shows it'),
  radio: z.boolean().describe('Goes out by radio at once as well'),
  confirm: z
    .enum(['two-people', 'held-press'])
    .optional()
    .describe('Calls many people at once: wants this as well'),
})
export type PreviewView = z.infer<typeof previewSchema>

/** A week of a whole site: when would nobody be rung, or somebody who must come be missing. */
export const weekSchema = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  numbers: z.number().int().describe('Numbers of the plan'),
  next: z.number().int().optional().describe('`from` of the next part; absent: all has been looked at'),
  gaps: z.array(
    z.object({
      ...{ numbers: z.array(z.string()), from: z.iso.datetime(), to: z.iso.datetime() },
      ...{ code: z.string(), sentence: z.string() },
      role: z.string().optional().describe('The role nobody holds, where it is one that must come'),
      roleName: z.string().optional(),
    }),
  ),
})
export type WeekView = z.infer<typeof weekSchema>

/** The gaps of a week with their reasons in words; `next` is where the part behind this one begins. */
export function weekView(
  holes: readonly Hole[],
  { from, to, next }: { readonly from: Instant; readonly to: Instant; readonly next?: number },
  { numbers, roles }: Directory,
): WeekView {
  return {
    ...{ from: printInstant(from), to: printInstant(to), numbers: numbers.size },
    ...given({ next }),
    gaps: holes.map((hole) => ({
      ...{ numbers: [...hole.numbers], from: printInstant(hole.from), to: printInstant(hole.to) },
      ...{ code: hole.code, sentence: REASONS[hole.code] },
      ...given({ role: hole.role, roleName: hole.role && roles.get(hole.role)?.name }),
    })),
  }
}

/** A dry run as screens and the command line show it. */
export function foreseenView(foreseen: Foreseen, at: Instant, directory: Directory): ForeseenView {
  const { number, meaning, to, reason, plan, steps, repeats, warnings } = foreseen
  return {
    number,
    at: printInstant(at),
    ...{ kind: meaning.kind, kindName: titleOf(meaning.kind), class: meaning.class },
    ...{ rule: meaning.rule, why: REASONS[meaning.reason] },
    ...given({
      to: to && targetKey(to),
      toName: to && nameOf(to, directory),
      policy: plan?.policy,
      repeatsEverySeconds: repeats === undefined ? undefined : repeats / SECOND,
    }),
    reason,
    steps: steps.map(({ after, reason: code, asks, radio, switchboard }) => ({
      afterSeconds: after / SECOND,
      reason: code,
      sentence: REASONS[code],
      ask: asks.map(({ person, role, ways }) => ({
        ...given({ role, roleName: role && directory.roles.get(role)?.name }),
        person,
        name: directory.people.get(person)?.name ?? person,
        ways: ways.map(({ channel, state, last }) => ({
          ...{ channel, proved: state === 'proved' },
          ...given({ last: last === undefined ? undefined : printInstant(last) }),
        })),
      })),
      ...{ radio, switchboard },
    })),
    warnings: warnings.map((one) => ({ ...one, sentence: sentenceOf(one, directory) })),
  }
}

function nameOf(to: NonNullable<Foreseen['to']>, { roles, teams, people }: Directory): string {
  if (to.kind === 'role') return roles.get(to.role)?.name ?? to.role
  return (to.kind === 'team' ? teams.get(to.team)?.name : people.get(to.person)?.name) ?? targetKey(to)
}

function sentenceOf({ code, role, person }: Warning, { roles, people }: Directory): string {
  const whom = [
    ...(person === undefined ? [] : [people.get(person)?.name ?? person]),
    ...(role === undefined ? [] : [roles.get(role)?.name ?? role]),
  ]
  return whom.length === 0 ? REASONS[code] : `${whom.join(', ')}: ${REASONS[code]}`
}
