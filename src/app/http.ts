import { readPair } from '../config/certificate.ts'
import type { Whole } from '../config/whole.ts'
import type { AccessRole } from '../core/govern/permit.ts'
import { type Instant, MINUTE, type Millis, SECOND } from '../core/instant.ts'
import type { HttpWatch } from '../io/http/parts.ts'
import type { createHttp } from '../io/http/server.ts'
import type { MetricsAdapter } from '../io/metrics.ts'
import { digest } from './digest.ts'

/** Where we listen and who may sign in. Operators' tokens are kept as digests only. */
export function httpConfig({ config }: Whole, now: Instant): Parameters<typeof createHttp>[0]['config'] {
  const { host, port, baseUrl, tls, operators, loopback, enrolmentsPerMinute, sessionKey } = config.http
  const { trustedProxies, requestsPerSecond, connectionsPerAddress } = config.http
  const { allow, token } = config.http.metrics
  const pair = readPair(config, now)
  return {
    host,
    port,
    ...{ enrolmentsPerMinute, trustedProxies, requestsPerSecond, connectionsPerAddress },
    metrics: { allow, ...(token === undefined ? {} : { tokenDigest: digest(token) }) },
    ...(loopback === undefined ? {} : { loopback }),
    ...(sessionKey === undefined ? {} : { sessionKey }),
    operators: operators.map((o) => ({ operator: o.name, role: o.role, tokenDigest: digest(o.token) })),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(tls === undefined
      ? {}
      : // A pair that cannot be used is not shown: the door stays shut until there is one (app/door.ts).
        { tls: pair?.ok ? { cert: pair.value.cert, key: pair.value.key } : {} }),
    ...(config.identity.scim === undefined ? {} : { scimDigest: digest(config.identity.scim.token) }),
    ...(config.push.ntfy ? { ntfy: config.push.ntfy.url } : {}),
    ...(config.push.webpush ? { pushKey: config.push.webpush.publicKey } : {}),
  }
}

/** Requests and open streams as metrics, by route template. */
export function httpWatch(metrics: MetricsAdapter): HttpWatch {
  let open = 0
  return {
    routes: (route) => metrics.know({ route }),
    answered(route, status, took) {
      metrics.count('bleepbridge_http_requests_total', { route, status: `${Math.floor(status / 100)}xx` })
      metrics.observe('bleepbridge_http_seconds', took / SECOND, { route })
    },
    stream(by) {
      open += by
      metrics.gauge('bleepbridge_stream_clients', open)
    },
  }
}

/** How long a console session of each role may be left alone; absent: as long as it lasts. */
export function idleOf({ config }: Whole): Readonly<Partial<Record<AccessRole, Millis>>> {
  const { idleMinutes } = config.http
  return Object.fromEntries(Object.entries(idleMinutes).map(([role, minutes]) => [role, minutes * MINUTE]))
}
