import { parseArgs } from 'node:util'
import { runDemo } from './demo/run.ts'

const { values } = parseArgs({ options: { once: { type: 'boolean' }, help: { type: 'boolean' } } })
if (values.help) {
  process.stdout.write(`The daemon in a simulated hospital, on real pseudo-terminals.

npm run demo             plays the scenario and goes on until Ctrl-C; prints the address of the board
npm run demo -- --once   plays it once and exits 0 only if every alert ended as the scenario says
`)
} else {
  process.exitCode = await runDemo({ once: values.once ?? false })
}
