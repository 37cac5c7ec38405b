import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { axeOn, hasChromium } from '../support/browsers.ts'
import { ARREST, type ConsoleBed, openConsole } from '../support/console-bed.ts'
import { KEYS } from '../support/desk-bed.ts'

let bed: ConsoleBed
let page: Page

beforeAll(async () => {
  if (!hasChromium()) return
  bed = await openConsole({ config: { heartbeat: 500 } })
  for (const role of ARREST.roles) await bed.enrol({ person: bed.holder(role) })
  page = await bed.operator()
  // Browsers keep sound shut until somebody has touched the page.
  await page.mouse.click(3, 300)
})
afterAll(() => bed?.close())
beforeEach((ctx) => {
  if (!hasChromium()) ctx.skip('needs Chromium')
})
afterEach(async () => {
  await closeAll()
})

/** The board, once what the test before has left is gone from it. */
async function board(): Promise<void> {
  await page.goto(`${bed.base}/console/#/`)
  await expect.poll(() => page.locator('.calls .call').count()).toBe(0)
}
const call = (place: string) => page.locator('.calls .call', { hasText: place })
const personOf = (role: string) => {
  const { id, name, phone = '' } = bed.roster.current().people.get(bed.holder(role))!
  return { id, name, phone }
}
const todo = (place: string) => page.locator('.todo .task', { hasText: place })

const silent = (place: string) => todo(place).getByRole('button', { name: /^Silent/, pressed: true })

async function closeAll(): Promise<void> {
  if (bed === undefined) return
  for (const { id, version } of await bed.store.transact((tx) =>
    tx.alerts.list({ phase: 'open', limit: 99 }),
  ))
    await bed.alerts.apply(id, {
      ...{ kind: 'closed', at: bed.clock.now(), version },
      by: { kind: 'switchboard', operator: 'test' },
    })
}

test('an operator signs in with a key that leaves no trace, and a wrong one is told so', async () => {
  const fresh = await page.context().browser()!.newPage()
  await fresh.goto(`${bed.base}/`)
  await fresh.getByLabel('Name').fill('switchboard-op')
  await fresh.getByLabel('Key').fill('not the key')
  await fresh.getByRole('button', { name: 'Sign in' }).click()
  await fresh.getByRole('alert').getByText('Wrong name or key').waitFor()
  expect(await axeOn(fresh)).toEqual([])
  await fresh.getByLabel('Key').fill(KEYS.switchboard)
  await fresh.getByRole('button', { name: 'Sign in' }).click()
  await fresh.getByText('Nothing needs you now.').waitFor()
  expect(await fresh.context().cookies()).toMatchObject([{ httpOnly: true, sameSite: 'Strict' }])
  expect(await axeOn(fresh)).toEqual([])
  await fresh.close()
  expect(page.url()).not.toContain(KEYS.switchboard)
})

test('every bleep appears by itself, with who is coming and which role is missing, and changes as people answer', async () => {
  await board()
  const alert = await bed.call(ARREST)
  const row = call('Ward 7B, bed 3')
  await row.getByText('Anaesthetic registrar: nobody yet').waitFor()
  await row.getByText('“ADULT CARDIAC ARREST WARD 7B BED 3”').waitFor()
  // Nobody has accepted: nothing may look settled.
  await page.getByText('People are being called for 1 call.').waitFor()
  expect(await page.locator('.tasks').innerText()).not.toMatch(/✓|Nothing needs you now/)
  await bed.answer(alert, 'anaes-reg', 'accepted')
  await row.locator('.coming', { hasText: 'Anaesthetic registrar' }).waitFor()
  expect(await row.getByText('Anaesthetic registrar: nobody yet').count()).toBe(0)
  expect(await axeOn(page)).toEqual([])
})

test('what must I do now: whom to ring for which role, by which number, and one press for what they say', async () => {
  await board()
  const alert = await bed.call(ARREST)
  await bed.answer(alert, 'med-reg', 'accepted')
  await bed.exhaust(alert.id)
  const task = todo('Ward 7B, bed 3')
  await task.getByText('No one has accepted as Anaesthetic registrar (bleep 1061).').waitFor()
  const holder = personOf('anaes-reg')
  expect(await task.getByRole('link', { name: holder.phone }).getAttribute('href')).toMatch(/^tel:0\d+$/)
  expect(await page.title()).toMatch(/^! \(1\)/)
  expect(await axeOn(page)).toEqual([])
  await task.getByRole('button', { name: new RegExp(`^Coming ?: ${holder.name}`) }).click()
  await page.getByText('Nothing needs you now.').waitFor()
  await page.locator('.result', { hasText: `${holder.name}: recorded as coming` }).waitFor()
  const after = await bed.store.transact((tx) => tx.alerts.get(alert.id))
  expect(after).toMatchObject({ phase: 'covered', responders: { [holder.id]: { state: 'accepted' } } })
})

test('an alarm is silenced by itself, says for how long, and acting on the call ends it', async () => {
  await board()
  const one = await bed.call({ ...ARREST, place: 'Ward 9' })
  const two = await bed.call({ ...ARREST, place: 'Ward 12' })
  await bed.exhaust(one.id)
  await bed.exhaust(two.id)
  await page.getByRole('button', { name: 'Silence 2 alarms' }).waitFor()
  await todo('Ward 9')
    .getByRole('button', { name: /^Silence/ })
    .click()
  await silent('Ward 9').waitFor()
  await page.getByRole('button', { name: 'Silence the alarm', exact: true }).waitFor()
  await page.reload()
  await silent('Ward 9').waitFor()
  await todo('Ward 12').getByRole('button', { name: 'I am acting on it' }).click()
  // It stays, with the numbers to ring, and is silent.
  await todo('Ward 12').getByText('switchboard-op is acting on it').waitFor()
  expect(await todo('Ward 12').getByRole('link', { name: /^0/ }).count()).toBeGreaterThan(0)
  expect(
    await todo('Ward 12')
      .getByRole('button', { name: /^Silen/ })
      .count(),
  ).toBe(0)
  await call('Ward 12').getByText('switchboard-op is acting on it').waitFor()
})

test('two operators: what one has done is told to the other, and nothing is done twice', async () => {
  await board()
  const alert = await bed.call(ARREST)
  const before = await bed.exhaust(alert.id)
  const task = todo('Ward 7B, bed 3')
  await task.waitFor()
  // The other operator's press reaches the server first, and this board has not heard of it yet.
  await page.route('**/api/v1/alerts/*/actions', async (route) => {
    await bed.alerts.apply(alert.id, {
      ...{ kind: 'closed', at: bed.clock.now(), version: before.version },
      by: { kind: 'switchboard', operator: 'the other' },
    })
    await route.continue()
  })
  await task.getByRole('button', { name: 'I am acting on it' }).click()
  await page.locator('.result.bad', { hasText: 'already closed' }).waitFor()
  await page.unroute('**/api/v1/alerts/*/actions')
  await page.locator('.result').getByRole('button', { name: 'Dismiss' }).click()
})

test('the page of one call: what was said, who rang in, where the time went, and closing asks once', async () => {
  const alert = await bed.call(ARREST)
  await page.goto(`${bed.base}/console/#/alert/${alert.id}`)
  await page.getByRole('heading', { name: 'Where the time went' }).waitFor()
  await page.locator('svg.waterfall').waitFor()
  expect(await axeOn(page)).toEqual([])
  const { name } = personOf('anaes-reg')
  const fold = page.locator('details', { hasText: 'Record a telephone answer' })
  if ((await fold.getAttribute('open')) === null) await fold.locator('summary').click()
  await page.getByRole('button', { name: new RegExp(`^coming ?: ${name}`) }).click()
  await page.locator('.people .coming', { hasText: name }).waitFor()
  await page.getByLabel('What sort of words').selectOption('need-role')
  await page.getByLabel('Write to everybody on this alert').fill('Anaesthetics, please')
  await page.getByRole('button', { name: 'Send' }).click()
  await page.locator('.thread', { hasText: 'Needs Anaesthetics, please' }).waitFor()
  await page.getByLabel('Ask this role too: which role').selectOption('icu-reg')
  await page.getByRole('button', { name: 'Ask this role too' }).click()
  await page.getByText('asked Intensive care registrar as well').first().waitFor()
  await page.getByLabel('Every line').check()
  expect(await axeOn(page)).toEqual([])
  const close = page.getByRole('button', { name: /^Finish/ })
  const place = await close.boundingBox()
  await close.click()
  await page.getByRole('button', { name: 'Team incomplete. Sure?' }).waitFor()
  expect(await page.locator('.sure.asking').boundingBox()).toEqual(place)
  await page.getByRole('button', { name: 'Team incomplete. Sure?' }).click()
  await page.getByText('The call is finished').first().waitFor()
})

test('a page of the record prints without what is only to be pressed', async () => {
  await page.emulateMedia({ media: 'print' })
  expect(await page.getByRole('navigation', { name: 'Pages' }).isVisible()).toBe(false)
  expect(await page.getByRole('button', { name: 'Print on one page' }).isVisible()).toBe(false)
  expect(await page.locator('.sheet h1').textContent()).toContain('Adult arrest')
  expect(await page.getByRole('heading', { name: 'Time line' }).isVisible()).toBe(false)
  await page.emulateMedia({ media: 'screen' })
})

test('nothing moves under a pointer that is about to press, and the alarm does not wait for it', async () => {
  await board()
  await bed.call({ ...ARREST, place: 'Ward 9' })
  const close = call('Ward 9').getByRole('button', { name: 'Finish' })
  const before = (await close.boundingBox())!
  await page.mouse.move(before.x + 5, before.y + 5)
  await page.mouse.down()
  const late = await bed.call({ ...ARREST, place: 'Ward 12' })
  await bed.exhaust(late.id)
  await page.getByRole('link', { name: /^Board\s*1/ }).waitFor()
  expect(await close.boundingBox()).toEqual(before)
  expect(await call('Ward 12').count()).toBe(0)
  await page.mouse.move(3, 3)
  await page.mouse.up()
  await call('Ward 12').waitFor()
})

test('lists that stand still under a pointer never say that nothing is to be done while something is', async () => {
  await bed.call(ARREST)
  await closeAll()
  await board()
  await page.getByText('Nothing needs you now').waitFor()
  const box = (await page.locator('.board summary').first().boundingBox())!
  await page.mouse.move(box.x + 5, box.y + 5)
  await page.mouse.down()
  const late = await bed.call({ ...ARREST, place: 'Ward 12' })
  await page.getByText('People are being called for').waitFor()
  await bed.exhaust(late.id)
  await page.getByText('Not known: this board is not up to date.').waitFor()
  expect(await call('Ward 12').count()).toBe(0)
  expect(await page.getByText('Nothing needs you now').count()).toBe(0)
  await page.mouse.move(3, 3)
  await page.mouse.up()
  await call('Ward 12').waitFor()
})

test('the keyboard stays on its row when another call comes above it', async () => {
  await board()
  const old = await bed.call({ ...ARREST, place: 'Ward 9' })
  await call('Ward 9').getByRole('button', { name: 'Finish' }).focus()
  await bed.call({ ...ARREST, place: 'Ward 12' })
  await call('Ward 12').waitFor()
  expect(await page.locator('[data-key]:focus-within').getAttribute('data-key')).toBe(old.id)
})

test('one hand is enough: keys walk, act, look up and explain, and can be turned off', async () => {
  await board()
  const alert = await bed.call(ARREST)
  await bed.exhaust(alert.id)
  await todo('Ward 7B, bed 3').waitFor()
  await page.keyboard.press('?')
  await page.getByRole('heading', { name: 'Keyboard' }).waitFor()
  expect(await axeOn(page)).toEqual([])
  await page.keyboard.press('Escape')
  await page.keyboard.press('/')
  await page.keyboard.type('anaes')
  await page.locator('.on-now', { hasText: 'Anaesthetic registrar' }).getByText('bleep 1061').waitFor()
  expect(await axeOn(page)).toEqual([])
  await page.keyboard.press('Escape')
  expect(await page.locator('.on-now li').count()).toBe(0)
  await page.keyboard.press('1')
  await page.keyboard.press('s')
  await silent('Ward 7B, bed 3').waitFor()
  await page.keyboard.press('o')
  await page.getByRole('heading', { name: 'Time line' }).waitFor()
  await page.keyboard.press('Escape')
  await todo('Ward 7B, bed 3').waitFor()
  await page.keyboard.press('1')
  await page.keyboard.press('a')
  await call('Ward 7B, bed 3').getByText('switchboard-op is acting on it').waitFor()
  await page.keyboard.press('r')
  await page.getByRole('heading', { name: 'Who is on now' }).waitFor()
  await page.keyboard.press('?')
  await page.getByLabel('Single keys work').uncheck()
  await page.getByRole('button', { name: 'Close' }).click()
  await page.keyboard.press('b')
  expect(page.url()).toContain('#/rota')
  await page.evaluate('localStorage.clear()')
  await page.reload()
})
