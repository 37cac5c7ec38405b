import { afterEach, expect, test } from 'vitest'
import { type Bed, KEYS, openBed } from '../../support/desk-bed.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

let bed: Bed
afterEach(() => bed.close())

const ask = async (method: 'GET' | 'POST', path: string, key: string, payload?: object) => {
  const answer = await bed.http.app.inject({
    ...{ method, url: `/api/v1${path}`, headers: { authorization: `Bearer ${key}` } },
    ...(payload === undefined ? {} : { payload }),
  })
  return { status: answer.statusCode, body: answer.json() }
}

test('who: a page is foreseen second by second, and nobody is rung by that', async () => {
  bed = await openBed()
  await bed.enrol({ person: bed.holder('med-reg') })
  const { status, body } = await ask('POST', '/who', KEYS.switchboard, { number: '2201', text: 'WARD 7' })
  expect(status).toBe(200)
  expect(body).toMatchObject({ number: '2201', class: 'emergency' })
  expect(body.steps[0]).toMatchObject({ afterSeconds: 0, switchboard: 'none' })
  expect(body.steps.some((one: { switchboard: string }) => one.switchboard === 'act')).toBe(true)
  expect(JSON.stringify(body)).not.toContain('WARD 7')
  expect((await ask('GET', '/alerts', KEYS.switchboard)).body.alerts).toEqual([])
})

test('who: a number that no plan holds rings nobody; a slip is refused', async () => {
  bed = await openBed()
  expect((await ask('POST', '/who', KEYS.admin, { number: '0000' })).body).toMatchObject({
    ...{ steps: [], warnings: [{ code: 'number-unknown' }] },
  })
  expect((await ask('POST', '/who', KEYS.admin, { number: '2201', at: 'tea' })).status).toBe(400)
  for (const number of ['ric:x', '2201@nowhere'])
    expect(await ask('POST', '/who', KEYS.admin, { number })).toMatchObject({
      ...{ status: 400, body: { code: 'address-unreadable' } },
    })
  expect((await ask('POST', '/who', KEYS.estates, { number: '2201' })).status).toBe(403)
})

test('who, for a whole site: the gaps of the coming week, part by part', async () => {
  bed = await openBed({ clock: new VirtualClock(Date.UTC(2026, 8, 8, 12, 20)) })
  const gaps: { numbers: string[]; code: string }[] = []
  let parts = 0
  for (let from: number | undefined = 0; from !== undefined; parts++) {
    const { status, body } = await ask('GET', `/who/week?from=${from}`, KEYS.switchboard)
    expect(status).toBe(200)
    expect([body.from, body.to]).toEqual(['2026-09-08T12:00:00.000Z', '2026-09-15T12:00:00.000Z'])
    gaps.push(...body.gaps)
    from = body.next
  }
  const { numbers } = bed.roster.current()
  expect(parts).toBeGreaterThan(1)
  // Nobody has a phone here, so nobody would be rung by one, at any hour.
  expect(gaps.every(({ code }) => code === 'nobody-rung')).toBe(true)
  expect(new Set(gaps.flatMap((gap) => gap.numbers)).size).toBe(numbers.size)
  expect((await ask('GET', '/who/week?from=-1', KEYS.switchboard)).status).toBe(400)
  expect((await ask('GET', '/who/week?from=999999', KEYS.switchboard)).body.gaps).toEqual([])
  expect((await ask('GET', '/who/week', KEYS.estates)).status).toBe(403)
})

test('the first account is made once, by the administrator, and its code sets it up', async () => {
  bed = await openBed()
  expect((await ask('GET', '/readiness', KEYS.admin)).body.begin.account).toBe(false)
  expect((await ask('POST', '/account/first', KEYS.switchboard, { name: 'anna' })).status).toBe(403)
  const made = await ask('POST', '/account/first', KEYS.admin, { name: 'anna' })
  expect(made).toMatchObject({ status: 201, body: { name: 'anna' } })
  expect((await ask('POST', '/account/first', KEYS.admin, { name: 'ben' })).status).toBe(409)
  expect((await ask('GET', '/readiness', KEYS.admin)).body.begin.account).toBe(true)
  const challenge = await ask('POST', '/session/set-up/challenge', KEYS.admin, made.body)
  expect(challenge.status).toBe(200)
  const audit = await ask('GET', '/audit?action=account.add', KEYS.governance)
  expect(JSON.stringify(audit.body)).toContain('"subject":"anna"')
})

test('a site without a line and a phone says so, with what is plugged in', async () => {
  const ports = async () =>
    [{ path: '/dev/serial/by-id/usb-tap', feed: undefined }].map(({ path }) => ({ path }))
  bed = await openBed({ desk: { lines: [], ports } })
  const { begin } = (await ask('GET', '/readiness', KEYS.switchboard)).body
  expect(begin).toEqual({
    account: false,
    lines: 0,
    phones: 0,
    ports: [{ path: '/dev/serial/by-id/usb-tap' }],
  })
  expect((await ask('GET', '/site', KEYS.switchboard)).body).toMatchObject({ begun: false })
})

test('lines that rest on paper and ways that never rang are counted on the board and named on the list', async () => {
  const lines = [
    { id: 'rack', name: 'Rack', evidence: 'manual' as const },
    { id: 'nurse', name: 'Nurse call', evidence: 'capture' as const },
  ]
  bed = await openBed({ desk: { lines, ways: ['webpush', 'radio'] } })
  expect((await ask('GET', '/site', KEYS.switchboard)).body.neverProved).toBe(3)
  const { neverProved } = (await ask('GET', '/readiness', KEYS.switchboard)).body
  expect(neverProved.map(({ subject }: { subject: string }) => subject)).toEqual(['rack', 'webpush', 'radio'])
})
