import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Alert } from '../../src/core/alert/alert.ts'
import { asId, type PersonId, type RoleId } from '../../src/core/ids.ts'
import { HOUR } from '../../src/core/instant.ts'
import { axeOn, hasChromium, smallTargetsOn, walkByKeyboard } from '../support/browsers.ts'
import type { Bed, Call } from '../support/desk-bed.ts'
import { asDevice, openPhone, type PhoneBed, SWITCHBOARD } from '../support/phone-bed.ts'

const NEEDS = 'needs Chromium'
const ARREST: Call = {
  text: 'ADULT CARDIAC ARREST WARD 7B BED 3',
  kind: 'adult-arrest',
  class: 'emergency',
  place: 'Ward 7B, bed 3',
  roles: ['med-reg', 'ccu-nurse'],
}
const MET: Call = {
  text: 'MET CALL WARD 12 SIDE ROOM 4 NEWS 9 PLEASE ATTEND NOW',
  kind: 'met',
  class: 'urgent',
  place: 'Ward 12, side room 4',
  roles: ['med-reg'],
  number: '2210',
}
const CALL_BACK: Call = {
  text: '4421',
  kind: 'call-back',
  class: 'routine',
  callBack: '4421',
  roles: ['med-reg'],
  number: '1113',
}

let phone: PhoneBed
let bed: Bed
let page: Page
let me: PersonId
let nurse: string

beforeAll(async () => {
  if (!hasChromium()) return
  phone = await openPhone()
  bed = phone.bed
  page = phone.page
  me = bed.holder('med-reg')
  nurse = (await bed.enrol({ person: bed.holder('ccu-nurse') })).id
})

afterAll(async () => {
  if (hasChromium()) await phone.close()
})

/** Narrow as the smallest phone, and as that phone with everything twice as large (WCAG 2.2, 1.4.4 and 1.4.10). */
const SIZES = [
  { width: 390, height: 844 },
  { width: 320, height: 568 },
  { width: 195, height: 422 },
]

/** No fault in dark or light, nothing too small for a glove, nothing cut off at any size. */
async function sound(name: string): Promise<void> {
  expect(await axeOn(page), name).toEqual([])
  expect(await smallTargetsOn(page), name).toEqual([])
  for (const size of SIZES) {
    await page.setViewportSize(size)
    const wide = await page.evaluate<number>('document.documentElement.scrollWidth')
    expect(wide, `${name} at ${size.width}`).toBeLessThanOrEqual(size.width)
  }
  await page.setViewportSize({ width: 390, height: 844 })
}

const goTo = async (hash: string) => {
  await page.evaluate(`location.hash = '${hash}'`)
  await page.locator('#title').waitFor()
}
const version = async (alert: Alert) =>
  (await bed.store.transact((tx) => tx.alerts.get(alert.id)))?.version ?? 0

test('enrolling, with a wrong code and with a right one', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  await page.goto(`${phone.base}/app/`)
  await page.getByRole('heading', { name: 'Set up this phone' }).waitFor()
  await sound('enrol')
  await page.getByLabel('Code').fill('WRONGCODE')
  await page.getByRole('button', { name: 'Set up this phone' }).tap()
  await page.getByText('The enrolment code is wrong').waitFor()
  await sound('enrol, wrong code')
  const walk = await walkByKeyboard(page)
  await phone.enrol({ person: me })
  expect(walk.faults).toEqual([])
  expect(walk.reached).toEqual(['code', 'label', 'Set up this phone'])
})

test('self-test: before, while somebody listens, and after', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  await sound('self-test')
  await page.getByRole('button', { name: 'Ring this phone' }).tap()
  await page.getByText('Did you hear it?').waitFor()
  await sound('self-test, listening')
  expect((await walkByKeyboard(page)).faults).toEqual([])
  await page.getByRole('button', { name: 'No', exact: true }).tap()
  await page.getByText('Do not rely on this phone').waitFor()
  await sound('self-test, failed')
})

test('duty: roles, whom to hand over to, an offer made, an offer got, signing out', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  await goTo('#/duty')
  await page.getByText('Roles you hold').waitFor()
  await sound('duty')
  await page.getByRole('button', { name: /^Hand over/ }).tap()
  await page.getByLabel('Who takes over?').fill('a')
  await page.getByText('people: type more letters').waitFor()
  await sound('handing over')
  expect((await walkByKeyboard(page)).faults).toEqual([])
  await page.locator('.names button').first().tap()
  await page.getByText('not taken yet').waitFor()
  await sound('offered')
  const giver = await bed.enrol({ person: bed.holder('surg-f1') })
  expect((await bed.desk.offer(asDevice(giver.id), asId('surg-f1'), me)).ok).toBe(true)
  await goTo('#/')
  await goTo('#/duty')
  await page.getByText('offers you').waitFor()
  await sound('an offer to take')
  await page.getByRole('button', { name: 'Refuse' }).tap()
  await page.getByRole('button', { name: 'Sign out…' }).tap()
  await sound('signing out?')
})

test('an emergency: ringing, accepted, covered, its thread, closed', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  await goTo('#/')
  await page.getByText('No open bleeps').waitFor()
  await sound('no bleeps')
  const arrest = await bed.call(ARREST)
  await page.getByRole('heading', { name: 'Ward 7B, bed 3' }).waitFor()
  await page.getByRole('button', { name: 'Silence' }).waitFor()
  await sound('ringing')
  const walk = await walkByKeyboard(page)
  expect(walk.faults).toEqual([])
  for (const name of ['Back to all bleeps', 'I’m coming', 'I can’t', 'Not me', 'ETA 5 min', 'Send'])
    expect(walk.reached).toContain(name)
  await page.locator('[data-answer=accepted][aria-disabled=false]').focus()
  await page.keyboard.press('Enter')
  await page.getByText('You are coming').waitFor()
  await expect.poll(() => phone.responder(arrest.id, me)).toBe('accepted')
  await sound('accepted')
  await bed.desk.answer(asDevice(nurse), arrest.id, { answer: 'accepted', version: await version(arrest) })
  await bed.desk.say(asDevice(nurse), arrest.id, { kind: 'eta', text: '2 min' })
  await bed.desk.say(SWITCHBOARD, arrest.id, { kind: 'note', text: 'Lift B is out: use the stairs' })
  await page.getByText('Full team on the way').waitFor()
  await page.getByText('Lift B is out').waitFor()
  await sound('covered, with a thread')
  await phone.end(arrest.id)
  await page.getByText('Closed.').waitFor()
  await sound('closed')
})

test('the list of bleeps, a call-back, an urgent call, “not me”', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  await goTo('#/')
  await bed.call(MET)
  await bed.call(CALL_BACK)
  await page.getByRole('link', { name: /Call back/ }).waitFor()
  await page.getByText(/^Earlier/).tap()
  await sound('a full list')
  expect((await walkByKeyboard(page)).faults).toEqual([])
  await page.getByRole('link', { name: /Call back/ }).tap()
  await page.getByRole('link', { name: 'Call 4421', exact: true }).waitFor()
  await sound('call-back')
  await goTo('#/')
  await page.getByRole('link', { name: /Ward 12/ }).tap()
  await page.getByRole('button', { name: 'Not me' }).tap()
  await page.getByText('You said: not me').waitFor()
  await sound('not me')
})

test('out of reach, with an answer that waits', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  await goTo('#/')
  await page.getByRole('link', { name: /Call back/ }).tap()
  await phone.context.setOffline(true)
  await page.getByText(/^Not connected/).waitFor()
  await page.getByRole('button', { name: 'I’m coming' }).tap()
  await page.getByText(/^Not sent yet, given/).waitFor()
  await sound('not sent yet')
  await goTo('#/')
  await sound('the list out of reach')
  await phone.context.setOffline(false)
  await page.getByText(/^Not connected/).waitFor({ state: 'detached' })
})

test('off duty, and a bleep that has gone with its shift', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  const now = Math.floor(bed.clock.now())
  await bed.roster.edit('test', { kind: 'leave', person: me, from: now - 1, to: now + HOUR })
  for (const alert of await bed.store.transact((tx) => tx.alerts.list({ phase: 'open', limit: 10 })))
    await phone.end(alert.id)
  await bed.store.transact(async (tx) => {
    const device = (await tx.devices.owned({ people: [me] })).at(-1)
    if (device !== undefined) await tx.devices.save({ ...device, cleared: bed.clock.now() })
  })
  await goTo('#/duty')
  await goTo('#/')
  await page.getByText('Off duty: signed out, bleeps deleted').waitFor()
  await sound('off duty')
  await goTo('#/alert/gone')
  await page.getByText('This bleep is not on this phone').waitFor()
  await sound('gone')
  await goTo('#/duty')
  await sound('duty, off')
  expect(phone.complaints).toEqual([])
})

test('on a handset that two people share, each says who they are, and the answer bears that name', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  const second = bed.holder('ccu-nurse')
  const now = Math.floor(bed.clock.now())
  const role = asId<RoleId>('site-matron')
  await bed.roster.edit('test', {
    ...{ kind: 'override', role, person: second, from: now - 1, to: now + HOUR, mode: 'also' },
  })
  // A code scanned on a phone that is somebody's: asked first, wiped, and taken up.
  await page.goto(`${phone.base}/app/#enrol=${await phone.code({ role })}`)
  await page.getByRole('heading', { name: 'Set up this phone again?' }).waitFor()
  await sound('enrolled already')
  await page.getByRole('button', { name: 'Delete and set up again' }).tap()
  await page.getByRole('button', { name: 'Set up this phone' }).tap()
  await page.getByRole('heading', { name: 'Does this phone ring?' }).waitFor()
  await goTo('#/')
  await page.getByText('Who has this handset now?').waitFor()
  await sound('who are you?')
  const name = bed.roster.current().people.get(second)?.name ?? ''
  await page.getByRole('button', { name }).tap()
  await page.getByText('Who has this handset now?').waitFor({ state: 'detached' })
  const alert = await bed.call({ ...ARREST, roles: ['site-matron'] })
  await page.getByText(`You answer as ${name}`).waitFor()
  await sound('answering as')
  await page.getByRole('button', { name: 'I’m coming' }).tap()
  await expect.poll(() => phone.responder(alert.id, second)).toBe('accepted')
  await goTo('#/duty')
  await page.getByText('Several people have this handset').waitFor()
  await sound('duty on a shared handset')
})
