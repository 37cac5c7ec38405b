import type { LineEffect, Protocol } from '../kit/protocol.ts'
import { type Client, startClient, stepClient } from './client.ts'
import { TapOptions } from './options.ts'
import { startTerminal, stepTerminal, type Terminal } from './terminal.ts'

/** TAP 1.8 (Telocator Alphanumeric Protocol, 4 February 1997), also known as IXO and PET. */
export const tap: Protocol<Terminal | Client, TapOptions> = {
  id: 'tap',
  traits: { side: 'link', ownParity: true, feedName: 'switchboard' },
  options: TapOptions,
  start: (o) => (o.role === 'client' ? startClient(o) : startTerminal(o)),
  step(state, input) {
    const out: LineEffect[] = []
    if (state.role === 'client') stepClient(state, input, out)
    else stepTerminal(state, input, out)
    return [state, out]
  },
  listensOnly: (o) => o.passive,
  sends: (o) => (o.role === 'client' ? 'number' : undefined),
}
