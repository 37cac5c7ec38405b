import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPty } from '../../hardware/simulators/pty.ts'
import { aedes } from '../support/brokers.ts'
import { agreedIn } from '../support/everywhere.ts'
import { startGate } from '../support/providers/gate.ts'
import { recordSender, type WholeWorld, wholeWorld, writeEnd } from '../support/whole-world.ts'

/*
 * The world of a running daemon, taken away piece by piece and given back. Each time /readyz, board, metric with its rule
 * and broker must name what is gone, all the same, and say nothing any more when it is back.
 */
const closers: (() => unknown)[] = []
let world: WholeWorld
beforeAll(async () => {
  world = await wholeWorld(closers)
})
afterAll(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

interface Piece {
  readonly what: string
  take(): unknown
  give(): unknown
  readonly stands: string
  /** A way out shows only by what it carries. */
  readonly pages?: true
}

const PIECES: readonly Piece[] = [
  {
    what: 'the serial adapter is pulled out',
    stands: 'port-absent',
    take() {
      world.serial.close()
      rmSync(world.at('line'))
    },
    give() {
      world.serial = openPty()
      symlinkSync(world.serial.path, world.at('line'))
    },
  },
  {
    what: 'the sender of records is gone',
    stands: 'peer-unreachable',
    take: () => world.sender.close(),
    async give() {
      world.sender = await recordSender(world.senderPort)
    },
  },
  {
    what: 'the receiver program behind a pipe has ended',
    stands: 'pipe-unfed',
    take: () => world.pipe.close(),
    async give() {
      world.pipe = await writeEnd(world.at('fifo'))
    },
  },
  {
    what: 'the broker is gone',
    stands: 'broker-unreachable',
    async take() {
      await world.broker.close()
      world.deaf()
    },
    async give() {
      world.broker = await aedes()
      world.brokerGate.lead(world.broker.port)
      world.listen()
    },
  },
  {
    what: 'the broker hangs',
    stands: 'broker-unreachable',
    take() {
      world.brokerGate.freeze()
      world.brokerGate.lead(1)
      world.deaf()
    },
    give() {
      world.brokerGate.lead(world.broker.port)
      world.listen()
    },
  },
  {
    what: 'the host of push refuses connections',
    ...{ stands: 'provider-unreachable', pages: true },
    take: () => world.pushGate.close(),
    async give() {
      world.pushGate = await startGate(world.pushGate.port)
      world.pushGate.lead(world.push.port)
    },
  },
  {
    what: 'the host of push takes requests and never answers',
    ...{ stands: 'provider-timeout', pages: true },
    take: () => world.push.interfere(() => true),
    give: () => world.push.interfere(undefined),
  },
  {
    what: 'the name of the host of push is not found',
    ...{ stands: 'provider-unreachable', pages: true },
    async take() {
      writeFileSync(world.at('no-names'), '')
      // What is open needs no name.
      await world.pushGate.close()
      world.pushGate = await startGate(world.pushGate.port)
      world.pushGate.lead(world.push.port)
    },
    give: () => rmSync(world.at('no-names')),
  },
  {
    what: 'the host of push says of every address that it is gone',
    ...{ stands: 'push-addresses-doubted', pages: true },
    take: () =>
      world.push.interfere((_, response) => {
        response.writeHead(410).end()
        return true
      }),
    give: () => world.push.interfere(undefined),
  },
]

const until = (look: () => unknown) => expect.poll(look, { interval: 100 })
const agreed = async () => agreedIn(await world.said())
const fit = async () => (await world.said())?.fit

test.each(PIECES)(
  '$what: told everywhere, and over everywhere once it is back',
  async (piece) => {
    await until(agreed).toEqual([])
    expect(await fit()).toBe(true)
    await piece.take()
    if (piece.pages) expect(await world.page(`TAKEN ${piece.what}`)).toBe('250')
    await until(agreed).toEqual([piece.stands])
    // One of several is gone: we are fit all the same.
    expect(await fit()).toBe(true)
    const rang = world.rang()
    await piece.give()
    if (piece.pages) expect(await world.page(`GIVEN ${piece.what}`)).toBe('250')
    else await world.page(`BACK ${piece.what}`)
    await until(world.rang).toBeGreaterThanOrEqual(rang + 3)
    await until(agreed).toEqual([])
  },
  150_000,
)
