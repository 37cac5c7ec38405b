import type pg from 'pg'
import { StoreFault } from '../../ports/store.ts'

/** Statements that a connection keeps at most. What comes later is parsed each time, as all of them were. */
const KEPT = 300
/** Changes of the schema and of the session are not to be kept. */
const KEEPABLE = /^(?:select|insert|update|delete|with)\b/i

/**
 * The connection's own query, which the server parses and plans once for each text. What the server, or its absence, makes
 * of it is a `StoreFault` at once: whoever does one thing among many takes any other error for a defect of ours.
 */
export function prepared(
  client: pg.PoolClient,
  names: Map<string, string>,
  failed: (error: unknown) => void,
) {
  return (text: unknown, values?: unknown[]): unknown => {
    const ask: unknown = Reflect.get(client, 'query')
    if (typeof ask !== 'function') return undefined
    const keepable = typeof text === 'string' && KEEPABLE.test(text)
    const known = keepable
      ? (names.get(text) ?? (names.size < KEPT ? `s${names.size}` : undefined))
      : undefined
    if (keepable && known !== undefined) names.set(text, known)
    const asked: unknown = Reflect.apply(
      ask,
      client,
      known ? [{ name: known, text, values }] : [text, values],
    )
    if (!(asked instanceof Promise)) return asked
    return asked.catch((error: unknown) => {
      const fault = isGone(error) || isHeldUp(error) ? new StoreFault(faultOf(error), error) : error
      failed(fault)
      throw fault
    })
  }
}

/** Error classes (PostgreSQL manual, appendix A) after which the same work may succeed in a moment. */
const BUSY = new Set(['40001', '40P01', '55P03', '57014', '53300'])
const FULL = new Set(['53100', '53200'])
const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''
const isHeldUp = (error: unknown): boolean => BUSY.has(codeOf(error)) || FULL.has(codeOf(error))

/** The fault code for what the driver threw. */
export function faultOf(error: unknown): 'store-busy' | 'store-full' | 'store-lost' {
  if (BUSY.has(codeOf(error))) return 'store-busy'
  return FULL.has(codeOf(error)) ? 'store-full' : 'store-lost'
}

/** Codes of a server that ends, is not ready yet, or takes no writes any more (PostgreSQL manual, appendix A). */
const GONE = new Set(['57P01', '57P02', '57P03', '57P05', '25P03', '25006'])

export function isGone(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof StoreFault) return false
  if ('syscall' in error) return true
  if ('severity' in error) return 'code' in error && GONE.has(String(error.code))
  // node-postgres has no codes for these.
  return /^Connection terminated|not queryable|connection error|^timeout/i.test(error.message)
}
