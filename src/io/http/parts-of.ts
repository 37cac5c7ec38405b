import { z } from 'zod'
import { partOf } from '../../core/desk/part.ts'
import type { Caller, Outcome } from '../../ports/desk.ts'
import { orRefusal } from './reply.ts'
import { type Mount, type RawRoute, raw } from './route.ts'

/** Rows of a list in one answer, unless fewer or more are asked for. */
const USUAL = 500
const MOST = 1000

/** Which part of a list: for the query of every route that gives one. */
export const partQuery = {
  cursor: z.string().max(200).optional().describe('From `next` of the part before'),
  limit: z.coerce.number().int().min(1).max(MOST).default(USUAL).describe('Rows at most'),
}

/** Beside the rows: where to go on. */
export const partNext = {
  next: z.string().optional().describe('Path of the next part; absent: this is the last'),
}

/**
 * The path of the next part: what was asked, with another cursor.
 * @param name what the route calls it
 */
export function nextPath(asked: string, cursor: string, name = 'cursor'): string {
  const url = new URL(asked, 'http://here')
  url.searchParams.set(name, cursor)
  return url.pathname + url.search
}

/** RFC 8288. */
export const linkTo = (path: string): string => `<${path}>; rel="next"`

type Rows = z.ZodArray<z.ZodType<object>>
interface ListRoute<K extends string, S extends Record<K, Rows>, Q extends z.ZodRawShape>
  extends Omit<
    RawRoute<z.ZodType<unknown>, z.ZodObject<Q>, z.ZodType<unknown>>,
    'reply' | 'gives' | 'query'
  > {
  readonly query?: z.ZodObject<Q>
  readonly gives: z.ZodObject<S>
  readonly run: (ask: {
    readonly caller: Caller
    readonly query: z.output<z.ZodObject<Q>>
  }) => Promise<Outcome<z.input<z.ZodObject<S>>>>
}

/**
 * A route that gives a list in parts: each has at most as many rows as are asked for, and the path of the next, in its body
 * and as a link of the answer.
 * @param name of the list in the body
 * @param keyOf what tells one row from all others
 */
export function list<K extends string, S extends Record<K, Rows> & z.ZodRawShape, Q extends z.ZodRawShape>(
  url: string,
  name: K,
  keyOf: (row: z.input<S[K]>[number]) => string,
  route: ListRoute<K, S, Q>,
): Mount {
  const { query, gives, run, ...told } = route
  const asks = z.object({ ...query?.shape, ...partQuery })
  return raw('GET', url, {
    ...told,
    query: asks,
    gives: gives.extend(partNext),
    async reply({ caller, query: asked, request }, reply) {
      const said = await orRefusal(run({ caller, query: asked as never }))
      const all = (said as Record<K, z.input<S[K]>>)[name]
      const { rows, next } = partOf(all, keyOf, asked)
      const path = next === undefined ? undefined : nextPath(request.url, next)
      if (path !== undefined) reply.header('link', linkTo(path))
      return reply.send({ ...said, [name]: rows, ...(path === undefined ? {} : { next: path }) })
    },
  })
}
