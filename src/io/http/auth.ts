import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { FaultValue } from '../../core/faults.ts'
import { given } from '../../core/given.ts'
import { isWall } from '../../core/govern/permit.ts'
import type { Session } from '../../core/identity/session.ts'
import { DAY, HOUR, type Instant, SECOND } from '../../core/instant.ts'
import type { Caller } from '../../ports/desk.ts'
import type { HttpParts, Operator } from './parts.ts'
import { STREAM } from './stream.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the sign-in hook on every route that needs one. */
    caller: Caller | null
  }
}

/** No operator has an empty name. */
const PERSON = '.'

/** Nobody stands before a wall each morning to sign it in; browsers keep a cookie no longer than 400 days. */
const WALL_LASTS = 365 * DAY

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])
export const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])
const LOCAL_NAMES = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i

export function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

type Operating = Extract<Caller, { kind: 'operator' }>

export interface Sessions {
  /** The cookie header for an operator whose key this is; undefined when it is nobody's. */
  open(operator: string, key: string): string | undefined
  /** Whether the configuration has an operator of this name, who then has no account. */
  knows(operator: string): boolean
  /** The cookie header of a person's session. */
  cookieOf(session: Session): string
  /** The cookie header that takes the cookie away. */
  readonly end: string
  /** The session of this request's cookie, where it is good by itself, whether or not it was ended since. */
  of(request: FastifyRequest): Promise<Operating | undefined>
  identify(request: FastifyRequest): Promise<Caller | FaultValue>
}

export interface SessionParts extends Pick<HttpParts, 'clock' | 'random'> {
  readonly config: Pick<HttpParts['config'], 'operators' | 'loopback' | 'sessionKey' | 'sessionLasts' | 'tls'>
  readonly desk: Pick<HttpParts['desk'], 'identify' | 'sessionStands'>
  readonly signIn: Pick<HttpParts['signIn'], 'find'>
}

/**
 * Who a request comes from: a bearer token (device or operator), a console session cookie, or in demonstrations the
 * machine itself. A session with a key of the configuration is the operator, its end, a name of its own and a signature over these and the operator's
 * key digest, so changing a key ends its sessions on every node and a restart ends none. Which were ended before their
 * time, by signing out or by lying idle, is kept in the database.
 */
export function createSessions(parts: SessionParts): Sessions {
  const { config, clock, desk } = parts
  const secret = config.sessionKey ?? Buffer.from(parts.random.bytes(32))
  const name = config.tls ? '__Host-bleepd' : 'bleepd'
  const attributes = `Path=/; HttpOnly; SameSite=Strict${config.tls ? '; Secure' : ''}`
  const lasts = config.sessionLasts ?? 12 * HOUR

  const sign = (o: Operator, until: number, session: string) =>
    createHmac('sha256', secret)
      .update(`${o.operator}\n${until}\n${session}\n${o.tokenDigest}`)
      .digest('base64url')

  const signPerson = (until: number, session: string) =>
    createHmac('sha256', secret).update(`person\n${until}\n${session}`).digest('base64url')

  /** Of a person the cookie says no more than which session it is; the rest stands in the database. */
  const ofPerson = async (value: string): Promise<Operating | undefined> => {
    const [, end, session = '', mac = ''] = value.split('.')
    const until = Number(end)
    if (!(until > clock.now()) || !same(mac, signPerson(until, session))) return undefined
    const found = await parts.signIn.find(session)
    if (found === undefined) return undefined
    const { who, role, person } = found
    return { kind: 'operator', access: role, operator: who, until, session, ...given({ person }) }
  }

  const byCookie = async (request: FastifyRequest): Promise<Operating | undefined> => {
    const value = cookie(request.headers.cookie, name)
    if (value === undefined) return undefined
    if (value.startsWith(PERSON)) return ofPerson(value)
    const [who, end, session = '', mac = ''] = value.split('.')
    const operator = config.operators.find((o) => inCookie(o.operator) === who)
    const until = Number(end)
    if (operator === undefined || !(until > clock.now())) return undefined
    return same(mac, sign(operator, until, session)) ? { ...asCaller(operator), until, session } : undefined
  }

  return {
    open(operator, key) {
      const digest = digestOf(key)
      const found = config.operators.find((o) => o.operator === operator && same(o.tokenDigest, digest))
      if (found === undefined) return undefined
      const long = isWall(found.role) ? WALL_LASTS : lasts
      const until = Math.floor(clock.now() + long)
      const session = Buffer.from(parts.random.bytes(16)).toString('base64url')
      const value = `${inCookie(found.operator)}.${until}.${session}.${sign(found, until, session)}`
      return `${name}=${value}; Max-Age=${Math.floor(long / 1000)}; ${attributes}`
    },
    knows: (operator) => config.operators.some((o) => o.operator === operator),
    cookieOf({ id, until }) {
      const value = `${PERSON}${until}.${id}.${signPerson(until, id)}`
      return `${name}=${value}; Max-Age=${Math.max(0, Math.floor((until - clock.now()) / 1000))}; ${attributes}`
    },
    of: byCookie,
    end: `${name}=; Max-Age=0; ${attributes}`,
    async identify(request) {
      const bearer = /^Bearer ([\w.~+/=-]{16,256})$/.exec(request.headers.authorization ?? '')?.[1]
      if (bearer !== undefined) {
        const digest = digestOf(bearer)
        const operator = config.operators.find((o) => same(o.tokenDigest, digest))
        if (operator !== undefined) return asCaller(operator)
        const device = await desk.identify(digest)
        return device === 'waiting' ? { code: 'device-waiting' } : (device ?? { code: 'not-signed-in' })
      }
      const session = await byCookie(request)
      if (session !== undefined) {
        const how = await desk.sessionStands(session, usedAt(request, clock.now()))
        if (how === 'ended') return { code: 'not-signed-in' }
        if (!SAFE.has(request.method) && !ownPage(request, true)) return { code: 'cross-site' }
        return how === 'shut' ? { ...session, shut: true } : session
      }
      if (config.loopback !== undefined && isLocal(request)) {
        if (!SAFE.has(request.method) && !ownPage(request, false)) return { code: 'cross-site' }
        return { kind: 'operator', access: config.loopback.role, operator: config.loopback.operator }
      }
      return { code: 'not-signed-in' }
    },
  }
}

/** True when a browser says that our own page made the request; without such a header, `strict` decides. */
export function ownPage(request: FastifyRequest, strict: boolean): boolean {
  const site = request.headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin'
  const origin = request.headers.origin
  if (origin === undefined) return !strict
  return URL.canParse(origin) && new URL(origin).host === request.headers.host
}

/** The host name is checked too, or a page that re-points its own name at this machine could speak for it. */
function isLocal(request: FastifyRequest): boolean {
  return LOOPBACK.has(request.socket.remoteAddress ?? '') && LOCAL_NAMES.test(request.headers.host ?? '')
}

/** Names are compared in this form, because a stranger's cookie may hold what cannot be decoded. */
function inCookie(operator: string): string {
  return encodeURIComponent(operator).replaceAll('.', '%2E')
}

/** Seconds since somebody last touched the screen: a console asks by itself as well, and that is no use of it. */
const UNTOUCHED = 'bleepd-untouched'

/** A board that is left alone goes on listening. */
function usedAt(request: FastifyRequest, now: Instant): Instant | undefined {
  if (request.routeOptions.url?.endsWith(STREAM) === true) return undefined
  const untouched = Number(request.headers[UNTOUCHED] ?? 0)
  return untouched >= 0 ? now - untouched * SECOND : undefined
}

function asCaller(o: Operator): Operating {
  return { kind: 'operator', access: o.role, operator: o.operator }
}

export function same(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}

export function cookie(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const [key, ...rest] = part.trim().split('=')
    if (key === name) return rest.join('=')
  }
  return undefined
}
