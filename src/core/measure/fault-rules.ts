import { FAULTS, type Fault } from '../faults.ts'
import { NIGHT, wakes } from './night.ts'

/**
 * `config/prometheus/faults.yaml`: a rule for each fault that can stand on `/readyz`, with the sentence and the remedy
 * of the one table of faults.
 */
export function faultRules(): string {
  const rules = Object.entries<Fault>(FAULTS)
    .filter(([, { stands }]) => stands)
    .map(([code, { severity, sentence, remedy }]) =>
      [
        `      - alert: BleepBridge${camel(code)}`,
        `        expr: bleepbridge_standing{fault="${code}"} > 0`,
        `        for: ${severity === 'alarm' ? '10s' : '5m'}`,
        `        labels: { ${labelsOf(code, severity)} }`,
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

/** Somebody is rung for what is an alarm and cannot wait; the others are work for the day. */
function labelsOf(code: string, severity: Fault['severity']): string {
  const who = severity === 'alarm' ? wakes(code) : 'nobody'
  return who === 'nobody' ? 'severity: ticket' : `severity: page, team: ${who}`
}

/** `config/prometheus/night.md`: who gets up at night for which fault, and why. */
export function nightPage(): string {
  const rows = NIGHT.map(
    ({ who, why, faults }) => `| ${who} | ${why} | ${faults.map((code) => `\`${code}\``).join(' ')} |`,
  )
  return `# Who gets up at night for this

Printed from \`src/core/measure/night.ts\` by \`node src/config/print-rules.ts\`; do not edit. Rules of severity \`page\` carry
the label \`team\`; what waits for the morning is a \`ticket\`, however red it stands on the board. Only faults that are alarms
are listed: a warning wakes nobody.

| Rung | Why | Faults |
|---|---|---|
${rows.join('\n')}
`
}

const camel = (code: string): string =>
  code
    .split('-')
    .map((part) => `${part.slice(0, 1).toUpperCase()}${part.slice(1)}`)
    .join('')

const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
