import { AsyncLocalStorage } from 'node:async_hooks'
import type { ClientRequest, IncomingHttpHeaders } from 'node:http'
import { Agent } from 'node:https'
import { addAbortSignal } from 'node:stream'

/** One library call. Push libraries take no deadline, so that theirs would live on behind ours, and lose what they hear. */
export interface UnderWay {
  /** When it aborts, the call's requests on agents and sessions of ours end for good. */
  readonly signal: AbortSignal
  /** `Retry-After` of the last answer, as sent. */
  retryAfter?: string | undefined
}

const calls = new AsyncLocalStorage<UnderWay>()

export function during<T>(call: UnderWay, work: () => T): T {
  return calls.run(call, work)
}

/** The call on whose behalf this runs. */
export function underWay(): UnderWay | undefined {
  return calls.getStore()
}

export function hear(call: UnderWay, headers: IncomingHttpHeaders): void {
  call.retryAfter = headers['retry-after']
}

/** Keep-alive connections. A request whose time is up takes its own connection with it and no other. */
export class EndingAgent extends Agent {
  // Node calls this for each request on the agent; it is documented nowhere but stable since Node 0.12.
  addRequest(request: ClientRequest, ...rest: readonly unknown[]): void {
    const call = underWay()
    if (call) {
      addAbortSignal(call.signal, request)
      request.on('response', ({ headers }) => hear(call, headers))
    }
    const base: unknown = Reflect.get(Agent.prototype, 'addRequest')
    if (typeof base === 'function') Reflect.apply(base, this, [request, ...rest])
  }
}
