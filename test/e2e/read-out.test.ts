import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeOn, hasChromium } from '../support/browsers.ts'
import { type ConsoleBed, openConsole } from '../support/console-bed.ts'

let bed: ConsoleBed

beforeAll(async () => {
  if (hasChromium()) bed = await openConsole({ config: { heartbeat: 500 } })
})
afterAll(() => bed?.close())

/** A routine call whose asker no screen, phone or call could tell. */
async function untold(ward: string, extension: string) {
  const alert = await bed.call({
    ...{
      text: `PLS CALL ${extension}`,
      kind: 'call-back',
      class: 'routine',
      place: ward,
      roles: ['med-reg'],
    },
  })
  await bed.answer(alert, 'med-reg', 'accepted')
  const at = bed.clock.now()
  await bed.store.transact((tx) =>
    tx.asks.add({ bleep: alert.bleep, at, ward, extension, told: [{ way: 'switchboard', at }] }),
  )
  return alert
}

test('what nobody could tell the ward is read out from the board, and only the press puts it on record', async (ctx) => {
  if (!hasChromium()) ctx.skip('needs Chromium')
  const { bleep } = await untold('Ward 1A', '70123')
  await untold('Ward 1B', '70124')
  const page = await bed.operator()
  const list = page.getByRole('region', { name: 'Ring and tell whoever asked' })
  const one = list.getByRole('listitem').filter({ hasText: 'Ward 1A' })
  await one.getByText('is coming.').waitFor()
  await one.getByRole('link', { name: '70123' }).waitFor()
  expect(await axeOn(page)).toEqual([])
  if (process.env.WARD_PICTURES !== undefined)
    await page.screenshot({ path: `${process.env.WARD_PICTURES}/read-out.png` })
  const row = () => bed.store.transact((tx) => tx.asks.get(bleep))
  expect((await row())?.known).toBeUndefined()
  await one.getByRole('button', { name: 'Told them' }).click()
  await expect.poll(() => one.count()).toBe(0)
  expect(await list.getByRole('listitem').count()).toBe(1)
  expect(await row()).toMatchObject({
    known: expect.any(Number),
    told: [{ way: 'switchboard' }, { way: 'switchboard', by: 'switchboard-op', said: expect.any(String) }],
  })
})

test('whoever only looks sees the list and is offered no press', async (ctx) => {
  if (!hasChromium()) ctx.skip('needs Chromium')
  const page = await bed.operator('governance')
  await page.locator('#content').waitFor()
  expect(await page.getByRole('button', { name: 'Told them' }).count()).toBe(0)
})
