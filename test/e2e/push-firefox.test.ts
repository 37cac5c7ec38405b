import { existsSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { vapidKeys } from '../../hardware/simulators/push-crypto.ts'
import { asId, type PersonId } from '../../src/core/ids.ts'
import { type Channels, openChannels } from '../../src/io/channels/registry.ts'
import { systemClock } from '../../src/io/clock.ts'
import { systemRandom } from '../../src/io/random.ts'
import { startOutbox } from '../../src/run/deliver/outbox.ts'
import { createRinger } from '../../src/run/deliver/self-test.ts'
import { startShiftEnd } from '../../src/run/keep/shift-end.ts'
import type { Loop } from '../../src/run/loop.ts'
import { FIREFOX } from '../support/browsers.ts'
import { type Bed, openBed, SHIFT_END } from '../support/desk-bed.ts'
import { type Desktop, hasDbus, startDesktop } from '../support/desktop.ts'
import { type FirefoxPush, startFirefoxPush } from '../support/firefox-push.ts'
import { removeFolder } from '../support/folders.ts'
import { quietLog, quietMetrics } from '../support/quiet.ts'

const ready = () => existsSync(FIREFOX) && hasDbus()
const NEEDS = 'needs Firefox ESR and dbus-daemon'

let push: FirefoxPush
let desktop: Desktop
let channels: Channels
let bed: Bed
let outbox: Loop
let browser: Browser
let page: Page
let folder: string
let base: string
let me: PersonId

beforeAll(async () => {
  if (!ready()) return
  const clock = systemClock(() => {})
  const keys = vapidKeys()
  push = await startFirefoxPush()
  desktop = await startDesktop()
  channels = openChannels(
    { webpush: { subject: 'mailto:it@hospital.example', ...keys } },
    { clock, reach: () => ({ ca: push.ca, connections: 4 }) },
  )
  bed = await openBed({
    clock,
    ring: createRinger(channels.all, clock),
    config: { pushKey: keys.publicKey, heartbeat: 500 },
    parts: { sockets: channels.socket },
  })
  outbox = startOutbox({
    store: bed.store,
    clock,
    random: systemRandom,
    log: quietLog,
    metrics: quietMetrics,
    channels: channels.all,
    privacy: 'opaque',
    owner: 'test',
    apply: async (alert, event) => void (await bed.alerts.apply(alert, event)),
  })
  const listening = await bed.http.listen()
  if (!listening.ok) throw new Error(listening.fault.code)
  base = listening.value.url
  me = bed.holder('med-reg')
  folder = await mkdtemp(join(tmpdir(), 'bleep-firefox-'))
  browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: FIREFOX,
    headless: true,
    userDataDir: join(folder, 'profile'),
    env: { ...process.env, HOME: folder, DBUS_SESSION_BUS_ADDRESS: desktop.address },
    extraPrefsFirefox: {
      'dom.push.serverURL': push.url,
      'dom.push.testing.allowInsecureServerURL': true,
      'dom.push.testing.ignorePermission': true,
      'dom.push.connection.enabled': true,
      'permissions.default.desktop-notification': 1,
    },
  })
  page = (await browser.pages())[0] ?? (await browser.newPage())
})

afterAll(async () => {
  await browser?.close()
  await outbox?.stop()
  await channels?.close()
  await bed?.close()
  await push?.close()
  await desktop?.close()
  if (folder) removeFolder(folder)
})

const deviceNow = async () => (await bed.store.transact((tx) => tx.devices.owned({ people: [me] }))).at(-1)
const responder = async (id: string) =>
  (await bed.store.transact((tx) => tx.alerts.get(asId(id))))?.responders[me]?.state

test('a real subscription, made by the self-test, rings the phone through a real encrypted push', async (ctx) => {
  if (!ready()) return ctx.skip(NEEDS)
  const made = await bed.desk.code(
    { kind: 'operator', access: 'switchboard', operator: 'switchboard-op' },
    { kind: 'person', person: me },
  )
  if (!made.ok) throw new Error(made.fault.code)
  await page.goto(`${base}/app/#enrol=${made.value.code}`)
  await page.locator('button.main').click()
  await page.locator('::-p-text(Ring this phone)').click()
  await expect.poll(async () => (await deviceNow())?.channel).toBe('webpush')
  await expect.poll(() => desktop.shown.map((n) => n.title)).toContain('Test call')
  await page.locator('.check.yes ::-p-text(Ring with the app closed, and receipt)').wait()
  await page.locator('button.yes').click()
  await page.locator('::-p-text(This phone rings, open or closed.)').wait()
  expect((await deviceNow())?.clock?.uncertainty).toBeLessThan(5000)
})

test('with the app closed a bleep shows on the desktop without its words, and is answered from there', async (ctx) => {
  if (!ready()) return ctx.skip(NEEDS)
  await page.goto('about:blank')
  const before = desktop.shown.length
  const alert = await bed.call({
    text: 'ADULT CARDIAC ARREST WARD 7B BED 3',
    kind: 'adult-arrest',
    class: 'emergency',
    place: 'Ward 7B, bed 3',
    roles: ['med-reg'],
  })
  await expect.poll(() => desktop.shown.slice(before).map((n) => n.title)).toContain('EMERGENCY')
  const notification = desktop.shown.slice(before).find((n) => n.actions.size > 1)
  if (notification === undefined) throw new Error('no notification that can be answered')
  expect(`${notification.title} ${notification.body}`).not.toMatch(/ARREST|WARD/i)
  for (const body of push.posted) expect(body.toString('latin1')).not.toMatch(/ARREST|WARD/)
  await expect.poll(() => responder(alert.id)).toBe('presented')

  const accept = [...notification.actions].find(([, words]) => words.includes('coming'))
  desktop.press(notification.id, accept?.[0] ?? '')
  await expect.poll(() => responder(alert.id)).toBe('accepted')

  const attempts = await bed.store.transact((tx) => tx.attempts.ofAlert(alert.id))
  expect(attempts.find((a) => a.channel === 'webpush')?.state).toBe('opened')
  await expect
    .poll(() => desktop.shown.at(-1))
    .toMatchObject({ title: 'You are coming', body: 'Your answer was taken.' })
})

test('with the app closed a push at the end of the shift wipes the phone, which stays enrolled', async (ctx) => {
  if (!ready()) return ctx.skip(NEEDS)
  await page.goto(`${base}/healthz`)
  expect(await page.evaluate(STORED)).toContain('ADULT CARDIAC ARREST')
  for (const alert of await bed.store.transact((tx) => tx.alerts.list({ phase: 'open', limit: 10 })))
    await bed.desk.manage({ kind: 'operator', access: 'switchboard', operator: 'switchboard-op' }, alert.id, {
      action: 'close',
      version: alert.version,
    })
  const now = Math.floor(bed.clock.now())
  await bed.roster.edit('test', { kind: 'leave', person: me, from: now - 1, to: now + 3_600_000 })
  await bed.store.transact(async (tx) => {
    const device = (await tx.devices.owned({ people: [me] })).at(-1)
    if (device !== undefined) await tx.devices.save({ ...device, keepsUntil: now })
  })
  const wake = createRinger(channels.all, bed.clock, 'shift-ended')
  const shifts = startShiftEnd({
    ...{ store: bed.store, clock: bed.clock, wake: bed.store.wake, log: quietLog, metrics: quietMetrics },
    directory: bed.roster.current,
    rules: SHIFT_END,
    tell: (device) => wake(device, device.id),
  })
  await expect.poll(() => desktop.shown.map((n) => n.title)).toContain('Off duty')
  await shifts.stop()
  const left = await page.evaluate(STORED)
  expect(left).toContain('token')
  expect(left).not.toMatch(/ARREST|Ward 7B/)
  expect((await deviceNow())?.state).toBe('active')
})

/** Every row of the phone's database with its key. */
const STORED = `(async () => {
  const result = (request) => new Promise((done, fail) => {
    request.onsuccess = () => done(request.result)
    request.onerror = () => fail(request.error)
  })
  const db = await result(indexedDB.open('bleeps'))
  const found = []
  for (const name of db.objectStoreNames) {
    const store = db.transaction(name).objectStore(name)
    found.push(await result(store.getAllKeys()), await result(store.getAll()))
  }
  db.close()
  return JSON.stringify(found)
})()`
