import { AsyncLocalStorage } from 'node:async_hooks'
import type { ClientRequest } from 'node:http'
import { Agent } from 'node:https'
import { addAbortSignal } from 'node:stream'

const deadlines = new AsyncLocalStorage<AbortSignal>()

/** Runs a library call whose requests, on agents and sessions of ours, end for good when the signal aborts. */
export function underDeadline<T>(signal: AbortSignal, work: () => T): T {
  return deadlines.run(signal, work)
}

/** Of the call under way; push libraries take none, so that theirs would live on behind ours. */
export function deadline(): AbortSignal | undefined {
  return deadlines.getStore()
}

/** Keep-alive connections. A request whose time is up takes its own connection with it and no other. */
export class EndingAgent extends Agent {
  // Node calls this for each request on the agent; it is documented nowhere but stable since Node 0.12.
  addRequest(request: ClientRequest, ...rest: readonly unknown[]): void {
    const signal = deadline()
    if (signal) addAbortSignal(signal, request)
    const base: unknown = Reflect.get(Agent.prototype, 'addRequest')
    if (typeof base === 'function') Reflect.apply(base, this, [request, ...rest])
  }
}
