import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Bed, KEYS, openBed } from '../../support/desk-bed.ts'

let bed: Bed

const arrest = () =>
  bed.call({ text: 'CARDIAC ARREST WARD 7B', kind: 'cardiac-arrest', class: 'emergency', roles: ['med-reg'] })
const ask = (method: 'GET' | 'POST', url: string, payload?: object) =>
  bed.http.app.inject({
    method,
    url: `/api/v1/alerts/${url}`,
    headers: { authorization: `Bearer ${KEYS.switchboard}` },
    ...(payload === undefined ? {} : { payload }),
  })
const pageByRadio = async (id: string, version: number) =>
  (await ask('POST', `${id}/actions`, { action: 'page-by-radio', version })).json()
const byRadio = async (id: string) => {
  const view = (await ask('GET', id)).json()
  const attempts = view.attempts.filter((a: { channel: string }) => a.channel === 'radio')
  return { attempts: attempts.length, radio: view.radio?.state }
}
/** The plan's second step pages by radio again. */
const late = (alert: Awaited<ReturnType<typeof arrest>>) =>
  bed.alerts.apply(alert.id, { kind: 'due', at: alert.due['step-1'] ?? 0, name: 'step-1' })

describe('a site that has set up no radio', () => {
  beforeEach(async () => {
    bed = await openBed({ radio: false })
  })
  afterEach(() => bed.close())

  test('makes no attempt of a step by radio, and no screen says that it was asked for', async () => {
    const alert = await arrest()
    expect((await late(alert))?.alert.radioed).toBeDefined()
    expect(await byRadio(alert.id)).toEqual({ attempts: 0, radio: undefined })
  })

  test('refuses to page by radio, and says why', async () => {
    const alert = await arrest()
    expect(await pageByRadio(alert.id, alert.version)).toMatchObject({
      status: 409,
      code: 'radio-not-set',
      title: 'The bridge cannot page by radio here: no radio is set up. Nothing was sent',
    })
    expect(await byRadio(alert.id)).toEqual({ attempts: 0, radio: undefined })
  })
})

test('the board is told whether there is a radio, and offers it only then', async () => {
  for (const radio of [true, false]) {
    const one = await openBed({ radio })
    const headers = { authorization: `Bearer ${KEYS.switchboard}` }
    expect((await one.http.app.inject({ url: '/api/v1/site', headers })).json()).toMatchObject({ radio })
    await one.close()
  }
})

test('with a radio the same step and the same press are one attempt each', async () => {
  bed = await openBed()
  const alert = await arrest()
  await late(alert)
  expect(await byRadio(alert.id)).toEqual({ attempts: 1, radio: 'asked' })
  const now = (await ask('GET', alert.id)).json()
  expect(await pageByRadio(alert.id, now.version)).toMatchObject({ outcome: 'applied' })
  expect(await byRadio(alert.id)).toEqual({ attempts: 2, radio: 'asked' })
  await bed.close()
})
