import { parseArgs } from 'node:util'
import { runLine } from './line-runner.ts'
import { openLine } from './named-pty.ts'

export interface CallerKind {
  readonly title: string
  readonly program: string
  readonly protocol: string
  readonly options: Record<string, unknown>
  /** Profile that hears it. */
  readonly profile: string
}

/** A sender of calls on a pseudo-terminal: every so often one page, and what the daemon answered. */
export async function callerProgram(kind: CallerKind): Promise<void> {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', default: false },
      link: { type: 'string' },
      port: { type: 'string' },
      to: { type: 'string', default: '2222' },
      text: { type: 'string', default: 'TEST CALL' },
      every: { type: 'string', default: '10' },
      count: { type: 'string', default: '0' },
    },
  })
  if (values.help) {
    process.stdout.write(`${kind.title}

  tsx hardware/simulators/${kind.program} [options]

  --link PATH    name for the line that stays, such as /tmp/switchboard; default: the terminal's own
  --port PATH    speak on this end of a line instead, such as noise.ts has, or a serial adapter
  --to NUMBER    bleep number called (${values.to})
  --text TEXT    what the call says (${values.text}); empty: tone only
  --every N      seconds between two calls (${values.every})
  --count N      calls before it ends; 0: until it is stopped

The daemon hears it with profile ${kind.profile} on the line that is printed first.
`)
    return
  }
  const pty = openLine(values)
  const runner = runLine(kind.protocol, kind.options, pty)
  process.stdout.write(`line ${pty.name}\n`)
  const count = Number(values.count)
  for (let call = 1; count === 0 || call <= count; call++) {
    const began = performance.now()
    const outcome = await runner.send(values.to, values.text)
    process.stdout.write(
      `call ${call} to ${values.to}: ${outcome} after ${Math.round(performance.now() - began)} ms\n`,
    )
    if (call !== count) await new Promise((next) => setTimeout(next, Number(values.every) * 1000))
  }
  runner.stop()
  pty.close()
}
