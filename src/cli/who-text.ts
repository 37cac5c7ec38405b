import { say } from '../core/catalogue/say.ts'
import type { Directory } from '../core/directory/directory.ts'
import type { ForeseenView } from '../core/foresee/view.ts'
import type { Hole } from '../core/foresee/week.ts'
import { parseInstant } from '../core/instant.ts'
import { REASONS } from '../core/reasons.ts'
import { localWhen } from './local-when.ts'

type Step = ForeseenView['steps'][number]

/** A dry run for somebody at a terminal: what it means, then second by second, then what is wrong with it. */
export function printForeseen(view: ForeseenView, zone: string): string {
  const { number, kind, class: urgency, rule, why, to, toName, steps, warnings } = view
  const at = parseInstant(view.at)
  const lines = [
    say('cli.whoNumberAt', {
      number,
      when: at === undefined ? view.at : localWhen(at, zone, { year: 'numeric' }),
    }),
    say('cli.whoMeans', { kind, urgency, rule, why: lowered(why) }),
    ...(to === undefined
      ? []
      : [say('cli.whoGoesTo', { toName: toName ?? to, to, policy: view.policy ?? '' })]),
    '',
    ...steps.flatMap(printStep),
    ...(view.repeatsEverySeconds === undefined
      ? []
      : [say('cli.whoRepeats', { repeatsEverySeconds: view.repeatsEverySeconds })]),
    ...(warnings.length === 0
      ? []
      : ['', say('cli.whoLookAt'), ...warnings.map((one) => `  ${one.sentence}`)]),
  ]
  return `${lines.join('\n')}\n`
}

function printStep({ afterSeconds, reason, sentence, ask, radio, switchboard }: Step): readonly string[] {
  const when = afterSeconds === 0 ? say('cli.whoAtOnce') : say('cli.whoAfter', { afterSeconds })
  // The next way to people who gave no sign: who they are and how they ring stands above.
  if (reason === 'no-receipt') {
    if (ask.every(({ ways }) => ways.length === 0)) return []
    const names = ask.map(({ name }) => name).join(', ')
    return [say('cli.whoOtherWay', { when: when.padEnd(12), names })]
  }
  return [
    `  ${when.padEnd(12)} ${sentence}`,
    ...ask.map(
      ({ name, roleName, ways }) =>
        `${' '.repeat(15)}${[name, ...(roleName === undefined ? [] : [roleName])].join(', ')}: ${printWays(ways)}`,
    ),
    ...(radio ? [say('cli.whoRadio', { gap: ' '.repeat(15) })] : []),
    ...(switchboard === 'none'
      ? []
      : [
          `${' '.repeat(15)}${switchboard === 'act' ? say('cli.whoSwitchboardActs') : say('cli.whoSwitchboardLooks')}`,
        ]),
  ]
}

function printWays(ways: Step['ask'][number]['ways']): string {
  if (ways.length === 0) return say('cli.whoNoPhone')
  return ways
    .map(({ channel, proved }) => `${channel} (${proved ? 'proved' : say('cli.whoNotProved')})`)
    .join(', ')
}

/** One gap of the week: `Mon 30 Nov 20:00 to Tue 1 Dec 08:00: 2201, 2202: …`. */
export function printHole(
  { numbers, code, role, from, to }: Hole,
  { roles }: Directory,
  zone: string,
): string {
  const of = role === undefined ? '' : ` (${roles.get(role)?.name ?? role})`
  return say('cli.whoHole', {
    from: localWhen(from, zone),
    to: localWhen(to, zone),
    numbers: numbers.join(', '),
    why: REASONS[code],
    of,
  })
}

const lowered = (sentence: string): string => `${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`
