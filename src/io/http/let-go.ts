import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * The events of a connection that Node's HTTP server listens for. Once its listeners are removed, nothing of the
 * server holds on to the connection.
 */
const HEARD = ['data', 'end', 'close', 'error', 'timeout', 'drain', 'resume', 'pause'] as const

/** Listeners of our own on a connection, which stay when Node's are taken off. */
export const STAYS = new WeakSet<object>()

/** How Node's parser of one connection is let go of, in this order. */
const LET_GO = ['unconsume', 'remove', 'close'] as const

/**
 * The bare connection of a response that nothing was written to yet: parser, request and response can then be freed,
 * which they never are while a response lasts. They are ten of the thirteen kilobytes that an event stream holds, and
 * there are thousands of streams that last for hours (`npm run bench:phones`). Node does exactly this for a protocol
 * upgrade, and offers it for nothing else, so it is done here with the parts of Node 24 that the upgrade uses. Where
 * they are not as known, nothing is touched and `undefined` says: go on with the response.
 *
 * Who takes the connection must end it: `server.closeAllConnections` does not know it any more.
 */
export function letGo(response: ServerResponse): Socket | undefined {
  const { socket } = response
  if (socket === null || response.headersSent) return undefined
  const parser: unknown = Reflect.get(socket, 'parser')
  const detach = method(response, 'detachSocket')
  const [unconsume, remove, close] = LET_GO.map((name) => method(parser, name))
  if (!detach || !unconsume || !remove || !close) return undefined

  detach(socket)
  for (const event of HEARD) {
    const ours = socket.listeners(event).filter((one) => STAYS.has(one))
    socket.removeAllListeners(event)
    for (const one of ours) Reflect.apply(socket.on, socket, [event, one])
  }
  socket.setTimeout(0)
  unconsume()
  remove()
  Reflect.set(socket, 'parser', null)
  // The parser may be at work below us on the stack.
  setImmediate(close)
  // Whoever waits for the response need not: it is over.
  response.emit('close')

  // A half-closed connection is of no use to a stream, and what its reader sends is of no interest.
  socket.on('end', cut)
  socket.on('error', cut)
  socket.resume()
  return socket
}

/** Outside the function above, whose variables a closure would keep: the parser among them. */
function cut(this: Socket): void {
  this.destroy()
}

function method(of: unknown, name: string): ((...given: readonly unknown[]) => void) | undefined {
  if (typeof of !== 'object' || of === null) return undefined
  const found: unknown = Reflect.get(of, name)
  return typeof found === 'function' ? (...given) => void Reflect.apply(found, of, given) : undefined
}
