import { FAULTS, type Fault } from '../faults.ts'

/** What of the table of faults can stand on `/readyz`: what somebody is refused, and what `check` finds, ends with its answer. */
function stands({ class: c, severity }: Fault): boolean {
  return c !== 'refused' && c !== 'config' && severity !== 'info'
}

/**
 * `config/prometheus/faults.yaml`: a rule for each fault that can stand on `/readyz`, with the sentence and the remedy
 * of the one table of faults.
 */
export function faultRules(): string {
  const rules = Object.entries<Fault>(FAULTS)
    .filter(([, fault]) => stands(fault))
    .map(([code, { severity, sentence, remedy }]) =>
      [
        `      - alert: BleepBridge${camel(code)}`,
        `        expr: bleepbridge_standing{fault="${code}"} > 0`,
        `        for: ${severity === 'alarm' ? '10s' : '5m'}`,
        `        labels: { severity: ${severity === 'alarm' ? 'page' : 'ticket'} }`,
        `        annotations:`,
        `          summary: ${quoted(`{{ $labels.instance }}: ${sentence}`)}`,
        `          action: ${quoted(`${remedy}. /readyz says what it concerns and since when.`)}`,
      ].join('\n'),
    )
  return `# A rule for each fault that can stand on /readyz, from the table of faults. Printed by
# \`node src/config/print-rules.ts\`; do not edit. Rules that need more than one fault are in alerts.yaml.
groups:
  - name: bleep-bridge-faults
    rules:
${rules.join('\n')}
`
}

const camel = (code: string): string =>
  code
    .split('-')
    .map((part) => `${part.slice(0, 1).toUpperCase()}${part.slice(1)}`)
    .join('')

const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
