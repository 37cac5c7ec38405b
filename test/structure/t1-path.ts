import { Session } from 'node:inspector/promises'
import { asId } from '../../src/core/ids.ts'
import { encodeBlock } from '../../src/core/line/espa444/block.ts'
import { PROTOCOLS } from '../../src/core/line/registry.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import { startFeed } from '../../src/run/line/feeds.ts'
import { createIngest } from '../../src/run/line/ingest.ts'
import { quietLog, quietMetrics } from '../support/quiet.ts'
import { ScriptPort } from '../support/script-port.ts'
import { VirtualClock } from '../support/virtual-clock.ts'
import { aHolding, countingRandom, wardDirectory } from '../support/ward.ts'

/**
 * Counts the files that the durable part of a call enters: from the first byte of an ESPA block, over T1 in an embedded
 * store, to the ACK that says so. Functions are counted by the engine itself between the two; a second call is counted,
 * so that what is only made once is not. Prints the files, one a line. Run by t1-path.test.ts.
 */
const clock = new VirtualClock(Date.UTC(2026, 10, 20, 9))
const store = await openSqlite(':memory:')
const directory = wardDirectory(aHolding())
const ingest = createIngest({
  ...{ store, clock, random: countingRandom(), log: quietLog, metrics: quietMetrics },
  ...{
    directory: () => directory,
    skewMs: 5000,
    lag: () => 0,
    hearsRePages: () => true,
    onStored: () => undefined,
  },
  node: asId('north'),
})
const line = PROTOCOLS.get('espa444')?.open({ role: 'slave' })
if (!line?.ok) throw new Error('options')
const port = new ScriptPort(clock)
const feed = startFeed(
  {
    ...{ id: 'line', name: 'Line', tap: 'line', repeatMs: 0, silentAfterMs: 0, reopen: true, callers: false },
    ...{ capture: undefined, ear: { bits: false, guesses: false, quietAfter: 0 } },
    ...{ line: line.value, wires: [{ wire: 'a' as const, port }] },
  },
  { clock, log: quietLog, metrics: quietMetrics, ingest, onChange: () => undefined },
)

const ACK = 0x06
/** Selects us, hands a call over and waits for both answers. */
async function call(text: string): Promise<void> {
  port.written.length = 0
  port.hears(0x04, 0x32, 0x05)
  port.hears(...encodeBlock({ callAddress: '2222', displayMessage: text }))
  for (let i = 0; i < 1000 && port.written.filter((byte) => byte === ACK).length < 2; i++)
    await new Promise((next) => setImmediate(next))
  if (port.written.at(-1) !== ACK) throw new Error('no ACK')
  port.hears(0x04)
}

clock.advance(1)
await call('FIRST')
const session = new Session()
session.connect()
await session.post('Profiler.enable')
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
await session.post('Profiler.takePreciseCoverage')
await call('SECOND')
const { result } = await session.post('Profiler.takePreciseCoverage')
const entered = result
  .filter(({ url }) => url.includes('/src/'))
  .filter(({ functions }) =>
    functions.some((f) => f.functionName !== '' && f.ranges.some((r) => r.count > 0)),
  )
  .map(({ url }) => url.slice(url.indexOf('/src/') + 1))
process.stdout.write(`${entered.sort().join('\n')}\n`)
session.disconnect()
await feed.stop()
await store.close()
