import { freePort } from '../../hardware/simulators/demo/free-port.ts'

/** Below those that a system gives to connections that go out, or one of them has ours while its daemon is down. */
const [FIRST, COUNT] = [12_000, 20_000]
let next = (process.pid * 97) % COUNT

/** A port of the loopback, nobody else's: it stays free until a daemon takes it, and when that ends and starts again. */
export async function ownPort(): Promise<number> {
  for (let tries = 0; tries < COUNT; tries += 1) {
    const port = FIRST + next
    next = (next + 1) % COUNT
    if ((await freePort(port)) === port) return port
  }
  throw new Error('no port is free')
}
