import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadSite } from '../../src/config/site.ts'
import { trustSchema } from '../../src/core/directory/trust.ts'
import { asId, type PersonId } from '../../src/core/ids.ts'
import { axeOn, hasChromium } from '../support/browsers.ts'
import type { Bed } from '../support/desk-bed.ts'
import { openPhone, type PhoneBed, SWITCHBOARD } from '../support/phone-bed.ts'

const NEEDS = 'needs Chromium'

/** The trust wants its terms signed, and a word on the first phone before a second one rings. */
const trust = trustSchema.parse({
  ...{ title: 'Bleeps at Brackenfell', version: '4' },
  acceptedUse: { version: '2', text: 'Bleeps are confidential.\nKeep the phone locked.' },
})

let phone: PhoneBed
let bed: Bed
let page: Page
let me: PersonId

beforeAll(async () => {
  if (!hasChromium()) return
  const demo = loadSite('config/sites/demo', Date.now())
  if (!demo.ok) throw new Error('the demo site has faults')
  phone = await openPhone({ site: { ...demo.site, trust }, desk: { confirms: true } })
  bed = phone.bed
  page = phone.page
  me = bed.holder('med-reg')
})
afterAll(async () => {
  if (hasChromium()) await phone.close()
})

test('a second phone says that it does not ring, and goes on by itself once the first has spoken for it', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  const first = await bed.enrol({ person: me })
  await page.goto(`${phone.base}/app/#enrol=${await phone.code({ person: me })}`)
  await page.getByRole('button', { name: 'Set up this phone' }).tap()
  await page.getByRole('heading', { name: 'Say on your other phone that this one is yours' }).waitFor()
  await page.getByText('This phone does not ring yet.').waitFor()
  expect(await page.getByText('No open bleeps').count()).toBe(0)
  expect(await axeOn(page)).toEqual([])
  await page.reload()
  await page.getByText('This phone does not ring yet.').waitFor()
  const all = await bed.store.transact((tx) => tx.devices.owned({ people: [me] }))
  const second = all.find(({ state }) => state === 'waiting')
  const said = await bed.desk.confirm(
    { kind: 'device', access: 'holder', device: asId(first.id) },
    second?.id ?? asId('none'),
    true,
  )
  expect(said.ok).toBe(true)
  await page.getByRole('heading', { name: 'Terms of use' }).waitFor()
})

test('nothing stands before the terms of use but a bleep that rings; its words come once they are signed', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  await page.goto(`${phone.base}/app/#/duty`)
  await page.getByRole('heading', { name: 'Terms of use' }).waitFor()
  await page.getByText('Keep the phone locked.').waitFor()
  expect(await page.getByRole('navigation', { name: 'Pages' }).count()).toBe(0)
  expect(await axeOn(page)).toEqual([])
  const alert = await bed.call({
    ...{ text: 'MRS BLACK BED 3', kind: 'call-back', class: 'routine', place: 'Ward 7B' },
    ...{ callBack: '4421', roles: ['med-reg'], number: '1113' },
  })
  await page.getByRole('link', { name: /Ward 7B/ }).tap()
  await page.getByText('What was said is shown once you have agreed').waitFor()
  expect(await page.getByText('MRS BLACK').count()).toBe(0)
  await page.getByRole('link', { name: 'Terms of use' }).tap()
  await page.getByRole('button', { name: 'I have read this and agree' }).tap()
  await page.getByRole('navigation', { name: 'Pages' }).waitFor()
  await page.evaluate(`location.hash = '#/alert/${alert.id}'`)
  await page.getByText('“MRS BLACK BED 3”').waitFor()
  // What the phone holds is whole as well: it is read without a network.
  expect((await phone.stored()).join('\n')).toContain('MRS BLACK BED 3')
})

test('an emergency rings and is read before anything is signed', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  await bed.store.transact((tx) => tx.notes.forget(`accepted-use/${me}`))
  await page.goto(`${phone.base}/app/`)
  await page.reload()
  await page.getByRole('heading', { name: 'Terms of use' }).waitFor()
  await bed.call({
    ...{ text: 'ADULT CARDIAC ARREST WARD 9', kind: 'adult-arrest', class: 'emergency' },
    ...{ place: 'Ward 9', roles: ['med-reg'] },
  })
  await page.getByText('“ADULT CARDIAC ARREST WARD 9”').waitFor()
  await page.locator('[data-answer=accepted]').waitFor()
})

test('an open phone is told of another in its holder’s name at once, and a closed one by push', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  await bed.store.transact((tx) => tx.notes.set(`accepted-use/${me}`, { version: '2', at: 0 }, 0))
  await page.goto(`${phone.base}/app/#/duty`)
  await page.reload()
  await page.getByRole('navigation', { name: 'Pages' }).waitFor()
  const code = await phone.code({ person: me })
  const made = await bed.desk.enrol({ code, label: 'Somebody’s', channel: 'socket', address: '' })
  expect(made.ok && made.value.device.state).toBe('waiting')
  await page.getByText('Another phone was set up in your name').waitFor()
  const pusher = await phone.pusher()
  await pusher.push({ id: 'phone-0190', class: 'test', purpose: 'ask', tag: 'x' })
  await expect
    .poll(async () => (await phone.notifications()).map(({ title, body }) => `${title}: ${body}`))
    .toContain('Another phone was set up in your name: Open to say whether it is yours.')
  await pusher.close()
  await page.getByRole('button', { name: 'Not mine: switch it off' }).tap()
  await expect
    .poll(async () => {
      const devices = await bed.desk.devices(SWITCHBOARD)
      return devices.ok && devices.value.devices.find(({ label }) => label === 'Somebody’s')?.state
    })
    .toBe('revoked')
})
