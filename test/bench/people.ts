import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
 * npm run bench:people: twenty thousand people by SCIM, one request each, over the real door into a real database, with how
 * long the thread that reads and stores pages was kept from its work; and what a sign-in by OpenID Connect costs here. Exit
 * 1 beyond the bounds: 60 s until all are known, 50 ms, 150 ms.
 */
const PEOPLE = Number(process.argv[2] ?? 20_000)
const AT_ONCE = 4
/** How often the thread is looked at, milliseconds. */
const BEAT = 5
const SIGN_INS = 50
const TOKEN = 'a-token-of-the-directory'
const REDIRECT = 'http://localhost:9/api/v1/provider/back'

/** The trust's directory, in a process of its own: it asks again where it is told to wait. */
const DIRECTORY = `
const http = require('node:http'); const w = JSON.parse(process.argv[1]); let next = 0
const agent = new http.Agent({ keepAlive: true, maxSockets: w.atOnce })
const tell = (n) => new Promise((done, fail) => {
  const body = JSON.stringify({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'u' + n + '@example.nhs.uk', externalId: 'e' + n, displayName: 'Dr ' + n, userType: 'doctor' })
  const headers = { authorization: 'Bearer ' + w.token, 'content-type': 'application/scim+json', 'content-length': Buffer.byteLength(body) }
  http.request({ agent, port: w.port, host: '127.0.0.1', method: 'POST', path: '/scim/v2/Users', headers }, (answer) => {
    answer.resume().on('end', () => answer.statusCode === 201 ? done() : answer.statusCode === 429 ? done(tell(n)) : fail(new Error(answer.statusCode)))
  }).on('error', fail).end(body)
})
const client = async () => { while (next < w.people) await tell(next++) }
Promise.all(Array.from({ length: w.atOnce }, client)).then(() => process.exit(0), (error) => { console.error(error); process.exit(1) })
`

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
/** What this thread has worked so far, milliseconds. */
const spent = () => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
const p95 = (of: readonly number[]) =>
  of.slice(1).sort((a, b) => a - b)[Math.floor((SIGN_INS - 1) * 0.95)] ?? 0
const tools = { log: quietLog, metrics: quietMetrics, clock, store, wake: store.wake }
const listed = startListed({ ...tools, roster: bed.roster, share: 0.05 })

const took: number[] = []
const worked: number[] = []
for (let i = 0; i < SIGN_INS; i++) {
  const [from, cpu] = [performance.now(), spent()]
  const start = await bed.http.app.inject({ url: '/api/v1/provider/start' })
  let [ours, own] = [performance.now() - from, spent() - cpu]
  const back = new URL(await oidc.walk(String(start.headers.location)))
  const cookie = String(start.headers['set-cookie']).split(';')[0] ?? ''
  const [again, more] = [performance.now(), spent()]
  const answer = await bed.http.app.inject({
    url: `/api/v1/provider/back${back.search}`,
    headers: { cookie },
  })
  ours += performance.now() - again
  own += spent() - more
  if (answer.headers.location !== '/console/') throw new Error(String(answer.headers.location))
  took.push(ours)
  worked.push(own)
}
// The first one reads what the provider says of itself.
const signIn = p95(took)

const listening = await bed.http.listen()
if (!listening.ok) throw new Error(listening.fault.code)

/** How long the thread was away at a time, and what it worked meanwhile: the rest was somebody else's of this machine. */
const gaps: { readonly wall: number; readonly own: number }[] = []
let last = { at: performance.now(), cpu: spent() }
const before = last.cpu
const beat = setInterval(() => {
  const now = { at: performance.now(), cpu: spent() }
  gaps.push({ wall: now.at - last.at - BEAT, own: Math.min(now.cpu - last.cpu, now.at - last.at - BEAT) })
  last = now
}, BEAT)

const began = performance.now()
const about = { port: listening.value.port, people: PEOPLE, atOnce: AT_ONCE, token: TOKEN }
const directory = spawn(process.execPath, ['-e', DIRECTORY, JSON.stringify(about)], { stdio: 'inherit' })
const [code] = await once(directory, 'exit')
if (code !== 0) throw new Error('the directory was refused')
const seconds = (performance.now() - began) / 1000
while (bed.roster.current().people.size < PEOPLE) await new Promise((done) => setTimeout(done, 100))
const known = (performance.now() - began) / 1000
clearInterval(beat)
const busy = spent() - before
const at = (of: 'wall' | 'own', p: number) =>
  gaps.map((gap) => gap[of]).sort((x, y) => x - y)[Math.ceil(p * gaps.length) - 1] ?? Number.NaN
const pause = at('own', 1)

process.stdout.write(
  [
    `sign-in by a provider: p95 ${signIn.toFixed(0)} ms, the first ${took[0]?.toFixed(0)} ms (bound 150 ms); worked ${p95(worked).toFixed(0)} ms`,
    `${PEOPLE} people by SCIM: ${seconds.toFixed(1)} s, known here after ${known.toFixed(1)} s (bound 60 s); worked ${(busy / PEOPLE).toFixed(2)} ms for each`,
    `longest pause of ours ${pause.toFixed(0)} ms, p99 ${at('own', 0.99).toFixed(1)} ms (bound 50 ms)`,
    `by the wall, other programs among it: ${at('wall', 1).toFixed(0)} ms, p99 ${at('wall', 0.99).toFixed(1)} ms`,
    '',
  ].join('\n'),
)
await listed.stop()
await bed.close()
await oidc.close()
removeFolder(folder)
process.exit(signIn < 150 && known <= 60 && pause <= 50 ? 0 : 1)
