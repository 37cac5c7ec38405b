import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Alert } from '../../src/core/alert/alert.ts'
import { asId, type PersonId } from '../../src/core/ids.ts'
import { axeOn, hasChromium } from '../support/browsers.ts'
import type { Bed, Call } from '../support/desk-bed.ts'
import { asDevice, openPhone, type PhoneBed, SWITCHBOARD } from '../support/phone-bed.ts'

const NEEDS = 'needs Chromium'

let phone: PhoneBed
let bed: Bed
let page: Page
let me: PersonId

const ARREST: Call = {
  text: 'ADULT CARDIAC ARREST WARD 7B BED 3',
  kind: 'adult-arrest',
  class: 'emergency',
  place: 'Ward 7B, bed 3',
  roles: ['med-reg', 'ccu-nurse'],
}
const CALL_BACK: Call = {
  text: '4421',
  kind: 'call-back',
  class: 'routine',
  callBack: '4421',
  roles: ['med-reg'],
  number: '1113',
}

beforeAll(async () => {
  if (!hasChromium()) return
  phone = await openPhone()
  bed = phone.bed
  page = phone.page
  me = bed.holder('med-reg')
  await bed.enrol({ person: bed.holder('ccu-nurse') })
})

afterAll(async () => {
  if (hasChromium()) await phone.close()
})

const attemptsOf = (alert: Alert) => bed.store.transact((tx) => tx.attempts.ofAlert(alert.id))
const mine = (alert: Alert) => phone.responder(alert.id, me)

/** Each test begins with the list of bleeps, in reach. */
beforeEach(async () => {
  if (!hasChromium()) return
  await phone.context.setOffline(false)
  await page.evaluate("location.hash = '#/'").catch(() => undefined)
})

/** The open app without a network: it says so itself. */
async function outOfReach(): Promise<void> {
  await phone.context.setOffline(true)
  await page.getByText(/^Not connected/).waitFor()
}

test('a scanned code enrols the phone, once, and the code is not left in the address', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  const code = await phone.code({ person: me })
  await page.goto(`${phone.base}/app/#enrol=${code}`)
  expect(await page.getByLabel('Code').inputValue()).toBe(code)
  expect(page.url()).not.toContain(code)
  await page.getByRole('button', { name: 'Set up this phone' }).tap()
  await page.getByRole('heading', { name: 'Does this phone ring?' }).waitFor()
  const [device] = (await bed.store.transact((tx) => tx.devices.owned({ people: [me] }))).slice(-1)
  expect(device).toMatchObject({ state: 'active', owner: { kind: 'person', person: me } })
  await page.getByRole('link', { name: 'Bleeps' }).tap()
  await page.getByText('No open bleeps').waitFor()
  await page.getByText('This phone was not tested in this shift').waitFor()
})

test('the app can be installed: the browser finds its manifest whole and nothing in the way', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  const session = await page.context().newCDPSession(page)
  const { manifest, errors } = await session.send('Page.getAppManifest')
  expect(errors).toEqual([])
  expect(manifest).toMatchObject({ display: 'kStandalone', scope: `${phone.base}/app/` })
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors')
  expect(installabilityErrors).toEqual([])
  await session.detach()
})

test('the self-test proves the ring and its receipt, and believes only a person about the sound', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  await page.getByRole('link', { name: 'Test it now' }).tap()
  await page.getByRole('button', { name: 'Ring this phone' }).tap()
  await page.locator('.check.yes', { hasText: 'Ring with the app open, and receipt' }).waitFor()
  await page.getByRole('button', { name: 'No', exact: true }).tap()
  await page.getByText('Do not rely on this phone').waitFor()
  await page.getByText('Turn the volume up').waitFor()
  expect(await axeOn(page)).toEqual([])
  await page.getByRole('button', { name: 'Ring this phone' }).tap()
  await page.getByRole('button', { name: 'Yes' }).tap()
  await page.getByText('This phone rings only while the app is open').waitFor()
  await page.getByText('This phone cannot be rung while the app is closed').waitFor()
  await page.getByRole('link', { name: 'Bleeps' }).tap()
  await page.getByText('No open bleeps').waitFor()
  expect(await page.getByText('This phone was not tested').count()).toBe(0)
})

test('an emergency opens by itself on the open app, tells the server so, and takes one tap, however often it is tapped', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  const alert = await bed.call(ARREST)
  await page.getByRole('heading', { name: 'Ward 7B, bed 3' }).waitFor()
  await page.getByText('“ADULT CARDIAC ARREST WARD 7B BED 3”').waitFor()
  await page.getByText('Still missing: Coronary care nurse').waitFor()
  await page.getByRole('button', { name: 'Silence' }).tap()
  await page.getByRole('button', { name: 'Silence' }).waitFor({ state: 'detached' })
  await expect.poll(async () => (await attemptsOf(alert)).map((a) => a.state)).toContain('opened')
  // Gloves: the second tap falls on the button that has taken the place of the first.
  await page.locator('[data-answer=accepted][aria-disabled=false]').waitFor()
  const box = await page.getByRole('button', { name: 'I’m coming' }).boundingBox()
  if (box === null) throw new Error('no button')
  for (let i = 0; i < 3; i++) await page.touchscreen.tap(box.x + 40, box.y + 40)
  await page.getByText('You are coming').waitFor()
  await expect.poll(() => mine(alert)).toBe('accepted')
  await page.getByRole('button', { name: 'ETA 5 min' }).tap()
  await page.getByRole('log').getByText('ETA 5 min').waitFor()
  expect(await mine(alert)).toBe('accepted')
  await page.getByLabel('Ask another role to come').selectOption('anaes-reg')
  await page.getByRole('button', { name: 'Ask', exact: true }).tap()
  await page.getByRole('log').getByText('Needs ').waitFor()
  const asked = await bed.store.transact((tx) => tx.alerts.get(alert.id))
  expect(asked?.also).toEqual([{ kind: 'role', role: 'anaes-reg' }])
})

test('a second emergency neither hides nor silences the first: it stands above it, one tap away', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  const first = await bed.call(ARREST)
  await page.getByRole('heading', { name: 'Ward 7B, bed 3' }).waitFor()
  const second = await bed.call({
    ...ARREST,
    text: 'ADULT CARDIAC ARREST WARD 2A BED 1',
    place: 'Ward 2A, bed 1',
  })
  const waiting = page.getByRole('navigation', { name: 'Waits for your answer as well' })
  await waiting.getByText('Ward 2A, bed 1').waitFor()
  expect(await page.getByRole('heading', { name: 'Ward 7B, bed 3' }).count()).toBe(1)
  await page.getByRole('button', { name: 'Silence' }).waitFor()
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  const kind = await page.locator('.alert .kind').boundingBox()
  expect((kind?.y ?? 999) + (kind?.height ?? 0)).toBeLessThan(page.viewportSize()?.height ?? 0)
  if (process.env.PHONE_PICTURES) await page.screenshot({ path: `${process.env.PHONE_PICTURES}/two.png` })
  await waiting.getByRole('link').tap()
  await page.getByRole('heading', { name: 'Ward 2A, bed 1' }).waitFor()
  await waiting.getByText('Ward 7B, bed 3').waitFor()
  for (const { id } of [first, second]) await phone.end(id)
})

test('a routine bleep takes two taps from the open app: the second dials and says so', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  const alert = await bed.call(CALL_BACK)
  await page.getByRole('link', { name: /Call back/ }).tap()
  const call = page.getByRole('link', { name: 'Call 4421', exact: true })
  expect(await call.getAttribute('href')).toBe('tel:4421')
  // There is no dialler here, and the browser's question for one would stand before the app.
  await page.evaluate("document.addEventListener('click', (event) => event.preventDefault(), { once: true })")
  await call.tap()
  await expect.poll(() => mine(alert)).toBe('call-back')
  await page.getByText('You will call back').waitFor()
})

test('out of reach the phone shows what it holds and how old it is; an answer counts on the screen at once, and is sent later', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  const alert = await bed.call({ ...CALL_BACK, text: '5510', callBack: '5510' })
  await page.getByRole('link', { name: /Answer now/ }).waitFor()
  await outOfReach()
  await page.reload()
  await page.getByText(/Not connected since \d\d:\d\d/).waitFor()
  await page.getByRole('link', { name: /Answer now/ }).tap()
  await page.getByText('“5510”').waitFor()
  await page.getByText(/As last heard at/).waitFor()
  await page.getByRole('button', { name: 'I’m coming' }).tap()
  await page.getByText('You are coming').waitFor()
  await page.getByText(/Not sent yet, given at/).waitFor()
  expect(await axeOn(page)).toEqual([])
  expect(await mine(alert)).not.toBe('accepted')
  await page.getByLabel('Back to all bleeps').tap()
  await page.getByText('(not sent yet)').waitFor()
  await phone.context.setOffline(false)
  await expect.poll(() => mine(alert)).toBe('accepted')
  await page.getByText('(not sent yet)').waitFor({ state: 'detached' })
  await phone.end(alert.id)
})

test('an answer that comes too late says what stands instead', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  const alert = await bed.call({ ...CALL_BACK, text: '6613', callBack: '6613' })
  await page.getByRole('link', { name: /6613/ }).tap()
  await page.getByRole('button', { name: 'I can’t' }).waitFor()
  await outOfReach()
  await page.getByRole('button', { name: 'I’m coming' }).tap()
  await page.getByText('You are coming').waitFor()
  await phone.end(alert.id)
  await phone.context.setOffline(false)
  await page.getByText(/Your answer was not taken.*already closed/).waitFor()
  expect(await mine(alert)).not.toBe('accepted')
  expect(await axeOn(page)).toEqual([])
})

test('a server that cannot work for now is told again until it can', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  const alert = await bed.call({ ...CALL_BACK, text: '7001', callBack: '7001' })
  await page.getByRole('link', { name: /7001/ }).tap()
  const busy = { code: 'store-busy', title: 'Busy', status: 503, type: 'urn:x', remedy: 'Wait' }
  await page.route('**/answers', (route) =>
    route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify(busy) }),
  )
  await page.getByRole('button', { name: 'I’ll call back' }).tap()
  await page.getByText(/^Not sent yet, given/).waitFor()
  await page.unroute('**/answers')
  await expect.poll(() => mine(alert)).toBe('call-back')
  await page.getByText(/^Not sent yet, given/).waitFor({ state: 'detached' })
})

test('“not me” leaves it to others, is taken back in one tap, and lies below what is this person’s own', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  const alert = await bed.call({ ...CALL_BACK, text: '7002', callBack: '7002' })
  await page.getByRole('link', { name: /7002/ }).tap()
  await page.getByRole('button', { name: 'Not me' }).tap()
  await expect.poll(() => mine(alert)).toBe('not-me')
  await page.getByText('You said: not me').waitFor()
  await page.getByLabel('Back to all bleeps').tap()
  await page.getByText(/^Earlier/).tap()
  await page.getByRole('link', { name: /7002/ }).tap()
  await page.getByRole('button', { name: 'It is me: I’m coming' }).tap()
  await expect.poll(() => mine(alert)).toBe('accepted')
})

test('a role offered to this phone is taken on it, handed on from it, and taken back', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  const giver = bed.holder('surg-f1')
  const other = await bed.enrol({ person: giver })
  expect((await bed.desk.offer(asDevice(other.id), asId('surg-f1'), me)).ok).toBe(true)
  await page.getByRole('link', { name: 'Duty' }).tap()
  await page.getByText('offers you Surgical F1').waitFor()
  await page.getByRole('button', { name: 'Take it' }).tap()
  await page.getByRole('button', { name: 'Hand over Surgical F1' }).waitFor()
  expect(bed.holder('surg-f1')).toBe(me)

  await page.getByRole('button', { name: 'Hand over Surgical F1' }).tap()
  const name = bed.roster.current().people.get(giver)?.name ?? ''
  await page.getByLabel('Who takes over?').fill(name)
  await page.getByRole('button', { name: `Offer to ${name}` }).tap()
  await page.getByText(`Offered to ${name}, not taken yet`).waitFor()
  await page.getByRole('button', { name: 'Take back Surgical F1' }).tap()
  await page.getByRole('button', { name: 'Hand over Surgical F1' }).waitFor()
  expect(bed.roster.current().batons.get(asId('surg-f1'))?.offer).toBeUndefined()
})

test('off and on duty, by one button', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  await bed.desk.force(SWITCHBOARD, asId('med-reg'), bed.holder('ccu-nurse'))
  await page.getByRole('link', { name: 'Duty' }).tap()
  // What follows the change on the page is slow; the other button can be tapped before it is through.
  await page.route('**/api/v1/ways', async (route) => {
    await page.getByText('You are on duty').waitFor()
    await route.continue()
  })
  await page.getByRole('button', { name: 'Go off duty' }).tap()
  await page.getByText('You are off duty, so you won’t be bleeped.').waitFor()
  await page.getByRole('button', { name: 'Go on duty' }).tap()
  await page.getByText('You are on duty').waitFor()
  await page.unrouteAll({ behavior: 'ignoreErrors' })
})

test('signing out is asked twice, and wipes everything the phone held', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  expect((await phone.stored()).join('\n')).toContain('ADULT CARDIAC ARREST')
  await page.getByRole('link', { name: 'Duty' }).tap()
  await page.getByRole('button', { name: 'Sign out…' }).tap()
  await page.getByRole('button', { name: 'Stay signed in' }).tap()
  await page.getByRole('button', { name: 'Sign out…' }).tap()
  await page.getByRole('button', { name: 'Sign out and delete' }).tap()
  await page.getByRole('heading', { name: 'Set up this phone' }).waitFor()
  expect(await phone.stored()).toEqual([])
  expect(await phone.notifications()).toEqual([])
  const devices = await bed.store.transact((tx) => tx.devices.owned({ people: [me] }))
  expect(devices.map((d) => [d.state, d.address])).toEqual([['signed-out', '']])
  expect(phone.complaints).toEqual([])
})
