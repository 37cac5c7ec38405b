import { say } from '../catalogue/say.ts'
import type { Trust } from '../directory/trust.ts'

/** The rules of a trust's policy, each as one line that a person reads. */
export function rulesOf(trust: Trust): readonly string[] {
  const { ways, content, asks, organisations } = trust
  const froms = [
    ...(['ward', 'phone'] as const).map((from) => [from, asks[from]] as const),
    ...Object.entries(asks.staffGroups),
  ]
  return [
    ...ways.map((rule) => {
      const { only, never = [] } = rule
      const about = aboutOf(rule)
      return only === undefined
        ? say('policy.ruleNever', { about, ways: never.join(', ') })
        : say('policy.ruleOnly', { about, ways: only.join(', ') })
    }),
    ...content.map((rule) => {
      const usual = say('policy.usual')
      const about = aboutOf({ ...rule, kinds: rule.ways })
      return say('policy.ruleContent', { about, push: rule.push ?? usual, words: rule.words ?? usual })
    }),
    ...froms.flatMap(([from, classes]) =>
      classes === undefined ? [] : [say('policy.ruleAsks', { from, classes: listed(classes) })],
    ),
    ...organisations.map(({ name, roles, words, push, asks: may }) =>
      say('policy.ruleOutside', { ...{ name, words, push }, roles: roles.join(', '), classes: listed(may) }),
    ),
    ...(ways.length > 0 ? [say('policy.emergencyRings')] : []),
  ]
}

const listed = (words: readonly string[]) => (words.length === 0 ? say('policy.nothing') : words.join(', '))

interface About {
  readonly classes?: readonly string[] | undefined
  readonly kinds?: readonly string[] | undefined
  readonly staffGroups?: readonly string[] | undefined
  readonly roles?: readonly string[] | undefined
  readonly devices?: string | undefined
}

function aboutOf({ classes, kinds, staffGroups, roles, devices }: About): string {
  const said = [classes, kinds, staffGroups, roles, devices === undefined ? undefined : [devices]]
  const parts = said.flatMap((words) => (words === undefined ? [] : [words.join(', ')]))
  return parts.length === 0 ? say('policy.anyone') : parts.join('; ')
}
