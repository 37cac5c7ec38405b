import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { systemClock } from '../../src/io/clock.ts'
import { scimDoor } from '../../src/io/directory/scim.ts'
import { openProvider } from '../../src/io/identity/provider.ts'
import { openKeptSqlite } from '../../src/io/store/kept-sqlite.ts'
import { startListed } from '../../src/run/keep/listed.ts'
import { openBed, sha256 } from '../support/desk-bed.ts'
import { removeFolder } from '../support/folders.ts'
import { openProviderBed } from '../support/provider.ts'
import { quietLog, quietMetrics } from '../support/quiet.ts'

/*
 * npm run bench:people: twenty thousand people by SCIM, one request each, into a real database, with how long the thread
 * that reads and stores pages was kept from its work; and what a sign-in by OpenID Connect costs here, the provider's own
 * time among it. Exit 1 beyond the bounds: 60 s, 50 ms, 150 ms.
 */
const PEOPLE = Number(process.argv[2] ?? 20_000)
const AT_ONCE = 4
const SIGN_INS = 50
const TOKEN = 'a-token-of-the-directory'
const REDIRECT = 'http://localhost:9/api/v1/provider/back'

const folder = mkdtempSync(join(tmpdir(), 'bleepd-people-'))
const clock = systemClock(() => {})
// As the daemon opens it: commits are made durable beside the thread that works.
const store = await openKeptSqlite(join(folder, 'bleeps.sqlite'), {
  now: clock.now,
  onMended: () => undefined,
})
const random = { bytes: (n: number) => new Uint8Array(randomBytes(n)) }
const oidc = await openProviderBed({ redirect: REDIRECT })
oidc.people.set('jo', { preferred_username: 'jo', groups: ['bleeps'] })
const settings = { issuer: oidc.issuer, clientId: 'bleeps', clientSecret: 'a secret for tests' }
const bed = await openBed({
  ...{ clock, store, config: { scimDigest: sha256(TOKEN) } },
  parts: { scim: scimDoor({ store, clock, random, base: 'http://localhost/scim/v2', did: () => undefined }) },
  vouch: {
    provider: openProvider({ ...settings, scope: 'openid profile', skewSeconds: 60 }, clock),
    back: REDIRECT,
    rules: {
      name: 'preferred_username',
      person: 'employee_id',
      groups: 'groups',
      roles: [{ group: 'bleeps', role: 'estates' }],
    },
  },
})
const tools = { log: quietLog, metrics: quietMetrics, clock, store, wake: store.wake }
const listed = startListed({ ...tools, roster: bed.roster, share: 0.05 })

const took: number[] = []
for (let i = 0; i < SIGN_INS; i++) {
  const from = performance.now()
  const start = await bed.http.app.inject({ url: '/api/v1/provider/start' })
  let ours = performance.now() - from
  const back = new URL(await oidc.walk(String(start.headers.location)))
  const cookie = String(start.headers['set-cookie']).split(';')[0] ?? ''
  const again = performance.now()
  const answer = await bed.http.app.inject({
    url: `/api/v1/provider/back${back.search}`,
    headers: { cookie },
  })
  ours += performance.now() - again
  if (answer.headers.location !== '/console/') throw new Error(String(answer.headers.location))
  took.push(ours)
}
// The first one reads what the provider says of itself.
const signIn = took.slice(1).sort((a, b) => a - b)[Math.floor((SIGN_INS - 1) * 0.95)] ?? 0

const delay = monitorEventLoopDelay({ resolution: 5 })
delay.enable()
const began = performance.now()
let next = 0
const client = async (): Promise<void> => {
  while (next < PEOPLE) {
    const n = next++
    const answer = await bed.http.app.inject({
      ...{ method: 'POST', url: '/scim/v2/Users' },
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/scim+json' },
      payload: JSON.stringify({
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
        ...{
          userName: `u${n}@example.nhs.uk`,
          externalId: `e${n}`,
          displayName: `Dr ${n}`,
          userType: 'doctor',
        },
      }),
    })
    if (answer.statusCode !== 201) throw new Error(answer.body)
    await new Promise((done) => setImmediate(done))
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, client))
const seconds = (performance.now() - began) / 1000
while (bed.roster.current().people.size < PEOPLE) await new Promise((done) => setTimeout(done, 100))
const known = (performance.now() - began) / 1000
delay.disable()
const pause = delay.max / 1e6 - 5

process.stdout.write(
  [
    `sign-in by a provider   p95 ${signIn.toFixed(0)} ms, the first ${took[0]?.toFixed(0)} ms (bound 150 ms)`,
    `${PEOPLE} people by SCIM  ${seconds.toFixed(1)} s, known here after ${known.toFixed(1)} s (bound 60 s)`,
    `longest pause meanwhile ${pause.toFixed(0)} ms, p99 ${(delay.percentile(99) / 1e6 - 5).toFixed(1)} ms (bound 50 ms)`,
    '',
  ].join('\n'),
)
await listed.stop()
await bed.close()
await oidc.close()
removeFolder(folder)
process.exit(signIn < 150 && seconds <= 60 && pause <= 50 ? 0 : 1)
