import { type Key, say } from '../catalogue/say.ts'
import { wayInWords } from '../deliver/way-words.ts'
import type { SiteDirectory } from '../directory/build.ts'
import type { DeviceClass, OpenedWords, PushWords, Trust } from '../directory/trust.ts'
import { asId } from '../ids.ts'

type Known = Pick<SiteDirectory, 'roles'>
type WayRule = Trust['ways'][number]
type ContentRule = Trust['content'][number]

/** The rules of a trust's policy, each as one sentence that a person reads. @param kindOf kind id → its words */
export function policyLines(trust: Trust, known: Known, kindOf: (kind: string) => string): readonly string[] {
  const { ways, content, asks, organisations } = trust
  const froms = [
    [say('policy.fromWard'), asks.ward] as const,
    [say('policy.fromPhone'), asks.phone] as const,
    ...Object.entries(asks.staffGroups).map(
      ([group, classes]) => [say('policy.fromGroup', { group }), classes] as const,
    ),
  ]
  return [
    ...ways.map((rule) => wayLine(rule, known, kindOf)),
    ...content.map((rule) => contentLine(rule, known)),
    ...froms.flatMap(([from, may]) =>
      may === undefined
        ? []
        : [
            may.length === 0
              ? say('policy.asksNothing', { from })
              : say('policy.asks', { from, classes: either(may) }),
          ],
    ),
    ...organisations.map(({ name, roles, ways: only, words, push, asks: may }) =>
      [
        say('policy.outside', { name, roles: both(roles.map((role) => roleName(role, known))) }),
        ...(only === undefined ? [] : [say('policy.outsideWays', { ways: either(only.map(wayInWords)) })]),
        say(PUSH[push]),
        say(OPENED[words]),
        may.length === 0
          ? say('policy.outsideAsksNothing')
          : say('policy.outsideAsks', { classes: either(may) }),
      ].join(' '),
    ),
    ...(ways.length > 0 ? [say('policy.emergencyRings')] : []),
  ]
}

const PUSH = {
  opaque: 'policy.lockedOpaque',
  place: 'policy.lockedPlace',
} as const satisfies Record<PushWords, Key>

const OPENED = {
  all: 'policy.openedAll',
  masked: 'policy.openedMasked',
  none: 'policy.openedNone',
} as const satisfies Record<OpenedWords, Key>

const DEVICES = {
  own: 'policy.onOwn',
  shared: 'policy.onShared',
} as const satisfies Record<DeviceClass, Key>

/** “Routine bleeps to porters, on a phone of their own, go only by hospital network or Web Push.” */
function wayLine(rule: WayRule, known: Known, kindOf: (kind: string) => string): string {
  const { classes, kinds, only, never = [] } = rule
  const bleeps = [
    classes === undefined ? say('policy.everyBleep') : say('policy.bleepsOf', { classes: both(classes) }),
    ...(kinds === undefined ? [] : [say('policy.ofKinds', { kinds: either(kinds.map(kindOf)) })]),
  ].join(' ')
  const about = [bleeps, ...whom(rule, known)].join(' ')
  return only === undefined
    ? say('policy.ruleNever', { about, ways: either(never.map(wayInWords)) })
    : say('policy.ruleOnly', { about, ways: either(only.map(wayInWords)) })
}

/** “For porters, on a shared device: the locked screen says …. Once opened, it shows ….” */
function contentLine(rule: ContentRule, known: Known): string {
  const { push, words, ways } = rule
  const about = [
    ...whom(rule, known),
    ...(ways === undefined ? [] : [say('policy.toldBy', { ways: either(ways.map(wayInWords)) })]),
  ]
  const head =
    about.length === 0 ? say('policy.forEverybody') : say('policy.forWhom', { about: about.join(' ') })
  const says = [
    ...(push === undefined ? [] : [say(PUSH[push])]),
    ...(words === undefined ? [] : [say(OPENED[words])]),
  ]
  return [head, ...says].join(' ')
}

function whom({ staffGroups, roles, devices }: ContentRule, known: Known): readonly string[] {
  return [
    ...(staffGroups === undefined ? [] : [say('policy.toGroups', { groups: either(staffGroups) })]),
    ...(roles === undefined
      ? []
      : [say('policy.toRoles', { roles: either(roles.map((role) => roleName(role, known))) })]),
    ...(devices === undefined ? [] : [say(DEVICES[devices])]),
  ]
}

const roleName = (role: string, { roles }: Known) => roles.get(asId(role))?.name ?? role

const AND = new Intl.ListFormat('en-GB', { type: 'conjunction' })
const OR = new Intl.ListFormat('en-GB', { type: 'disjunction' })
const both = (words: readonly string[]) => AND.format(words)
const either = (words: readonly string[]) => OR.format(words)
