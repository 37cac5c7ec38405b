import { parseArgs } from 'node:util'
import { runDemo } from './demo/run.ts'

const LEFT_OPEN_MS = 2000

const { values } = parseArgs({
  options: { once: { type: 'boolean' }, lan: { type: 'boolean' }, help: { type: 'boolean' } },
})
if (values.help) {
  process.stdout.write(`The daemon in a simulated hospital, on real pseudo-terminals.

npm run demo             plays the scenario and goes on until Ctrl-C; prints what to open and which keys do what
npm run demo -- --once   plays it once, about a minute, and exits 0 only if every alert ended as the scenario says
npm run demo -- --lan    lets other machines on this network in, with a QR code for a real phone
`)
} else {
  process.exitCode = await runDemo({ once: values.once ?? false, lan: values.lan ?? false })
  // It has ended. What a library still holds open, a terminal or a socket, must not keep it alive.
  setTimeout(() => process.exit(), LEFT_OPEN_MS).unref()
}
