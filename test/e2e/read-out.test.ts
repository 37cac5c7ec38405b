import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeOn, hasChromium } from '../support/browsers.ts'
import { type ConsoleBed, openConsole } from '../support/console-bed.ts'

let bed: ConsoleBed

beforeAll(async () => {
  if (hasChromium()) bed = await openConsole({ config: { heartbeat: 500 } })
})
afterAll(() => bed?.close())

/** A routine call whose asker no screen, phone or call could tell. */
async function untold(ward: string, extension: string, screen = true) {
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
    tx.asks.add({
      bleep: alert.bleep,
      at,
      ward,
      extension,
      told: [...(screen ? [{ way: 'screen' as const, at }] : []), { way: 'switchboard', at }],
    }),
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
  expect(await page.getByText('Nothing needs you now').count()).toBe(0)
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
    told: [
      { way: 'screen' },
      { way: 'switchboard' },
      { way: 'switchboard', by: 'switchboard-op', said: expect.any(String) },
    ],
  })
})

test('answers for wards that have no screen are at hand, folded, and never crowd the board', async (ctx) => {
  if (!hasChromium()) ctx.skip('needs Chromium')
  for (let i = 0; i < 40; i++) await untold(`Ward ${i + 10}`, `${70200 + i}`, false)
  const page = await bed.operator()
  const fold = page.getByRole('group').filter({ hasText: 'Answers for wards without a screen' })
  await fold.getByText('40', { exact: true }).waitFor()
  expect(await fold.getByRole('listitem').count()).toBe(0)
  await fold.locator('summary').click()
  expect(await fold.getByRole('listitem').count()).toBe(30)
  // Whoever rings now asked a moment ago.
  const newest = fold.getByRole('listitem').first()
  await newest.locator('strong', { hasText: 'Ward 49' }).waitFor()
  await newest.getByRole('button', { name: 'Told them' }).click()
  await fold.getByText('39', { exact: true }).waitFor()
})

test('whoever only looks sees the list and is offered no press', async (ctx) => {
  if (!hasChromium()) ctx.skip('needs Chromium')
  const page = await bed.operator('governance')
  await page.locator('#content').waitFor()
  expect(await page.getByRole('button', { name: 'Told them' }).count()).toBe(0)
})
