import { type Driver as KyselyDriver, SqliteDialect } from 'kysely'
import type { Driver } from './sqlite-driver.ts'

/** Transactions in a row before whatever else waits, such as bytes on a line, gets its turn. */
const IN_A_ROW = 4

/** Settles when nobody else has the connection, with what gives it back. */
type Alone = () => Promise<() => void>

export function oneAtATime(): Alone {
  let last: Promise<unknown> = Promise.resolve()
  return () => {
    const before = last
    const { promise, resolve } = Promise.withResolvers<void>()
    last = promise
    return before.then(() => resolve)
  }
}

/**
 * Kysely on the one connection, in turn with our transactions. Those do without Kysely's own, because the way through them
 * costs each page more than what it writes.
 */
export class InTurn extends SqliteDialect {
  readonly #alone: Alone

  constructor(database: Driver, alone: Alone) {
    super({ database })
    this.#alone = alone
  }

  override createDriver(): KyselyDriver {
    const made = super.createDriver()
    const acquire = made.acquireConnection.bind(made)
    let leave: (() => void) | undefined
    made.acquireConnection = async (options) => {
      leave = await this.#alone()
      return acquire(options)
    }
    made.releaseConnection = async () => leave?.()
    return made
  }
}

/** SQLite answers at once, so that one transaction after another would never let the event loop breathe. */
export function turns(): () => Promise<void> {
  let inARow = 0
  return () => {
    inARow += 1
    if (inARow === 1) {
      setImmediate(() => {
        inARow = 0
      })
    }
    return inARow > IN_A_ROW ? new Promise((done) => setImmediate(done)) : Promise.resolve()
  }
}
