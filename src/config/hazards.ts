import * as z from 'zod'

/** Severities and likelihoods of DCB0129 (NHS England, Clinical Risk Management), mildest first. */
export const SEVERITIES = ['minor', 'significant', 'considerable', 'major', 'catastrophic'] as const
export const LIKELIHOODS = ['very-low', 'low', 'medium', 'high', 'very-high'] as const

/** Risk from 1 (acceptable) to 5 (unacceptable): a row a likelihood, a column a severity, both as listed above. */
const RISK = [
  [1, 1, 2, 2, 3],
  [1, 2, 2, 3, 4],
  [2, 2, 3, 3, 4],
  [2, 3, 3, 4, 5],
  [3, 4, 4, 5, 5],
] as const

const judged = z.strictObject({ severity: z.enum(SEVERITIES), likelihood: z.enum(LIKELIHOODS) })

const control = z.strictObject({
  /** What the product does against the cause, or to make the effect smaller. */
  what: z.string().min(10),
  /** Test files that fail when it no longer does. */
  tests: z.array(z.string().regex(/^test\/.+\.test\.ts$/)).min(1),
  /** Figures by which a trust sees that it still does. */
  metrics: z.array(z.string().regex(/^bleepbridge_/)).default([]),
  /** Fault codes by which it says that it does not. */
  faults: z.array(z.string()).default([]),
})

const hazard = z.strictObject({
  id: z.string().regex(/^H\d\d$/),
  hazard: z.string().min(10),
  cause: z.string().min(10),
  effect: z.string().min(10),
  before: judged,
  controls: z.array(control).min(1),
  after: judged,
  /** Whose the rest of the risk is, and what they must do: without it the second judgement does not hold. */
  trust: z.string().min(10),
  owner: z.string().min(3),
})

export const hazardLog = z.strictObject({ hazards: z.array(hazard).min(1) })
export type HazardLog = z.infer<typeof hazardLog>

export function riskOf({ severity, likelihood }: z.infer<typeof judged>): number {
  return RISK[LIKELIHOODS.indexOf(likelihood)]![SEVERITIES.indexOf(severity)]!
}

const spoken = (words: string): string => words.replaceAll('-', ' ')
const risk = (of: z.infer<typeof judged>): string =>
  `${spoken(of.severity)}, ${spoken(of.likelihood)}: **${riskOf(of)}**`

/** How many hazards are left at each risk, the highest first. */
function left(hazards: HazardLog['hazards']): string {
  return [5, 4, 3, 2, 1]
    .map((level) => [level, hazards.filter(({ after }) => riskOf(after) === level).length] as const)
    .filter(([, count]) => count > 0)
    .map(([level, count]) => `${count} at ${level}`)
    .join(', ')
}

/** The hazard log as a page for people. */
export function hazardPage({ hazards }: HazardLog): string {
  const overview = hazards.map(
    ({ id, hazard, before, after, owner }) =>
      `| [${id}](#${id.toLowerCase()}) | ${hazard} | ${risk(before)} | ${risk(after)} | ${owner} |`,
  )
  return [
    '# Hazard log',
    '',
    'Printed from `hazards.yaml` by `node src/config/print-hazards.ts`; do not edit here. Risk runs from 1 (acceptable) to',
    '5 (unacceptable), by the matrix of DCB0129. Each control names the tests that fail when it is lost, and the figures and',
    'fault codes by which a running system shows it. The second judgement is the makers’ proposal: it holds only with what',
    'stands under “the trust”, and only once the trust’s clinical safety officer has agreed.',
    '',
    `Of ${hazards.length} hazards, with their controls: ${left(hazards)}. Every fault that can stand on a running system
belongs to one of them.`,
    '',
    '| | Hazard | Without controls | With controls | Owner |',
    '|---|---|---|---|---|',
    ...overview,
    ...hazards.flatMap((one) => [
      '',
      `## ${one.id}`,
      '',
      `**${one.hazard}.** Cause: ${one.cause} Effect: ${one.effect}`,
      '',
      '| Control | Shown by tests | Watched by |',
      '|---|---|---|',
      ...one.controls.map(
        ({ what, tests, metrics, faults }) =>
          `| ${what} | ${tests.map(code).join('<br>')} | ${[...metrics, ...faults].map(code).join('<br>')} |`,
      ),
      '',
      `The trust: ${one.trust}`,
    ]),
    '',
  ].join('\n')
}

const code = (name: string): string => `\`${name}\``
