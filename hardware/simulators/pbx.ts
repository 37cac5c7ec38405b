import { connect } from 'node:net'
import { parseArgs } from 'node:util'
import { openLine } from './named-pty.ts'
import { PRINTS } from './pbx-records.ts'

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    kind: { type: 'string', default: 'avaya-ip-office' },
    tcp: { type: 'string' },
    link: { type: 'string' },
    port: { type: 'string' },
    from: { type: 'string', default: '4207' },
    to: { type: 'string', default: '4421' },
    every: { type: 'string', default: '10' },
    count: { type: 'string', default: '0' },
  },
})
const print = PRINTS[values.kind]

if (values.help || !print) {
  process.stdout.write(`A telephone exchange that prints call records: extension --from calls back extension --to.

  tsx hardware/simulators/pbx.ts [options]

  --kind NAME       ${Object.keys(PRINTS).join(' or ')} (${values.kind}); the daemon's profile has the same name
  --tcp HOST:PORT   connect to the daemon's TCP listener, as an IP Office does
  --link PATH       without --tcp: a pseudo-terminal under this name; default: the terminal's own
  --port PATH       speak on this end of a line instead, such as noise.ts has, or a serial adapter
  --from, --to      extensions (${values.from}, ${values.to})
  --every N         seconds between two calls (${values.every})
  --count N         calls before it ends; 0: until it is stopped
`)
  process.exitCode = values.help ? 0 : 64
} else {
  const line = values.tcp === undefined ? serialLine(values) : tcpLine(values.tcp)
  const count = Number(values.count)
  for (let id = 1; count === 0 || id <= count; id++) {
    // Printed as a call ends, and over before the next begins: two telephones cannot have two calls at once.
    const lasts = Math.max(2, Math.min(48, Math.floor(Number(values.every)) - 1))
    const ringSeconds = Math.min(4, lasts - 1)
    const at = new Date(Date.now() - lasts * 1000)
    const call = { at, from: values.from, to: values.to, ringSeconds, talkSeconds: lasts - ringSeconds, id }
    line.write(Buffer.from(print(call), 'latin1'))
    process.stdout.write(`record ${id}: ${values.from} to ${values.to}\n`)
    if (id !== count) await new Promise((next) => setTimeout(next, Number(values.every) * 1000))
  }
  line.close()
}

function serialLine(from: Parameters<typeof openLine>[0]): { write(bytes: Uint8Array): void; close(): void } {
  const pty = openLine(from)
  process.stdout.write(`line ${pty.name}\n`)
  return pty
}

function tcpLine(address: string): { write(bytes: Uint8Array): void; close(): void } {
  const [host = '127.0.0.1', port = '0'] = address.split(':')
  const socket = connect(Number(port), host)
  socket.on('error', (error) => {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  })
  return { write: (bytes) => void socket.write(bytes), close: () => void socket.end() }
}
