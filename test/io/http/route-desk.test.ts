import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { asId } from '../../../src/core/ids.ts'
import { DAY } from '../../../src/core/instant.ts'
import type { Outcome } from '../../../src/ports/desk.ts'
import { type Bed, KEYS, openBed } from '../../support/desk-bed.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

// What each route asks of the desk: which question, with what of the path, the query and the body, and nothing more.

const PHONE = 'a-token-of-a-phone-000'
const PLACE = '2026-11-30T08:00:00Z'
const AT = Date.parse(PLACE)
const SPAN = { from: PLACE, to: '2026-12-01T08:00:00Z' }
const MEANT = { from: AT, to: AT + DAY }
const REASON = 'a case'
const ID = 'a'.repeat(64)

/** Every question that a route asked, without who asks. */
let asked: unknown[][]
/** A desk that writes down what it is asked and knows nothing; `says` answers otherwise. */
function recorded<T extends object>(name: string, says: Record<string, unknown> = {}): T {
  const desk: T = new Proxy(Object.create(null), {
    get: (_, question) => {
      const said = says[String(question)]
      if (typeof said === 'object') return said
      return (...given: unknown[]) => {
        if (typeof said === 'function') return Reflect.apply(said, undefined, given)
        asked.push([`${name}.${String(question)}`, ...given.slice(1)])
        return Promise.resolve({ ok: false, fault: { code: 'alert-unknown' } })
      }
    },
  })
  return desk
}

let bed: Bed
const clock = new VirtualClock(AT)
beforeAll(async () => {
  asked = []
  bed = await openBed({
    clock,
    parts: {
      desk: recorded('desk', {
        permit: async (): Promise<Outcome<undefined>> => ({ ok: true, value: undefined }),
        identify: async () => ({ kind: 'device', access: 'holder', device: asId('d1') }),
      }),
      govern: recorded('govern', { requests: recorded('requests') }),
      filings: recorded('filings'),
    },
  })
})
afterAll(() => bed.close())
beforeEach(() => {
  asked = []
})

type Asking = [ask: string, body: object | undefined, ...questions: unknown[][]]
const ask = (what: string, body: object | undefined, key: string) => {
  const [method, path] = what.split(' ')
  return bed.http.app.inject({
    ...{ method: method as 'GET', url: `/api/v1${path}`, headers: { authorization: `Bearer ${key}` } },
    ...(body === undefined ? {} : { payload: body }),
  })
}
const about = { text: 'jones', number: '1', person: 'p', ...MEANT }
const sought = { text: ' jones ', number: '1', person: 'p', ...SPAN, reason: REASON }

test.each<Asking>([
  ['GET /alerts', undefined, ['desk.board', { limit: 500 }]],
  [
    `GET /alerts?phase=open&since=${PLACE}&hospital=north&cursor=c&limit=3`,
    undefined,
    ['desk.board', { phase: 'open', since: AT, hospital: 'north', cursor: 'c', limit: 3 }],
  ],
  ...['q', 'number', 'place', 'kind', 'role'].map(
    (by): Asking => [
      `GET /alerts?${by}=x&hospital=north&cursor=c`,
      undefined,
      ['desk.find', { [by]: 'x', hospital: 'north', cursor: 'c' }],
    ],
  ),
  [`GET /alerts?from=${PLACE}`, undefined, ['desk.find', { from: AT }]],
  [`GET /alerts?to=${PLACE}`, undefined, ['desk.find', { to: AT }]],
  ['GET /alerts/a1', undefined, ['desk.alert', 'a1']],
  [
    'POST /alerts/a1/answers',
    { answer: 'accepted', version: 1, note: ' soon ', person: 'p' },
    ['desk.answer', 'a1', { answer: 'accepted', version: 1, note: 'soon', person: 'p' }],
  ],
  [
    'POST /alerts/a1/actions',
    { action: 'close', version: 1 },
    ['desk.manage', 'a1', { action: 'close', version: 1 }],
  ],
  ['POST /alerts/a1/joined/b2', undefined, ['desk.separate', 'a1', 'b2']],
  [
    'POST /alerts/a1/thread',
    { kind: 'note', text: ' hello ' },
    ['desk.say', 'a1', { kind: 'note', text: 'hello' }],
  ],
  [
    'POST /alerts/a1/thread',
    { kind: 'need-role', role: 'r' },
    ['desk.say', 'a1', { kind: 'need-role', role: 'r', text: '' }],
  ],
  ['GET /calls', undefined, ['desk.calls']],
  [
    'POST /calls/preview',
    { to: '9999', kind: 'met', place: '', text: '', from: '' },
    ['desk.previewCall', { to: '9999', kind: 'met' }],
  ],
  [
    'POST /calls',
    { to: '9999', place: ' 7B ', text: 'now', from: '4421', confirm: 'held' },
    ['desk.startCall', { to: '9999', place: '7B', text: 'now', from: '4421', confirm: 'held' }],
  ],
  ['GET /review', undefined, ['desk.review']],
  ['GET /review/strangers', undefined, ['desk.strangers']],
  ['POST /review/b1/ask', { role: 'r' }, ['desk.reviewAsk', 'b1', 'r']],
  ['POST /review/b1/seen', undefined, ['desk.reviewed', 'b1']],
  [
    'POST /asks',
    {
      ...{ role: 'r', urgency: 'routine', what: ' come ', want: 'help', callBack: '4421' },
      about: { place: '7B', identifier: 'bed 3' },
    },
    [
      'desk.ask',
      {
        ...{ role: 'r', urgency: 'routine' },
        words: { what: 'come', place: '7B', identifier: 'bed 3', want: 'help', callBack: '4421' },
      },
    ],
  ],
  [
    'POST /asks',
    { role: 'r', urgency: 'routine', what: 'come' },
    ['desk.ask', { role: 'r', urgency: 'routine', words: { what: 'come' } }],
  ],
  [`GET /asks?since=${PLACE}`, undefined, ['desk.asks', AT]],
  ['GET /asks/choices', undefined, ['desk.askChoices']],
  ['POST /asks/b1/told', { said: 'coming' }, ['desk.askTold', 'b1', 'coming']],
  ['POST /asks/b1/replies', { text: 'thanks' }, ['desk.askReply', 'b1', 'thanks']],
  ['GET /devices', undefined, ['desk.devices']],
  ['GET /enrolments', undefined, ['desk.codes']],
  [`DELETE /enrolments/${ID}`, undefined, ['desk.withdraw', ID]],
  ...(['person', 'role'] as const).map(
    (kind): Asking => ['POST /enrolments', { kind, id: 'x' }, ['desk.code', { kind, [kind]: 'x' }]],
  ),
  ['POST /enrolments', { kind: 'ward', id: 'Ward 1' }, ['desk.code', { kind: 'ward', ward: 'Ward 1' }]],
  ['POST /devices/d2/confirm', { mine: false }, ['desk.confirm', 'd2', false]],
  [
    'POST /nudges',
    { kind: 'person', id: 'p', number: '07700900001', label: ' Own ', channel: 'notify' },
    [
      'desk.enterWay',
      { owner: { kind: 'person', person: 'p' }, channel: 'notify', label: 'Own', number: '07700900001' },
    ],
  ],
  [
    'POST /nudges',
    { kind: 'role', id: 'r', channel: 'ntfy', label: 'Topic' },
    ['desk.enterWay', { owner: { kind: 'role', role: 'r' }, channel: 'ntfy', label: 'Topic' }],
  ],
  ['POST /devices/d2/test', undefined, ['desk.testWay', 'd2']],
  ['POST /devices/d2/revoke', undefined, ['desk.revoke', 'd2']],
  ['GET /me', undefined, ['desk.me']],
  ['GET /directory', undefined, ['desk.directory']],
  ['GET /handovers', undefined, ['desk.offers']],
  ['POST /handovers/r', { to: 'p' }, ['desk.offer', 'r', 'p']],
  ['POST /handovers/r', { to: 'p', force: true }, ['desk.force', 'r', 'p']],
  ['POST /handovers/r/take', undefined, ['desk.take', 'r']],
  ['POST /handovers/r/refuse', undefined, ['desk.refuse', 'r']],
  ['GET /rota', undefined, ['desk.rota', { ...MEANT, part: { limit: 500 } }]],
  [
    `GET /rota?from=2026-12-01T08:00:00Z&limit=2&cursor=c`,
    undefined,
    ['desk.rota', { from: AT + DAY, to: AT + 2 * DAY, part: { limit: 2, cursor: 'c' } }],
  ],
  [`GET /rota?from=${SPAN.from}&to=${SPAN.to}`, undefined, ['desk.rota', { ...MEANT, part: { limit: 500 } }]],
  ['GET /rota/changes', undefined, ['desk.rotaChanges', AT]],
  ['GET /rota/changes?since=2026-12-01T08:00:00Z', undefined, ['desk.rotaChanges', AT + DAY]],
  ['DELETE /rota/changes/c1', undefined, ['desk.takeBackRotaChange', 'c1']],
  ['GET /site', undefined, ['desk.site']],
  ['GET /readiness', undefined, ['desk.readiness']],
  ['POST /who', { number: ' 2201 ' }, ['desk.foresee', { number: '2201' }]],
  [
    'POST /who',
    { number: '2201', text: 'arrest', at: PLACE },
    ['desk.foresee', { number: '2201', text: 'arrest', at: AT }],
  ],
  ['GET /who/week', undefined, ['desk.week', 0]],
  ['GET /who/week?from=40', undefined, ['desk.week', 40]],
  ['GET /supervised', undefined, ['desk.estate']],
  ['GET /daily-tests', undefined, ['desk.dailyTests']],
  ['POST /daily-tests/t1/calls', undefined, ['desk.callTest', 't1']],
  ['GET /feeds', undefined, ['desk.feeds']],
  ['GET /audit?since=7&limit=2', undefined, ['desk.audit', 7, 2]],
  ['GET /audit', undefined, ['desk.audit', 0, 500]],
  ['GET /shift-log', undefined, ['desk.shiftLog']],
  ['GET /reports/shift?from=a&to=b&format=csv', undefined, ['desk.reporting', 'shift', 'csv']],
  ['GET /policy', undefined, ['desk.policy']],
  [
    'POST /drills/p/waiver',
    { reason: ' new today ', until: PLACE },
    ['desk.waiveDrill', 'p', { reason: 'new today', until: AT }],
  ],
  ['POST /account/first', { name: ' first ' }, ['desk.firstAccount', 'first']],
  ['GET /filings', undefined, ['filings.filings', {}]],
  ['GET /filings?state=filed&cursor=c', undefined, ['filings.filings', { stand: 'filed', cursor: 'c' }]],
  [
    'POST /filings/a1/decide',
    { decision: 'leave', reason: REASON },
    ['filings.decide', 'a1', 'leave', REASON],
  ],
  ['POST /alerts/a1/patient/read-back', { number: '1234' }, ['filings.readBack', 'a1', '1234']],
  [
    'POST /alerts/a1/patient',
    { number: '1234', readBack: '12345678' },
    ['filings.setPatient', 'a1', '1234', '12345678'],
  ],
  ['POST /subjects/find', sought, ['govern.find', about, REASON]],
  [
    'POST /subjects/find',
    { number: '1', ...SPAN, reason: REASON },
    ['govern.find', { number: '1', ...MEANT }, REASON],
  ],
  ['POST /subjects/copy', sought, ['govern.copy', about, REASON]],
  ['POST /subjects/trace/b1', { reason: REASON }, ['govern.trace', 'b1', REASON]],
  ['POST /subjects/incident/b1', { reason: REASON }, ['govern.incident', 'b1', REASON, false, 'jsonl']],
  [
    'POST /subjects/incident/b1?format=html',
    { reason: REASON, names: true },
    ['govern.incident', 'b1', REASON, true, 'html'],
  ],
  ['GET /subjects/erasures', undefined, ['govern.erasures']],
  ['POST /subjects/erasures', { person: 'p', reason: REASON }, ['govern.plan', { person: 'p' }, REASON]],
  ['POST /subjects/erasures', { bleeps: ['b'], reason: REASON }, ['govern.plan', { bleeps: ['b'] }, REASON]],
  ['GET /subjects/erasures/e1', undefined, ['govern.erasure', 'e1']],
  ['POST /subjects/erasures/e1/do', undefined, ['govern.carryOut', 'e1']],
  ['GET /subjects/holds', undefined, ['govern.holds']],
  ['POST /subjects/holds', { person: 'p', reason: REASON }, ['govern.hold', { person: 'p' }, REASON]],
  ['POST /subjects/holds', { bleeps: ['b'], reason: REASON }, ['govern.hold', { bleeps: ['b'] }, REASON]],
  ['POST /subjects/holds', { ...SPAN, reason: REASON }, ['govern.hold', { span: MEANT }, REASON]],
  ['POST /subjects/holds/h1/release', { reason: REASON }, ['govern.release', 'h1', REASON]],
  ['GET /audit/verify', undefined, ['govern.verify', undefined]],
  [`GET /audit/verify?seq=4&digest=${ID}`, undefined, ['govern.verify', { seq: 4, digest: ID }]],
  ['GET /subjects/requests', undefined, ['requests.list']],
  [
    'POST /subjects/requests',
    { kind: 'access', text: 'jones', received: PLACE, reason: REASON },
    ['requests.open', { kind: 'access', about: { text: 'jones' }, received: AT }, REASON],
  ],
  ['GET /subjects/requests/r1', undefined, ['requests.get', 'r1']],
  [
    'POST /subjects/requests/r1/verify',
    { how: 'court' },
    ['requests.step', 'r1', { kind: 'verified', how: 'court' }],
  ],
  ['POST /subjects/requests/r1/find', undefined, ['requests.find', 'r1']],
  [
    'POST /subjects/requests/r1/decide',
    { items: [{ bleep: 'b', what: 'give' }] },
    ['requests.step', 'r1', { kind: 'decided', items: [{ bleep: 'b', what: 'give' }] }],
  ],
  ['GET /subjects/requests/r1/items/b1', undefined, ['requests.review', 'r1', 'b1']],
  [
    'POST /subjects/requests/r1/items/b1',
    { places: [{ place: 'x', hide: true, because: 'a relative' }] },
    [
      'requests.step',
      'r1',
      { kind: 'reviewed', bleep: 'b1', places: [{ place: 'x', hide: true, because: 'a relative' }] },
    ],
  ],
  ['POST /subjects/requests/r1/approve', undefined, ['requests.step', 'r1', { kind: 'approved' }]],
  ['POST /subjects/requests/r1/do', undefined, ['requests.carryOut', 'r1']],
  ['POST /subjects/requests/r1/withdraw', undefined, ['requests.step', 'r1', { kind: 'withdrawn' }]],
  [
    'POST /subjects/requests/r1/pack',
    { passphrase: 'sixteen letters and more' },
    ['requests.pack', 'r1', 'sixteen letters and more'],
  ],
  ['POST /subjects/restricted/b1/lift', { reason: REASON }, ['requests.lift', 'b1', REASON]],
])('%s of an operator %j', async (what, body, ...questions) => {
  const said = await ask(what, body, KEYS.switchboard)
  expect(asked).toEqual(questions)
  expect([said.statusCode, said.json().code]).toEqual([404, 'alert-unknown'])
})

test.each<Asking>([
  ['GET /inbox', undefined, ['desk.inbox', 0, undefined]],
  ['GET /inbox?since=7&rang=t1', undefined, ['desk.inbox', 7, 't1']],
  [
    'POST /receipts',
    { attempt: 't1', stage: 'presented', by: 'push', at: PLACE },
    ['desk.receipt', { attempt: 't1', stage: 'presented', by: 'push', claimed: AT }],
  ],
  [
    'POST /receipts',
    { attempt: 't1', stage: 'presented' },
    ['desk.receipt', { attempt: 't1', stage: 'presented' }],
  ],
  ['PUT /duty', { on: true }, ['desk.duty', true]],
  ['POST /accepted-use', { version: '1' }, ['desk.acceptUse', '1']],
  ['GET /ways', undefined, ['desk.ways']],
  ['PUT /ways', { order: ['a', 'b'] }, ['desk.orderWays', ['a', 'b']]],
  [
    'PUT /devices/me/subscription',
    { channel: 'webpush', address: '{}' },
    ['desk.subscribe', 'webpush', '{}'],
  ],
  ['PUT /devices/me/clock', { offset: -2, uncertainty: 1 }, ['desk.clock', -2, 1]],
  ['POST /devices/me/token', undefined, ['desk.rotate']],
  ['POST /devices/me/self-test', undefined, ['desk.selfTest']],
  ['PUT /devices/me/sound', { heard: false }, ['desk.heard', false]],
  ['DELETE /devices/me', undefined, ['desk.signOut']],
])('%s of a phone %j', async (what, body, ...questions) => {
  const said = await ask(what, body, PHONE)
  expect(asked).toEqual(questions)
  expect([said.statusCode, said.json().code]).toEqual([404, 'alert-unknown'])
})

test.each([
  ['GET', '/account', undefined],
  ['POST', '/account/password', { before: 'x', password: 'y' }],
  ['POST', '/account/passkeys/challenge', undefined],
  ['POST', '/account/passkeys', { challenge: 'x', answer: {}, label: 'Key' }],
  ['DELETE', '/account/passkeys/k1', undefined],
  ['DELETE', '/account/sessions/s1', undefined],
])('%s %s of whoever has no session has no account', async (method, path, body) => {
  for (const key of [PHONE, KEYS.switchboard])
    expect((await ask(`${method} ${path}`, body, key)).json().code).toBe('account-none')
})

test.each([
  ['POST', '/alerts/a1/thread', { kind: 'note' }],
  ['POST', '/alerts/a1/thread', { kind: 'note', role: 'r', text: 'x' }],
  ['POST', '/calls', { place: '7B' }],
  ['POST', '/calls/preview', { place: '7B' }],
  ['POST', '/subjects/find', { ...SPAN, reason: REASON }],
  ['POST', '/subjects/requests', { kind: 'access', reason: REASON }],
  ['GET', '/audit/verify?seq=4', undefined],
  ['GET', `/audit/verify?digest=${ID}`, undefined],
])('%s %s %j says too little to be asked', async (method, path, body) => {
  expect((await ask(`${method} ${path}`, body, KEYS.switchboard)).json().code).toBe('request-invalid')
  expect(asked).toEqual([])
})

test('a site without push has no key that phones subscribe with', async () => {
  const said = await ask('GET /push-key', undefined, PHONE)
  expect([said.statusCode, said.json()]).toEqual([200, { key: '' }])
})

test('where no shift has ended there is no report of one', async () => {
  const said = await ask('GET /reports', undefined, KEYS.switchboard)
  expect([said.statusCode, said.json()]).toEqual([200, { shifts: [] }])
})
