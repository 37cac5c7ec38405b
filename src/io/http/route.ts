import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { problem } from '../../core/desk/views.ts'
import type { Action } from '../../core/govern/permit.ts'
import { asId, type Branded } from '../../core/ids.ts'
import type { Caller, Desk, Outcome } from '../../ports/desk.ts'
import type { Dear } from './dear.ts'
import { askerOf } from './limits.ts'
import { Refused } from './problem.ts'

/** What a handler is given: checked and typed by the route's own schemas. */
interface Ask<P, Q, B> {
  readonly params: P
  readonly query: Q
  readonly body: B
  readonly request: FastifyRequest
}
interface Signed<P, Q, B> extends Ask<P, Q, B> {
  readonly caller: Caller
}

interface Told<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  readonly summary: string
  readonly tag: string
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  /** Answers beside 400, 401 and, where a permission is named, 403. */
  readonly refuses?: readonly (401 | 403 | 404 | 409 | 410 | 429 | 503)[]
  /** Media types, where it is not JSON. */
  readonly produces?: readonly string[]
  /** Requests a minute from one address. */
  readonly limit?: number
  /** Reads much: done one at a time, and given way to everything else. */
  readonly dear?: true
  /** A stream has no HEAD. */
  readonly head?: false
}

interface Permitted {
  /** One of these is needed. The desk checks it as well, because broker and tests come by another door. */
  readonly may?: Action | readonly Action[]
}

/** A route that answers with a value or a refusal. */
export interface Route<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>
  extends Told<P, Q, B>,
    Permitted {
  readonly gives: R
  readonly status?: 201 | 202
  readonly run: (
    ask: Signed<z.output<P>, z.output<Q>, z.output<B>>,
  ) => Promise<Outcome<z.input<R>>> | Outcome<z.input<R>>
}

/** A route that writes its own answer: tables, pages, streams. */
export interface RawRoute<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>
  extends Told<P, Q, B>,
    Permitted {
  readonly gives?: z.ZodType
  readonly reply: (
    ask: Signed<z.output<P>, z.output<Q>, z.output<B>>,
    reply: FastifyReply,
  ) => Promise<FastifyReply | undefined>
}

/** A route that needs no sign-in. */
export interface OpenRoute<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>
  extends Told<P, Q, B> {
  readonly gives?: Readonly<Record<number, z.ZodType>>
  readonly answer: (ask: Ask<z.output<P>, z.output<Q>, z.output<B>>, reply: FastifyReply) => Promise<unknown>
}

/** Puts a route on a server. */
export type Mount = (
  app: FastifyInstance,
  tools: { readonly permit: Desk['permit']; readonly dear: Dear },
) => void

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
type Nothing = z.ZodType<unknown>

const of =
  (method: Method) =>
  <
    P extends z.ZodType = Nothing,
    Q extends z.ZodType = Nothing,
    B extends z.ZodType = Nothing,
    R extends z.ZodType = Nothing,
  >(
    url: string,
    route: Route<P, Q, B, R>,
  ): Mount =>
    signedIn(method, url, route, { [route.status ?? 200]: route.gives }, async (ask, reply) => {
      const said = await route.run(ask)
      if (!said.ok) throw new Refused(said.fault, said.stands)
      return reply.code(route.status ?? 200).send(said.value)
    })

export const get = of('GET')
export const post = of('POST')
export const put = of('PUT')
export const del = of('DELETE')

/** For what is no value in JSON. */
export function raw<
  P extends z.ZodType = Nothing,
  Q extends z.ZodType = Nothing,
  B extends z.ZodType = Nothing,
>(method: Method, url: string, route: RawRoute<P, Q, B>): Mount {
  return signedIn(method, url, route, route.gives === undefined ? {} : { 200: route.gives }, route.reply)
}

/** For health, enrolment and sign-in: whoever asks. */
export function open<
  P extends z.ZodType = Nothing,
  Q extends z.ZodType = Nothing,
  B extends z.ZodType = Nothing,
>(method: Method, url: string, route: OpenRoute<P, Q, B>): Mount {
  return (app) =>
    mount(
      app,
      method,
      url,
      route,
      { security: [], response: { ...route.gives, ...refusals(route) } },
      async (request, reply) => route.answer(asked(route, request), reply),
    )
}

function signedIn<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  method: Method,
  url: string,
  route: Told<P, Q, B> & Permitted,
  gives: Readonly<Record<number, z.ZodType>>,
  handle: (
    ask: Signed<z.output<P>, z.output<Q>, z.output<B>>,
    reply: FastifyReply,
  ) => Promise<FastifyReply | undefined>,
): Mount {
  const may = route.may === undefined ? [] : [route.may].flat()
  const response = { ...gives, ...(may.length === 0 ? {} : { 403: problem }), ...refusals(route) }
  return (app, { permit, dear }) =>
    mount(app, method, url, route, { response }, async (request, reply) => {
      const { caller } = request
      if (caller === null) throw new Error('a signed-in route ran without its sign-in hook')
      const permitted = await permit(caller, may)
      if (!permitted.ok) throw new Refused(permitted.fault)
      const work = () => handle({ ...asked(route, request), caller }, reply)
      return route.dear ? dear.do(askerOf(request), work) : work()
    })
}

function mount(
  app: FastifyInstance,
  method: Method,
  url: string,
  route: Told<z.ZodType, z.ZodType, z.ZodType>,
  schema: object,
  handler: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>,
): void {
  const { summary, tag, params, query, body, produces, limit, head } = route
  app.route({
    ...{ method, url, handler },
    ...(head === undefined ? {} : { exposeHeadRoute: head }),
    ...(limit === undefined ? {} : { config: { rateLimit: { max: limit, timeWindow: '1 minute' } } }),
    schema: {
      ...{ summary, tags: [tag] },
      ...(params === undefined ? {} : { params }),
      ...(query === undefined ? {} : { querystring: query }),
      ...(body === undefined ? {} : { body }),
      ...(produces === undefined ? {} : { produces: [...produces] }),
      ...schema,
    },
  })
}

/** The server has checked all three against these very schemas before a handler runs. */
function asked<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  _route: Told<P, Q, B>,
  request: FastifyRequest,
): Ask<z.output<P>, z.output<Q>, z.output<B>> {
  return {
    params: request.params as z.output<P>,
    query: request.query as z.output<Q>,
    body: request.body as z.output<B>,
    request,
  }
}

function refusals({ refuses = [] }: Pick<Told<z.ZodType, z.ZodType, z.ZodType>, 'refuses'>) {
  return Object.fromEntries(refuses.map((status) => [status, problem]))
}

/** An id in a path or body, as the id it is. */
export const id = <Id extends Branded<string>>() =>
  z
    .string()
    .min(1)
    .max(64)
    .transform((text): Id => asId(text))
/** An instant with its offset, as milliseconds. */
export const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))
/** Words that a person adds. */
export const note = z.string().trim().max(240)

/** A list as a body of one name: bodies are objects, so that more can be said beside the list later. */
export function listed<K extends string, T>(name: K, said: Outcome<readonly T[]>): Outcome<Record<K, T[]>> {
  return said.ok ? { ok: true, value: { [name]: [...said.value] } as Record<K, T[]> } : said
}
