import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asId, type PersonId } from '../../src/core/ids.ts'
import { systemClock } from '../../src/io/clock.ts'
import { axeOn, hasChromium, openChromiumPhone } from '../support/browsers.ts'
import { type Bed, type Call, openBed } from '../support/desk-bed.ts'

let bed: Bed
let folder: string
let context: BrowserContext
let page: Page
let base: string
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
  bed = await openBed({ clock: systemClock(() => {}), config: { heartbeat: 500 } })
  const listening = await bed.http.listen()
  if (!listening.ok) throw new Error(listening.fault.code)
  base = listening.value.url
  me = bed.holder('med-reg')
  await bed.enrol({ person: bed.holder('ccu-nurse') })
  folder = await mkdtemp(join(tmpdir(), 'bleep-phone-'))
  context = await openChromiumPhone(folder)
  await context.grantPermissions(['notifications'], { origin: base })
  page = context.pages()[0] ?? (await context.newPage())
})

afterAll(async () => {
  await context?.close()
  await bed?.close()
  if (folder) await rm(folder, { recursive: true, force: true })
})

async function newCode(): Promise<string> {
  const made = await bed.desk.code(
    { kind: 'operator', access: 'switchboard', operator: 'switchboard-op' },
    { kind: 'person', person: me },
  )
  if (!made.ok) throw new Error(made.fault.code)
  return made.value.code
}

const attemptsOf = (id: string) => bed.store.transact((tx) => tx.attempts.ofAlert(asId(id)))
const alertOf = (id: string) => bed.store.transact((tx) => tx.alerts.get(asId(id)))

test('a scanned code enrols the phone, once, and every screen is accessible', async (ctx) => {
  if (!hasChromium()) return ctx.skip('needs Chromium')
  const code = await newCode()
  await page.goto(`${base}/app/#enrol=${code}`)
  expect(await page.getByLabel('Code').inputValue()).toBe(code)
  expect(page.url()).not.toContain(code)
  expect(await axeOn(page)).toEqual([])
  await page.getByRole('button', { name: 'Enrol this phone' }).tap()
  await page.getByRole('heading', { name: 'Does this phone ring?' }).waitFor()
  expect(await axeOn(page)).toEqual([])
  const [device] = (await bed.store.transact((tx) => tx.devices.owned({ people: [me] }))).slice(-1)
  expect(device).toMatchObject({ state: 'active', owner: { kind: 'person', person: me } })

  await page.getByRole('link', { name: 'Duty' }).tap()
  await page.getByText('Medical registrar').first().waitFor()
  expect(await axeOn(page)).toEqual([])
  await page.getByRole('link', { name: 'Bleeps' }).tap()
  await page.getByText('No open bleeps').waitFor()
  expect(await axeOn(page)).toEqual([])
})

test('an emergency opens by itself on the open app, tells the server so, and takes one tap', async (ctx) => {
  if (!hasChromium()) return ctx.skip('needs Chromium')
  const alert = await bed.call(ARREST)
  await page.getByRole('heading', { name: 'Ward 7B, bed 3' }).waitFor()
  await page.getByText('“ADULT CARDIAC ARREST WARD 7B BED 3”').waitFor()
  await page.getByText('Still missing: Coronary care nurse').waitFor()
  expect(await axeOn(page)).toEqual([])
  await expect.poll(async () => (await attemptsOf(alert.id)).map((a) => a.state)).toContain('opened')
  await page.getByRole('button', { name: 'I’m coming' }).tap()
  await page.getByRole('button', { name: 'On my way' }).waitFor()
  expect((await alertOf(alert.id))?.responders[me]?.state).toBe('accepted')
  await page.getByRole('button', { name: 'ETA 5 min' }).tap()
  await page.getByText('ETA 5 min').last().waitFor()
  await page.getByLabel('Ask another role to come').selectOption('anaes-reg')
  await page.getByRole('button', { name: 'Ask', exact: true }).tap()
  await page.getByText('Needs ').waitFor()
  expect((await alertOf(alert.id))?.also).toEqual([{ kind: 'role', role: 'anaes-reg' }])
  expect(await axeOn(page)).toEqual([])
  await page.getByLabel('Back to all bleeps').tap()
})

test('a routine bleep takes two taps from the open app and offers the call back', async (ctx) => {
  if (!hasChromium()) return ctx.skip('needs Chromium')
  const alert = await bed.call(CALL_BACK)
  await page.getByRole('link', { name: /Call back/ }).tap()
  expect(await page.getByRole('link', { name: 'Call 4421' }).getAttribute('href')).toBe('tel:4421')
  expect(await axeOn(page)).toEqual([])
  await page.getByRole('button', { name: 'I’ll call back' }).tap()
  await expect.poll(async () => (await alertOf(alert.id))?.responders[me]?.state).toBe('call-back')
  await page.getByLabel('Back to all bleeps').tap()
})

test('out of reach the phone still shows what it holds, keeps an answer, and sends it when it is back', async (ctx) => {
  if (!hasChromium()) return ctx.skip('needs Chromium')
  const alert = await bed.call({ ...CALL_BACK, text: '5510', callBack: '5510' })
  await page.getByRole('link', { name: /Answer now/ }).waitFor()
  await page.waitForFunction('navigator.serviceWorker.controller !== null')
  await context.setOffline(true)
  await page.reload()
  await page.getByText('Not connected').waitFor()
  await page.getByRole('link', { name: /Answer now/ }).tap()
  await page.getByText('“5510”').waitFor()
  await page.getByRole('button', { name: 'Accept' }).tap()
  await page.getByText('Your answer has not left this phone yet.').waitFor()
  expect((await alertOf(alert.id))?.responders[me]?.state).not.toBe('accepted')
  // Meanwhile the alert moves on: the answer is behind, still fits, and goes without a second tap.
  const asked = await bed.desk.manage(
    { kind: 'operator', access: 'switchboard', operator: 'switchboard-op' },
    alert.id,
    { action: 'also-ask', version: alert.decided, role: asId('ccu-nurse') },
  )
  expect(asked.ok).toBe(true)
  await context.setOffline(false)
  await expect.poll(async () => (await alertOf(alert.id))?.responders[me]?.state).toBe('accepted')
  await page.getByText('Your answer has not left this phone yet.').waitFor({ state: 'detached' })
  await page.goto(`${base}/app/#/`)
})

interface Shown {
  readonly title: string
  readonly body: string
  readonly tag: string
  readonly actions: readonly string[]
}

const shown = () =>
  page.evaluate<readonly Shown[]>(`navigator.serviceWorker.ready
    .then((registration) => registration.getNotifications())
    .then((all) => all.map(({ title, body, tag, actions }) =>
      ({ title, body, tag, actions: actions.map((a) => a.action) })))`)

/** Every row of every database, every cached address, every string of web storage: what a thief would find. */
const stored = () =>
  page.evaluate<readonly string[]>(`(async () => {
    const result = (request) => new Promise((done, fail) => {
      request.onsuccess = () => done(request.result)
      request.onerror = () => fail(request.error)
    })
    const found = []
    for (const { name } of await indexedDB.databases()) {
      const db = await result(indexedDB.open(name))
      for (const store of db.objectStoreNames)
        for (const row of await result(db.transaction(store).objectStore(store).getAll())) found.push(JSON.stringify(row))
      db.close()
    }
    for (const name of await caches.keys())
      for (const request of await (await caches.open(name)).keys()) found.push(request.url)
    return [...found, ...Object.values(localStorage), ...Object.values(sessionStorage)]
  })()`)

/** Hands a push to the worker as the browser's push service would. */
async function deliver(session: CDPSession, registrationId: string, data: object): Promise<void> {
  await session.send('ServiceWorker.deliverPushMessage', {
    origin: base,
    registrationId,
    data: JSON.stringify(data),
  })
}

test('a push wakes the worker: it reports, pulls, shows once without a word of the page, and offers answers', async (ctx) => {
  if (!hasChromium()) return ctx.skip('needs Chromium')
  const session = await context.newCDPSession(page)
  const registered = new Promise<string>((done) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [first] = registrations
      if (first !== undefined) done(first.registrationId)
    })
  })
  await session.send('ServiceWorker.enable')
  const registrationId = await registered
  // Nobody looks at the app: only the worker may show this one.
  await page.goto('about:blank')
  const alert = await bed.call({ ...ARREST, text: 'TRAUMA CALL ED RESUS', place: 'ED resus', kind: 'trauma' })
  const attempt = (await attemptsOf(alert.id)).find((a) => a.person === me)
  if (attempt === undefined) throw new Error('no attempt')
  const bell = {
    id: attempt.id,
    class: 'emergency',
    purpose: 'ask',
    tag: alert.id.replaceAll('-', ''),
  }
  await deliver(session, registrationId, bell)
  await expect
    .poll(async () => (await attemptsOf(alert.id)).find((a) => a.id === attempt.id)?.state)
    .toBe('presented')
  await deliver(session, registrationId, bell)

  await page.goto(`${base}/app/#/`)
  await page.getByText('ED resus').waitFor()
  const notifications = await shown()
  expect(notifications).toEqual([
    { title: 'EMERGENCY', body: 'Unlock to read', tag: bell.tag, actions: ['accepted', 'declined'] },
  ])
  await session.detach()
})

test('a role offered to this phone is taken on it, and handed on from it', async (ctx) => {
  if (!hasChromium()) return ctx.skip('needs Chromium')
  const giver = bed.holder('surg-f1')
  const other = await bed.enrol({ person: giver })
  const offered = await bed.desk.offer(
    { kind: 'device', access: 'holder', device: asId(other.id) },
    asId('surg-f1'),
    me,
  )
  expect(offered.ok).toBe(true)
  await page.getByRole('link', { name: 'Duty' }).tap()
  await page.getByText('offers you Surgical F1').waitFor()
  expect(await axeOn(page)).toEqual([])
  await page.getByRole('button', { name: 'Take it' }).tap()
  await page.getByRole('button', { name: 'Hand over Surgical F1' }).waitFor()
  expect(bed.holder('surg-f1')).toBe(me)

  await page.getByRole('button', { name: 'Hand over Surgical F1' }).tap()
  const name = bed.roster.current().people.get(giver)?.name ?? ''
  await page.getByLabel('Who takes over').fill(name)
  expect(await axeOn(page)).toEqual([])
  await page.getByRole('button', { name: 'Offer', exact: true }).tap()
  await page.getByText(`Offered to ${name}, not taken yet`).waitFor()
  await page.getByRole('link', { name: 'Bleeps' }).tap()
})

test('signing out wipes everything the phone held', async (ctx) => {
  if (!hasChromium()) return ctx.skip('needs Chromium')
  expect((await stored()).join('\n')).toContain('ADULT CARDIAC ARREST')
  await page.getByRole('link', { name: 'Duty' }).tap()
  await page.getByRole('button', { name: 'Sign out and wipe' }).tap()
  await page.getByRole('heading', { name: 'Take up this phone' }).waitFor()
  expect(await stored()).toEqual([])
  expect(await shown()).toEqual([])
  const devices = await bed.store.transact((tx) => tx.devices.owned({ people: [me] }))
  expect(devices.map((d) => [d.state, d.address])).toEqual([['signed-out', '']])
})
