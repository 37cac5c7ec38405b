import { parseArgs } from 'node:util'
import { seeded } from '../../src/core/seeded.ts'
import { openNamedPty } from './named-pty.ts'
import { disturb } from './noise-model.ts'

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    link: { type: 'string' },
    sender: { type: 'string' },
    flip: { type: 'string', default: '0.001' },
    lose: { type: 'string', default: '0.0005' },
    double: { type: 'string', default: '0.0005' },
    insert: { type: 'string', default: '0.0005' },
    seed: { type: 'string', default: '1' },
  },
})

if (values.help) {
  process.stdout.write(`A bad cable: two pseudo-terminals joined, with noise from the sender's side to the daemon's.

  tsx hardware/simulators/noise.ts [options]

  --link PATH     name for the daemon's end      --sender PATH   name for the sender's end
  --flip, --lose, --double, --insert RATE   chance for each byte, 0 to 1
                  (${values.flip}, ${values.lose}, ${values.double}, ${values.insert})
  --seed N        the same seed gives the same noise (${values.seed})

What the daemon answers passes clean, so that every wrong answer is the daemon's own.
`)
} else {
  const sender = openNamedPty(values.sender)
  const daemon = openNamedPty(values.link)
  const random = seeded(Number(values.seed))
  const rates = {
    flip: Number(values.flip),
    lose: Number(values.lose),
    double: Number(values.double),
    insert: Number(values.insert),
  }
  sender.onBytes((bytes) => daemon.write(disturb(bytes, rates, random)))
  daemon.onBytes((bytes) => sender.write(bytes))
  process.stdout.write(`sender ${sender.name}\ndaemon ${daemon.name}\n`)
}
