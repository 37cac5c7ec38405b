import { afterAll, beforeAll, expect, test } from 'vitest'
import { asId } from '../../src/core/ids.ts'
import { systemClock } from '../../src/io/clock.ts'
import { type Bed, KEYS, openBed } from '../support/desk-bed.ts'
import { SWITCHBOARD } from '../support/phone-bed.ts'
import { EVERYBODY, OPERATORS, ROWS, type Row, type Who } from './rows.ts'

/*
 * Every route with every credential. The routes come from the server itself: one without a row here fails, and so does a
 * row whose route has gone. A body in a row is good, so that nothing but the right to ask decides.
 */

let bed: Bed
beforeAll(async () => {
  bed = await openBed({ clock: systemClock(() => {}) })
})
afterAll(() => bed.close())

/** A credential that is good now; a device's is made anew, because some routes use it up. */
async function credentialOf(who: Who): Promise<string> {
  if (who !== 'H' && who !== 'W') return KEYS[OPERATORS[who]]
  if (who === 'H') return (await bed.enrol({ person: bed.holder('med-reg') })).token
  const code = await bed.desk.code(SWITCHBOARD, { kind: 'ward', ward: 'Ward 1A' })
  if (!code.ok) throw new Error(code.fault.code)
  const made = await bed.http.app.inject({
    ...{ method: 'POST', url: '/api/v1/devices', payload: { code: code.value.code, label: 'Screen' } },
  })
  return made.json().token
}

function ask(route: string, { body, query, id = 'x' }: Row, key?: string) {
  const [method, path = ''] = route.split(' ')
  const url = `${path.replaceAll(/\{\w+\}/g, id)}${query === undefined ? '' : `?${query}`}`
  return bed.http.app.inject({
    ...{ method: method as 'GET', url, ...(body === undefined ? {} : { payload: body }) },
    headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
  })
}

test('each route has a row, and each row a route', async () => {
  const { paths }: { paths: Record<string, object> } = (await bed.http.app.inject('/openapi.json')).json()
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  expect(Object.keys(ROWS).toSorted()).toEqual(routes.toSorted())
})

test.each(Object.entries(ROWS))('%s lets in whom its row names, and nobody else', async (route, row) => {
  const anybody = row.may === '*'
  const bare = await ask(route, row)
  if (anybody) expect([bare.statusCode === 401 && bare.json().code === 'not-signed-in']).toEqual([false])
  else expect([bare.statusCode, bare.json().code]).toEqual([401, 'not-signed-in'])
  const wrong = await ask(route, row, 'no-such-key')
  if (!anybody) expect(wrong.statusCode).toBe(401)
  for (const who of [...EVERYBODY] as Who[]) {
    const may = anybody || row.may.includes(who)
    if (may && row.stream) continue
    const said = await ask(route, row, await credentialOf(who))
    const refused = said.statusCode === 403 && said.json().code === 'not-permitted'
    expect([who, said.statusCode === 400 ? said.json().detail : undefined, !refused]).toEqual([
      who,
      undefined,
      may,
    ])
  }
})

test('a phone that was switched off, or whose holder has left, is nobody on every route', async () => {
  const { id, token } = await bed.enrol({ person: bed.holder('med-reg') })
  await bed.desk.revoke(SWITCHBOARD, asId(id))
  for (const [route, row] of Object.entries(ROWS))
    if (row.may.includes('H'))
      expect([route, (await ask(route, row, token)).statusCode]).toEqual([route, 401])
})

test('a holder’s list holds the calls that they were asked on, and no other', async () => {
  const doctor = await credentialOf('H')
  const other = await bed.call({
    ...{ text: 'TRAUMA ED RESUS 1', kind: 'trauma', class: 'emergency', place: 'ED', roles: ['anaes-reg'] },
  })
  const own = await bed.call({
    ...{ text: 'ARREST 7B', kind: 'adult-arrest', class: 'emergency', place: '7B', roles: ['med-reg'] },
  })
  const { alerts } = (await ask('GET /api/v1/alerts', { may: 'H' }, doctor)).json()
  expect(alerts.map((a: { id: string }) => a.id)).toEqual([own.id])
  expect((await ask('GET /api/v1/alerts/{id}', { may: 'H', id: other.id }, doctor)).statusCode).toBe(404)
})
