import fastify, { type FastifyInstance } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { failed, ok, type Result } from '../../core/faults.ts'
import { OTHER } from '../../core/measure/metrics.ts'
import { DEFECT } from '../../ports/log.ts'
import { createSessions } from './auth.ts'
import { Dear } from './dear.ts'
import { createGate } from './gate.ts'
import { SECURITY_HEADERS, TLS_HEADERS } from './headers.ts'
import { askerOf, limits } from './limits.ts'
import { createListener, endWith, type Listener } from './listener.ts'
import { describe } from './openapi.ts'
import { pages } from './pages.ts'
import type { HttpParts } from './parts.ts'
import { faultOf, Refused, rawProblem, sendProblem } from './problem.ts'
import type { Mount } from './route.ts'
import { accountRoutes } from './routes/account.ts'
import { alertRoutes } from './routes/alerts.ts'
import { askRoutes } from './routes/asks.ts'
import { callRoutes } from './routes/calls.ts'
import { buttonRoutes, deviceRoutes, enrolRoutes } from './routes/devices.ts'
import { dutyRoutes } from './routes/duty.ts'
import { filingRoutes } from './routes/filings.ts'
import { healthRoutes } from './routes/health.ts'
import { inboxRoutes } from './routes/inbox.ts'
import { policyRoutes } from './routes/policy.ts'
import { providerRoutes } from './routes/provider.ts'
import { recordRoutes } from './routes/records.ts'
import { requestRoutes } from './routes/requests.ts'
import { reviewRoutes } from './routes/review.ts'
import { rotaChangeRoutes } from './routes/rota-changes.ts'
import { scimRoutes } from './routes/scim.ts'
import { sessionRoutes } from './routes/session.ts'
import { siteRoutes } from './routes/site.ts'
import { subjectRoutes } from './routes/subjects.ts'
import { createStreams, STREAM } from './stream.ts'

export interface Http {
  /** For injection in tests; real traffic comes by `listen`. */
  readonly app: FastifyInstance
  /** Opens the configured address; gives the one a browser on this machine can open. */
  listen(): Promise<Result<{ readonly url: string; readonly port: number }>>
  /** Shows another certificate to whoever connects from now on. */
  renew(pair: { readonly cert: string; readonly key: string }): void
  /** Ends streams and open requests, then the listener. */
  close(): Promise<void>
}

const API = '/api/v1'

/** Every route that needs a sign-in; a new file of routes is one line here. */
const SIGNED_IN = [
  alertRoutes,
  askRoutes,
  callRoutes,
  reviewRoutes,
  deviceRoutes,
  dutyRoutes,
  policyRoutes,
  rotaChangeRoutes,
  siteRoutes,
  recordRoutes,
  subjectRoutes,
  requestRoutes,
  filingRoutes,
]

/** The whole HTTP surface over what it is handed. Throws only for a defect in its own routes. */
export async function createHttp(parts: HttpParts): Promise<Http> {
  const { config, log } = parts
  const gate = createGate(parts.clock, config)
  // A name may stand for several addresses, each of which has a server.
  const listeners: Listener[] = []
  const app = fastify({
    bodyLimit: 16 * 1024,
    forceCloseConnections: true,
    return503OnClosing: false,
    frameworkErrors: (_error, _request, reply) => void sendProblem(reply, { code: 'request-invalid' }),
    clientErrorHandler: (_error, socket) =>
      endWith(socket, rawProblem({ code: 'request-invalid' }), parts.clock),
    // Compilers of its own would be loaded, 2 MB of them, and never asked: those below take their place.
    schemaController: { compilersFactory: { buildValidator: unasked, buildSerializer: unasked } },
    ...(config.trustedProxies?.length ? { trustProxy: [...config.trustedProxies] } : {}),
    serverFactory: (handler) => {
      const made = createListener(config, parts.clock, gate, handler)
      listeners.push(made)
      return made.server
    },
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)

  // The one form that anybody sends us is a provider's word.
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 16 * 1024 },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  )
  watchRequests(app, parts)
  app.decorateRequest('caller', null)
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(SECURITY_HEADERS)
    reply.header('cache-control', 'no-store')
    if (config.tls) reply.headers(TLS_HEADERS)
  })
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, { code: 'route-unknown' }))
  app.setErrorHandler(async (error, request, reply) => {
    const fault = faultOf(error)
    if (fault?.code === 'too-many-requests') await gate.held(request.raw)
    if (fault === undefined) {
      log.error(DEFECT, { fault: 'request-failed', subject: request.routeOptions.url ?? 'unknown', error })
    }
    return sendProblem(
      reply,
      fault ?? { code: 'request-failed' },
      error instanceof Refused ? error.stands : undefined,
    )
  })

  await limits(app)
  describe(app)

  const sessions = createSessions(parts)
  const streams = createStreams(parts)
  // The listener waits for every connection, and knows these no more.
  app.addHook('preClose', async () => {
    streams.end()
    for (const one of listeners) one.cut()
  })
  const dear = new Dear()
  const put = (to: FastifyInstance, mounts: readonly Mount[]) => {
    for (const mount of mounts) mount(to, { permit: parts.desk.permit, dear })
  }
  put(app, healthRoutes(parts))
  await app.register(
    async (api) =>
      put(api, [
        ...enrolRoutes(parts),
        ...buttonRoutes(parts),
        ...sessionRoutes(parts, sessions, streams),
        ...providerRoutes(parts, sessions, streams),
      ]),
    {
      prefix: API,
    },
  )
  await app.register(
    async (signedIn) => {
      signedIn.addHook('onRequest', async (request, reply) => {
        const who = await sessions.identify(request)
        if ('code' in who) {
          gate.forgets(request.raw)
          return sendProblem(reply, who)
        }
        request.caller = who
        gate.knows(request.raw, askerOf(request))
      })
      put(signedIn, [
        ...accountRoutes(parts, sessions, streams),
        ...inboxRoutes(parts, streams),
        ...SIGNED_IN.flatMap((routes) => routes(parts)),
      ])
    },
    { prefix: API },
  )
  await app.register((room) => scimRoutes(room, parts, gate))
  // In a room of its own, so that only files are compressed: answers with secrets in them never are.
  await app.register(async (web) => pages(web, config.language ?? 'en-GB'))
  await app.ready()

  return {
    app,
    async listen() {
      try {
        await app.listen({ host: config.host, port: config.port })
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
        return failed('listen-failed', `${config.host}:${config.port} ${code}`)
      }
      const bound = app.server.address()
      const port = typeof bound === 'object' && bound !== null ? bound.port : config.port
      const any = config.host === '0.0.0.0' || config.host === '::'
      const name = any || config.host === '127.0.0.1' ? 'localhost' : config.host
      return ok({ url: `${config.tls ? 'https' : 'http'}://${name}:${port}`, port })
    },
    renew(pair) {
      for (const one of listeners) one.renew(pair)
    },
    close: () => app.close(),
  }
}

/** Event streams live for hours: they are counted while open and are no answer of some seconds. */
function watchRequests(app: FastifyInstance, { watch, clock }: HttpParts): void {
  if (watch === undefined) return
  const routes = new Set<string>()
  const began = new WeakMap<object, number>()
  app.addHook('onRoute', ({ url }) => void routes.add(url))
  app.addHook('onReady', async () => watch.routes([...routes]))
  app.addHook('onRequest', async (request) => void began.set(request, clock.now()))
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url
    if (route?.endsWith(STREAM) === true) return
    watch.answered(route ?? OTHER, reply.statusCode, clock.now() - (began.get(request) ?? clock.now()))
  })
}

function unasked(): never {
  throw new Error('a compiler of schemas that is never asked')
}
