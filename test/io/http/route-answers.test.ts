import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ok } from '../../../src/core/faults.ts'
import type { HttpParts } from '../../../src/io/http/parts.ts'
import { type Bed, KEYS, openBed, sha256 } from '../../support/desk-bed.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

// What some routes make of an answer before it leaves: its type, its rules for the browser, its links and its parts.

const clock = new VirtualClock(Date.parse('2026-11-30T08:00:00Z'))
/** What the desk, governance and the rest say to a question; anything else is unknown. */
let says: Record<string, unknown>
let asked: string[]
function answering<T extends object>(name: string): T {
  const desk: T = new Proxy(Object.create(null), {
    get: (_, question) => {
      if (question === 'requests') return answering('requests')
      if (question === 'permit') return async () => ({ ok: true, value: undefined })
      return async () => {
        const key = `${name}.${String(question)}`
        asked.push(key)
        return key in says ? { ok: true, value: says[key] } : { ok: false, fault: { code: 'alert-unknown' } }
      }
    },
  })
  return desk
}

let bed: Bed
let alive: ReturnType<HttpParts['alive']>
let printed: (string | undefined)[]
let report: Awaited<ReturnType<NonNullable<HttpParts['report']>>>
let reported: unknown[]
beforeAll(async () => {
  bed = await openBed({
    clock,
    config: {
      ...{ baseUrl: 'https://bleeps.example', ntfy: 'http://ntfy.example:8080/base/', pushKey: 'a-push-key' },
      metrics: { tokenDigest: sha256('scraper-token'), allow: ['198.51.100.7'] },
    },
    parts: {
      ...{ desk: answering('desk'), govern: answering('govern'), filings: answering('filings') },
      alive: () => alive,
      ready: async () => alive,
      metrics: async (accept) => {
        printed.push(accept)
        return { type: 'text/plain', body: `figures ${printed.length}` }
      },
      report: async (ask) => {
        reported.push(ask)
        return report
      },
      shifts: () => [
        { name: 'day', from: 0, to: 1 },
        { name: 'night', from: 2, to: 3 },
      ],
    },
  })
})
afterAll(() => bed.close())
beforeEach(() => {
  says = {}
  asked = []
  printed = []
  reported = []
  report = undefined
  alive = { status: 'ok', reasons: [] }
  // What was printed before is too old to be given again.
  clock.advance(10_000)
})

const ask = (
  what: string,
  body?: object,
  { headers = {}, from = '203.0.113.9' }: { headers?: Record<string, string>; from?: string } = {},
) => {
  const [method, url] = what.split(' ')
  return bed.http.app.inject({
    ...{ method: method as 'GET', url: url ?? '', remoteAddress: from },
    headers: { authorization: `Bearer ${KEYS.switchboard}`, ...headers },
    ...(body === undefined ? {} : { payload: body }),
  })
}
const OWNER = { kind: 'person', id: 'p', name: 'Dr P' }
const REPORT = /^default-src 'none'; style-src 'unsafe-inline'/

describe('health', () => {
  test.each(['/healthz', '/readyz'])('%s is well or not by its status', async (url) => {
    expect((await ask(`GET ${url}`)).statusCode).toBe(200)
    alive = { status: 'not-ready', reasons: [] }
    const said = await ask(`GET ${url}`)
    expect([said.statusCode, said.json().status]).toEqual([503, 'not-ready'])
  })

  test('the time is ours', async () => {
    expect((await ask('GET /api/v1/time')).json()).toEqual({
      now: new Date(clock.now()).toISOString(),
      ms: clock.now(),
    })
  })

  test.each<[string, string, Record<string, string>, number]>([
    ['this machine', '127.0.0.1', {}, 200],
    ['this machine by its other form', '::ffff:127.0.0.1', {}, 200],
    ['an address that the site names', '198.51.100.7', {}, 200],
    ['whoever shows the token', '203.0.113.9', { authorization: 'Bearer scraper-token' }, 200],
    ['whoever shows it with more', '203.0.113.9', { authorization: 'Bearer scraper-token x' }, 401],
    ['nobody', '203.0.113.9', { authorization: '' }, 401],
    ['a wrong token', '203.0.113.9', { authorization: 'Bearer another' }, 401],
  ])('figures for %s', async (_, from, headers, status) => {
    expect((await ask('GET /metrics', undefined, { from, headers })).statusCode).toBe(status)
  })

  test('figures are printed every two seconds at most, for each form of them', async () => {
    const figures = async (accept = 'text/plain') =>
      (await ask('GET /metrics', undefined, { from: '127.0.0.1', headers: { accept } })).body
    const open = 'application/openmetrics-text; version=1.0.0'
    expect([await figures(), await figures('x'), await figures(open), await figures(open)]).toEqual([
      ...['figures 1', 'figures 1', 'figures 2', 'figures 2'],
    ])
    expect(printed).toEqual(['text/plain', open])
    clock.advance(1999)
    expect(await figures()).toBe('figures 1')
    clock.advance(1)
    expect(await figures()).toBe('figures 3')
    // A clock that was set back keeps nobody from new ones.
    clock.step(-60_000)
    expect(await figures()).toBe('figures 4')
    clock.step(60_000)
  })
})

describe('a report', () => {
  const url = 'GET /api/v1/reports/shift?from=a&to=b&shift=day&hospital=north&format=csv'
  test('leaves with its own type, and nothing in it runs', async () => {
    says['desk.reporting'] = undefined
    report = ok({ type: 'text/csv', body: 'a,b' })
    const said = await ask(url)
    expect([said.statusCode, said.body, said.headers['content-type']]).toEqual([200, 'a,b', 'text/csv'])
    expect(said.headers['content-security-policy']).toMatch(REPORT)
    expect(reported).toEqual([
      { name: 'shift', from: 'a', to: 'b', shift: 'day', hospital: 'north', format: 'csv' },
    ])
  })

  test('that there is not is not found; one that cannot be says why', async () => {
    says['desk.reporting'] = undefined
    expect((await ask(url)).json().code).toBe('route-unknown')
    report = { ok: false, fault: { code: 'request-invalid' } }
    expect((await ask(url)).json().code).toBe('request-invalid')
  })

  test('that one may not read is not made', async () => {
    expect((await ask(url)).json().code).toBe('alert-unknown')
    expect(reported).toEqual([])
  })

  test('can be asked of each shift, the latest first', async () => {
    expect((await ask('GET /api/v1/reports')).json()).toEqual({
      shifts: [
        { name: 'night', from: '1970-01-01T00:00:00.002Z', to: '1970-01-01T00:00:00.003Z' },
        { name: 'day', from: '1970-01-01T00:00:00.000Z', to: '1970-01-01T00:00:00.001Z' },
      ],
    })
  })

  test('is the switchboard’s sheet too, as a page', async () => {
    says['desk.shiftLog'] = '<p>calls</p>'
    const said = await ask('GET /api/v1/shift-log')
    expect([said.body, said.headers['content-type']]).toEqual(['<p>calls</p>', 'text/html; charset=utf-8'])
    expect(said.headers['content-security-policy']).toMatch(REPORT)
  })
})

describe('the next part', () => {
  test('of the board is where its cursor leads, with all that was asked', async () => {
    const view = { now: '2026-11-30T08:00:00.000Z', alerts: [] }
    says['desk.board'] = { ...view, cursor: 'c1' }
    const said = await ask('GET /api/v1/alerts?phase=open')
    const next = '/api/v1/alerts?phase=open&cursor=c1'
    expect([said.json(), said.headers.link]).toEqual([{ ...view, next }, `<${next}>; rel="next"`])
    says['desk.board'] = view
    const last = await ask('GET /api/v1/alerts?phase=open')
    expect([last.json(), last.headers.link]).toEqual([view, undefined])
  })

  test('of the rota is said beside it, and all of it leaves as it was made', async () => {
    says['desk.rota'] = { from: 'x', roles: [], next: 'c2' }
    const said = await ask('GET /api/v1/rota?limit=1')
    const next = '/api/v1/rota?limit=1&cursor=c2'
    expect([said.json(), said.headers.link]).toEqual([
      { from: 'x', roles: [], next },
      `<${next}>; rel="next"`,
    ])
    expect(said.headers['content-type']).toBe('application/json; charset=utf-8')
    says['desk.rota'] = { from: 'x', roles: [] }
    const last = await ask('GET /api/v1/rota')
    expect([last.json(), last.headers.link]).toEqual([{ from: 'x', roles: [] }, undefined])
  })
})

describe('a link for a phone', () => {
  const code = { code: 'ABCD-EFGH', expires: '2026-11-30T08:15:00.000Z', owner: OWNER }
  test.each([
    ['person', 'app'],
    ['role', 'app'],
    ['ward', 'ward'],
  ])('of a %s leads to the %s, with the code where no server sees it, and is drawn', async (kind, page) => {
    says['desk.code'] = code
    const said = await ask('POST /api/v1/enrolments', { kind, id: 'p' })
    expect([said.statusCode, said.json().link]).toEqual([
      201,
      `https://bleeps.example/${page}/#enrol=ABCD-EFGH`,
    ])
    expect(said.json().qr).toMatch(/^data:image\/svg\+xml;base64,/)
  })

  test('is where the app is', async () => {
    expect((await ask('GET /api/v1/devices/app')).json().link).toBe('https://bleeps.example/app/')
  })

  test.each<[string | undefined, string | undefined]>([
    ['secret', 'ntfy://ntfy.example:8080/base/secret?secure=false'],
    [undefined, undefined],
  ])('of the topic %s is as its app opens it', async (topic, link) => {
    const device = { id: 'd', label: 'x', channel: 'ntfy', owner: OWNER, state: 'active' }
    const made = { device: { ...device, enrolled: '2026-11-30T08:00:00.000Z' }, texted: false }
    says['desk.enterWay'] = topic === undefined ? made : { ...made, topic }
    const said = await ask('POST /api/v1/nudges', { kind: 'person', id: 'p', channel: 'ntfy' })
    expect([said.statusCode, said.json().link, said.json().qr !== undefined]).toEqual([
      ...[201, link, link !== undefined],
    ])
  })
})

test('the key that phones subscribe with is the site’s', async () => {
  expect((await ask('GET /api/v1/push-key')).json()).toEqual({ key: 'a-push-key' })
})

test('every fault can be read with what to do', async () => {
  const { faults } = (await ask('GET /api/v1/faults')).json()
  expect(faults).toContainEqual({
    ...{ code: 'not-signed-in', severity: expect.any(String) },
    ...{ sentence: expect.stringMatching(/\w/), remedy: expect.stringMatching(/\w/) },
  })
})

describe('what leaves for somebody outside', () => {
  const reason = { reason: 'a case' }
  test.each([
    ['jsonl', 'application/jsonl; charset=utf-8'],
    ['html', 'text/html; charset=utf-8'],
  ])('an incident as %s', async (format, type) => {
    says['govern.incident'] = 'a pack'
    const said = await ask(`POST /api/v1/subjects/incident/b1?format=${format}`, reason)
    expect([said.statusCode, said.body, said.headers['content-type']]).toEqual([200, 'a pack', type])
  })

  test.each([
    ['', 'a page'],
    ['?form=page', 'a page'],
    ['?form=data', 'the data'],
  ])('a locked pack%s', async (query, body) => {
    says['requests.pack'] = { page: 'a page', data: 'the data' }
    const passphrase = 'sixteen letters and more'
    const said = await ask(`POST /api/v1/subjects/requests/r1/pack${query}`, { passphrase })
    expect([said.body, said.headers['content-type']]).toEqual([body, 'application/octet-stream'])
  })
})

test('the sign-in page is told what it may offer', async () => {
  expect((await ask('GET /api/v1/session/ways')).json()).toEqual({
    keys: true,
    accounts: false,
    phones: false,
  })
})

test('offers of hand-over are a list of their own', async () => {
  const offer = {
    id: 'o',
    role: 'r',
    name: 'Med reg',
    toName: 'Dr P',
    to: 'p',
    at: '2026-11-30T08:00:00.000Z',
    state: 'offered',
  }
  says['desk.offers'] = [offer]
  expect((await ask('GET /api/v1/handovers')).json()).toEqual({ offers: [offer] })
})
