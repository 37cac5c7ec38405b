import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { plain } from './gate.ts'

/** Requests a minute on one route, where the route says nothing else: more than any screen or phone of ours makes. */
const A_MINUTE = 3000

const UNTOLD = { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false }

/**
 * Every route has a limit a minute: for each credential where somebody is signed in, otherwise for each address. It
 * stands behind the gate, which bounds what all routes together may take.
 */
export async function limits(app: FastifyInstance): Promise<void> {
  await app.register(rateLimit, {
    global: true,
    max: A_MINUTE,
    timeWindow: '1 minute',
    cache: 10_000,
    keyGenerator: askerOf,
    // Neither of an answer nor of a refusal: how many are left helps nobody who asks as our own screens do.
    addHeaders: UNTOLD,
    addHeadersOnExceeding: UNTOLD,
  })
}

/** A signed-in caller by name, anybody else by address. */
export function askerOf({ caller, ip }: FastifyRequest): string {
  if (caller === null) return `address/${plain(ip)}`
  return caller.kind === 'device' ? `device/${caller.device}` : `operator/${caller.operator}`
}
