import { FAULTS, type Fault, type FaultClass } from './faults.ts'

const CLASSES: Readonly<Record<FaultClass, string>> = {
  passing: 'Passing: it mends itself when its cause goes; find the cause',
  lasting: 'Lasting: it stays until somebody acts',
  line: 'On the line: counted and kept; a rising count needs a look',
  config: 'In the configuration: nothing starts until it is mended; `bleepd check` names the place',
  refused: 'Refused: somebody asked for what they may not have, or too late',
  bug: 'A defect of the daemon: report it',
}

/** `hardware/faults.md`: what each fault code means and what to do, from the one table. */
export function faultsPage(): string {
  const rows = Object.entries<Fault>(FAULTS)
  const parts = Object.entries(CLASSES).map(([name, title]) => {
    const own = rows.filter(([, fault]) => fault.class === name)
    const lines = own.map(
      ([code, fault]) =>
        `| \`${code}\` | ${fault.severity} | ${cell(fault.sentence)} | ${cell(fault.remedy)} |`,
    )
    return own.length === 0
      ? ''
      : `## ${title}\n\n| Code | Severity | What it means | What to do |\n|---|---|---|---|\n${lines.join('\n')}\n`
  })
  return `# What each fault code means and what to do

Codes appear in the log (\`fault\`), in \`bleepbridge_faults_total\`, on the board, in \`/readyz\` and in telemetry
(\`why\`). *alarm*: somebody must act now; *warning*: look today; *info*: counted.
Printed from the fault table by \`npx --no tsx hardware/print-faults.ts\`; do not edit.

${parts.filter((part) => part !== '').join('\n')}`
}

const cell = (text: string): string => text.replaceAll('|', '\\|')
