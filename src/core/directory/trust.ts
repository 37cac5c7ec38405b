import { z } from 'zod'
import { say } from '../catalogue/say.ts'
import { given } from '../given.ts'
import { asId, type PersonId, type RoleId, SITE_ID } from '../ids.ts'
import type { Instant } from '../instant.ts'
import { CLASSES, type Class } from '../vocabulary.ts'

const siteId = z.string().regex(SITE_ID, say('settings.idLettersDigitsDotsDashes'))
const words = z.string().min(1).max(200)
const day = z.iso.date()

/** Whose a device is: `own` a person's, `shared` whoever holds a role. */
export type DeviceClass = 'own' | 'shared'

/** What a rule is about; whatever it leaves out it takes as any. */
const aboutSchema = z.strictObject({
  classes: z.array(z.enum(CLASSES)).min(1).optional(),
  kinds: z.array(siteId).min(1).optional(),
  staffGroups: z.array(siteId).min(1).optional(),
  roles: z.array(siteId).min(1).optional(),
  devices: z.enum(['own', 'shared']).optional(),
})

const wayRule = aboutSchema
  .extend({
    only: z.array(z.string()).min(1).optional().meta({ description: 'No other ways than these' }),
    never: z.array(z.string()).min(1).optional().meta({ description: 'Not by these ways' }),
  })
  .refine(({ only, never }) => (only === undefined) !== (never === undefined), {
    message: say('settings.eitherOnlyOrNever'),
  })

/** Where several rules fit, the one that lets least be seen counts. */
const contentRule = aboutSchema.omit({ classes: true, kinds: true }).extend({
  ways: z.array(z.string()).min(1).optional(),
  push: z.enum(['opaque', 'place']).optional().meta({ description: 'What a locked screen may say' }),
  words: z
    .enum(['all', 'masked', 'none'])
    .optional()
    .meta({ description: 'What an opened call shows of the sender’s words; masked: without identifiers' }),
})

const organisation = z.strictObject({
  id: siteId,
  name: words,
  roles: z.array(siteId).min(1).meta({ description: 'Roles that its people hold' }),
  ways: z.array(z.string()).min(1).optional().meta({ description: 'The only ways to them' }),
  push: z.enum(['opaque', 'place']).default('opaque'),
  words: z.enum(['all', 'masked', 'none']).default('masked'),
  asks: z.array(z.enum(CLASSES)).default([]).meta({ description: 'What they may ask of others here' }),
})
export type Organisation = z.output<typeof organisation>

/** The trust's own policy on paging (`trust.yaml`): what holds here, by what approval, and what people must have done. */
export const trustSchema = z.strictObject({
  title: words,
  version: z.string().min(1).max(40),
  approved: z.strictObject({ by: words, on: day, review: day }).optional(),
  ways: z.array(wayRule).max(100).default([]),
  content: z.array(contentRule).max(100).default([]),
  asks: z
    .strictObject({
      ward: z.array(z.enum(CLASSES)).optional(),
      phone: z.array(z.enum(CLASSES)).optional(),
      staffGroups: z.record(z.string(), z.array(z.enum(CLASSES))).default({}),
    })
    .prefault({})
    .meta({ description: 'Which classes may be asked for from where, and by which staff groups' }),
  organisations: z.array(organisation).max(60).default([]),
  acceptedUse: z
    .strictObject({
      version: z.string().regex(/^[\w.-]{1,40}$/),
      text: z.string().min(1).max(4000),
      welsh: z.string().min(1).max(4000).optional(),
    })
    .optional()
    .meta({ description: 'What each person signs in the app, once for each version' }),
  drill: z
    .strictObject({
      months: z.number().int().min(1).max(60),
      waived: z
        .array(z.strictObject({ person: siteId, reason: words, by: words, until: day }))
        .max(2000)
        .default([]),
    })
    .optional()
    .meta({ description: 'Crash roles are taken by whoever has answered a test ring within so many months' }),
})
export type Trust = z.output<typeof trustSchema>
export type PushWords = 'opaque' | 'place'
export type OpenedWords = Organisation['words']

/** Ways that a policy keeps one call from taking, frozen on its plan; whatever is left out is any. */
export interface Bar {
  readonly staffGroups?: readonly string[]
  readonly roles?: readonly string[]
  readonly devices?: DeviceClass
  readonly only?: readonly string[]
  readonly never?: readonly string[]
}

/** What is barred for one call, whoever is asked in the end. */
export function barsFor(
  trust: Trust | undefined,
  call: { readonly class: Class; readonly kind: string },
): readonly Bar[] | undefined {
  if (trust === undefined) return undefined
  const rules = trust.ways
    .filter(
      ({ classes, kinds }) => (classes?.includes(call.class) ?? true) && (kinds?.includes(call.kind) ?? true),
    )
    .map(
      ({ staffGroups, roles, devices, only, never }): Bar =>
        given({ staffGroups, roles, devices, only, never }),
    )
  const outside = trust.organisations.flatMap(({ roles, ways }) =>
    ways === undefined ? [] : [{ roles, only: ways }],
  )
  const bars = [...rules, ...outside]
  return bars.length > 0 ? bars : undefined
}

/** Whom a ring is for, as far as a rule may ask. */
export interface Asked {
  readonly staffGroup: string | undefined
  readonly roles: readonly string[]
}

/** Whether a way to a device of somebody is barred. A rule of roles concerns whoever is asked for these alone. */
export function isBarred(bars: readonly Bar[], asked: Asked, devices: DeviceClass, way: string): boolean {
  return bars.some(
    (bar) =>
      concerns(bar, asked, devices) &&
      (bar.only?.includes(way) === false || bar.never?.includes(way) === true),
  )
}

function concerns(
  {
    staffGroups,
    roles,
    devices: d,
  }: Pick<z.output<typeof aboutSchema>, 'staffGroups' | 'roles' | 'devices'> | Bar,
  { staffGroup, roles: own }: Asked,
  devices: DeviceClass | undefined,
): boolean {
  if (staffGroups !== undefined && (staffGroup === undefined || !staffGroups.includes(staffGroup)))
    return false
  if (roles !== undefined && (own.length === 0 || !own.every((role) => roles.includes(role)))) return false
  return d === undefined || devices === undefined || d === devices
}

const PUSH: readonly PushWords[] = ['opaque', 'place']
const OPENED: readonly OpenedWords[] = ['none', 'masked', 'all']

function strictest<T>(order: readonly T[], said: readonly (T | undefined)[]): T | undefined {
  return order.find((one) => said.includes(one))
}

/** Where something is shown: to whom, on what, by which way it came. */
export interface Shown extends Asked {
  readonly devices?: DeviceClass
  readonly way?: string
}

function rulesOf(trust: Trust, shown: Shown) {
  const fits = trust.content.filter(
    (rule) =>
      concerns(rule, shown, shown.devices) &&
      (rule.ways === undefined || shown.way === undefined || rule.ways.includes(shown.way)),
  )
  return [...fits, ...organisationsOf(trust, shown.roles)]
}

/** What a push may say on a locked screen. @param usual what the configuration says */
export function pushWords(trust: Trust | undefined, shown: Shown, usual: PushWords): PushWords {
  if (trust === undefined) return usual
  return (
    strictest(
      PUSH,
      rulesOf(trust, shown).map(({ push }) => push),
    ) ?? usual
  )
}

/** What of the words somebody reads who has opened a call. */
export function openedWords(trust: Trust | undefined, shown: Shown): OpenedWords {
  if (trust === undefined) return 'all'
  return (
    strictest(
      OPENED,
      rulesOf(trust, shown).map((rule) => rule.words),
    ) ?? 'all'
  )
}

/** The outside organisations for which somebody is asked: those of every one of their roles. */
export function organisationsOf(trust: Trust | undefined, roles: readonly string[]): readonly Organisation[] {
  if (trust === undefined || roles.length === 0) return []
  return trust.organisations.filter((one) => roles.every((role) => one.roles.includes(role)))
}

/** Whoever asks for somebody. */
export interface Asker {
  readonly from: 'ward' | 'phone'
  readonly staffGroup?: string
  readonly roles: readonly RoleId[]
}

/** Whether the policy lets them ask for a call of this class. */
export function mayAsk(trust: Trust | undefined, { from, staffGroup, roles }: Asker, c: Class): boolean {
  if (trust === undefined) return true
  const outside = organisationsOf(trust, roles)
  if (outside.length > 0) return outside.every(({ asks }) => asks.includes(c))
  const group = staffGroup !== undefined && Object.hasOwn(trust.asks.staffGroups, staffGroup)
  const lists = [trust.asks[from], group ? trust.asks.staffGroups[staffGroup] : undefined]
  return lists.every((list) => list === undefined || list.includes(c))
}

/** As a rule asks of somebody, by what the directory knows of them. */
export function askedOf(
  { people }: { readonly people: ReadonlyMap<PersonId, { readonly staffGroup: string }> },
  person: PersonId | undefined,
  roles: readonly string[],
): Asked {
  return { staffGroup: person === undefined ? undefined : people.get(person)?.staffGroup, roles }
}

/** Roles of outside organisations that somebody holds now; everybody else has none. */
export function outsideRoles(
  {
    trust,
    holders,
  }: {
    readonly trust?: Trust
    holders(role: RoleId, at: Instant): readonly { readonly person: PersonId }[]
  },
  person: PersonId,
  at: Instant,
): readonly RoleId[] {
  const roles = trust?.organisations.flatMap((one) => one.roles.map((role) => asId<RoleId>(role))) ?? []
  return roles.filter((role) => holders(role, at).some((holder) => holder.person === person))
}

/** What somebody signed last, as it is kept in a note of its own. */
export const signedNote = z.object({ version: z.string(), at: z.number() })
export const signedKey = (person: PersonId): string => `accepted-use/${person}`
