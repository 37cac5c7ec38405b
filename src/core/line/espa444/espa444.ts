import type { LineEffect, Protocol } from '../kit/protocol.ts'
import { type Control, startControl, stepControl } from './control.ts'
import { EspaOptions } from './options.ts'
import type { Tap } from './pairing.ts'
import { type Slave, startSlave, stepSlave } from './slave.ts'
import { startTap, stepTap } from './tap.ts'

/** ESPA 4.4.4 (European Selective Paging Association, November 1984): the link from switchboard to paging system. */
export const espa444: Protocol<Slave | Tap | Control, EspaOptions> = {
  id: 'espa444',
  traits: { side: 'link', everyByte: true, ownParity: true, feedName: 'switchboard' },
  options: EspaOptions,
  start(o) {
    if (o.role === 'tap') return startTap(o)
    return o.role === 'control' ? startControl(o) : startSlave(o)
  },
  step(state, input) {
    const out: LineEffect[] = []
    if (state.role === 'tap') stepTap(state, input, out)
    else if (state.role === 'control') stepControl(state, input, out)
    else stepSlave(state, input, out)
    return [state, out]
  },
  listensOnly: (o) => o.role === 'tap',
  sends: (o) => (o.role === 'control' ? 'number' : undefined),
}
