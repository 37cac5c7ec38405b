/*
 * Every route with who may ask and a good body. The routes come from the server itself: one without a row fails
 * `routes.test.ts`, and so does a row whose route has gone.
 */

/** Who comes: a holder's phone, a ward's screen, and the roles of the console. */
export type Who = 'H' | 'W' | 'S' | 'E' | 'G' | 'A'
export const OPERATORS = { S: 'switchboard', E: 'estates', G: 'governance', A: 'admin' } as const
export const EVERYBODY = 'HWSEGA'
const REASON = { reason: 'a case' }
const PASSKEY = { challenge: 'x', answer: {} }
const SPAN = { from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z' }
const LATER = { from: '2026-12-01T00:00:00Z', to: '2026-12-02T00:00:00Z' }

export interface Row {
  /** Who may ask; `*` is anybody, with or without a sign-in. */
  readonly may: string
  readonly body?: object
  readonly query?: string
  /** What stands for the id in its path, where `x` is none. */
  readonly id?: string
  /** Never ends where it is allowed. */
  readonly stream?: true
}

export const ROWS: Readonly<Record<string, Row>> = {
  'GET /healthz': { may: '*' },
  'GET /readyz': { may: '*' },
  'GET /metrics': { may: '*' },
  'GET /api/v1/time': { may: '*' },
  'POST /api/v1/devices': { may: '*', body: { code: 'AAAA-BBBB', label: 'Phone' } },
  'GET /api/v1/session/ways': { may: '*' },
  'POST /api/v1/session': { may: '*', body: { operator: 'nobody', key: 'wrong' } },
  'DELETE /api/v1/session': { may: '*' },
  'POST /api/v1/session/passkey/challenge': { may: '*' },
  'POST /api/v1/session/passkey': { may: '*', body: PASSKEY },
  'POST /api/v1/session/set-up/challenge': { may: '*', body: { name: 'nobody', code: 'wrong' } },
  'POST /api/v1/session/set-up': {
    may: '*',
    body: { name: 'nobody', code: 'wrong', chosen: { ...PASSKEY, label: 'Key' } },
  },

  // Each their own, where they have one.
  'GET /api/v1/account': { may: EVERYBODY },
  'POST /api/v1/account/password': { may: EVERYBODY, body: { before: 'x', password: 'y' } },
  'POST /api/v1/account/passkeys/challenge': { may: EVERYBODY },
  'POST /api/v1/account/passkeys': { may: EVERYBODY, body: { ...PASSKEY, label: 'Key' } },
  'POST /api/v1/account/first': { may: 'A', body: { name: 'first' } },
  'DELETE /api/v1/account/passkeys/{id}': { may: EVERYBODY },
  'DELETE /api/v1/account/sessions/{id}': { may: EVERYBODY },

  'GET /api/v1/me': { may: EVERYBODY },
  'GET /api/v1/push-key': { may: EVERYBODY },
  'GET /api/v1/faults': { may: EVERYBODY },
  'GET /api/v1/supervised': { may: 'SEGA' },
  'GET /api/v1/stream': { may: EVERYBODY, stream: true },
  'GET /api/v1/inbox': { may: 'H' },
  'POST /api/v1/receipts': { may: 'H', body: { attempt: 'x', stage: 'on-device' } },

  // A holder is given the calls that they were asked on; see below.
  'GET /api/v1/alerts': { may: 'HSEGA' },
  'GET /api/v1/alerts/{id}': { may: 'HSGA' },
  'POST /api/v1/alerts/{id}/answers': { may: 'HS', body: { answer: 'accepted', version: 1 } },
  'POST /api/v1/alerts/{id}/actions': { may: 'S', body: { action: 'close', version: 1 } },
  'POST /api/v1/alerts/{id}/joined/{joined}': { may: 'S' },
  'POST /api/v1/alerts/{id}/thread': { may: 'HS', body: { kind: 'note', text: 'hello' } },
  'GET /api/v1/calls': { may: 'S' },
  'POST /api/v1/calls': { may: 'S', body: { to: '9999' } },
  'POST /api/v1/calls/preview': { may: 'S', body: { to: '9999' } },
  'GET /api/v1/review': { may: 'SEGA' },
  'GET /api/v1/review/strangers': { may: 'SEGA' },
  'POST /api/v1/review/{id}/ask': { may: 'S', body: { role: 'x' } },
  'POST /api/v1/review/{id}/seen': { may: 'S' },

  'POST /api/v1/asks': { may: 'HW', body: { role: 'x', urgency: 'routine', what: 'Come please' } },
  'GET /api/v1/asks': { may: 'HWS' },
  'GET /api/v1/asks/choices': { may: 'HW' },
  'POST /api/v1/asks/{id}/told': { may: 'HWS', body: { said: 'sent' } },
  'POST /api/v1/asks/{id}/replies': { may: 'HW', body: { text: 'hello' } },

  'GET /api/v1/devices': { may: 'SEA' },
  'GET /api/v1/devices/app': { may: 'SEA' },
  'POST /api/v1/enrolments': { may: 'SA', body: { kind: 'person', id: 'x' } },
  'GET /api/v1/enrolments': { may: 'SEA' },
  'DELETE /api/v1/enrolments/{id}': { may: 'SA', id: 'a'.repeat(64) },
  'POST /api/v1/devices/{id}/confirm': { may: 'HWSA', body: { mine: true } },
  'POST /api/v1/nudges': { may: 'SA', body: { kind: 'person', id: 'x', number: '07700900001' } },
  'POST /api/v1/devices/{id}/test': { may: 'SA' },
  'POST /api/v1/devices/{id}/revoke': { may: 'SA' },
  'PUT /api/v1/devices/me/subscription': { may: 'HW', body: { channel: 'socket', address: '' } },
  'PUT /api/v1/devices/me/clock': { may: 'HW', body: { offset: 0, uncertainty: 1 } },
  'PUT /api/v1/devices/me/sound': { may: 'HW', body: { heard: true } },
  'POST /api/v1/devices/me/self-test': { may: 'HW' },
  'POST /api/v1/devices/me/token': { may: 'HW' },
  'DELETE /api/v1/devices/me': { may: 'HW' },

  'GET /api/v1/directory': { may: 'HSA' },
  'PUT /api/v1/duty': { may: 'H', body: { on: true } },
  'POST /api/v1/accepted-use': { may: 'HW', body: { version: '1' } },
  'POST /api/v1/drills/{person}/waiver': {
    ...{ may: 'SA', body: { reason: 'new today', until: '2026-12-01T00:00:00Z' } },
  },
  'GET /api/v1/handovers': { may: 'HS' },
  'POST /api/v1/handovers/{role}': { may: 'SA', body: { to: 'x', force: true } },
  'POST /api/v1/handovers/{role}/take': { may: 'HS' },
  'POST /api/v1/handovers/{role}/refuse': { may: 'HS' },
  'GET /api/v1/rota': { may: 'SGA' },
  'GET /api/v1/rota/changes': { may: 'SGA' },
  'POST /api/v1/rota/changes': { may: 'SA', body: { kind: 'leave', person: 'x', ...LATER } },
  'POST /api/v1/rota/changes/check': { may: 'SA', body: { kind: 'leave', person: 'x', ...LATER } },
  'DELETE /api/v1/rota/changes/{id}': { may: 'SA' },

  'GET /api/v1/ways': { may: 'HW' },
  'PUT /api/v1/ways': { may: 'HW', body: { order: [] } },
  'GET /api/v1/filings': { may: 'G' },
  'POST /api/v1/filings/{id}/decide': { may: 'G', body: { decision: 'leave', ...REASON } },
  'POST /api/v1/alerts/{id}/patient/read-back': { may: 'HG', body: { number: '9434765919' } },
  'POST /api/v1/alerts/{id}/patient': { may: 'HG', body: { number: '9434765919', readBack: '12345678' } },

  'GET /api/v1/site': { may: 'SEGA' },
  'GET /api/v1/readiness': { may: 'SEGA' },
  'GET /api/v1/who/week': { may: 'SGA', query: 'from=999999' },
  'POST /api/v1/who': { may: 'SGA', body: { number: '2201' } },
  'GET /api/v1/daily-tests': { may: 'SEGA' },
  'POST /api/v1/daily-tests/{id}/calls': { may: 'S' },
  'GET /api/v1/feeds': { may: 'SEGA' },
  'GET /api/v1/reports': { may: 'SGA' },
  'GET /api/v1/reports/{name}': { may: 'SGA', query: `from=${LATER.from}&to=${LATER.to}` },
  'GET /api/v1/shift-log': { may: 'SGA' },

  'GET /api/v1/audit': { may: 'GA' },
  'GET /api/v1/policy': { may: 'GA' },
  'GET /api/v1/audit/verify': { may: 'GA' },
  'POST /api/v1/subjects/find': { may: 'G', body: { text: 'jones', ...SPAN, ...REASON } },
  'POST /api/v1/subjects/copy': { may: 'G', body: { text: 'jones', ...SPAN, ...REASON } },
  'POST /api/v1/subjects/trace/{id}': { may: 'G', body: REASON },
  'POST /api/v1/subjects/incident/{id}': { may: 'G', body: REASON },
  'GET /api/v1/subjects/erasures': { may: 'G' },
  'POST /api/v1/subjects/erasures': { may: 'G', body: { bleeps: ['x'], ...REASON } },
  'GET /api/v1/subjects/erasures/{id}': { may: 'G' },
  'POST /api/v1/subjects/erasures/{id}/do': { may: 'G' },
  'GET /api/v1/subjects/holds': { may: 'G' },
  'POST /api/v1/subjects/holds': { may: 'G', body: { bleeps: ['x'], ...REASON } },
  'POST /api/v1/subjects/holds/{id}/release': { may: 'G', body: REASON },
  'GET /api/v1/subjects/requests': { may: 'G' },
  'POST /api/v1/subjects/requests': { may: 'G', body: { kind: 'access', text: 'jones', ...REASON } },
  'GET /api/v1/subjects/requests/{id}': { may: 'G' },
  'POST /api/v1/subjects/requests/{id}/verify': { may: 'G', body: { how: 'court' } },
  'POST /api/v1/subjects/requests/{id}/find': { may: 'G' },
  'POST /api/v1/subjects/requests/{id}/decide': { may: 'G', body: { items: [{ bleep: 'x', what: 'give' }] } },
  'GET /api/v1/subjects/requests/{id}/items/{bleep}': { may: 'G' },
  'POST /api/v1/subjects/requests/{id}/items/{bleep}': {
    may: 'G',
    body: { places: [{ place: 'x', hide: true, because: 'a relative' }] },
  },
  'POST /api/v1/subjects/requests/{id}/approve': { may: 'G' },
  'POST /api/v1/subjects/requests/{id}/do': { may: 'G' },
  'POST /api/v1/subjects/requests/{id}/withdraw': { may: 'G' },
  'POST /api/v1/subjects/requests/{id}/pack': { may: 'G', body: { passphrase: 'sixteen letters and more' } },
  'POST /api/v1/subjects/restricted/{bleep}/lift': { may: 'G', body: REASON },
}
