import type { CDPSession, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { PersonId } from '../../src/core/ids.ts'
import { hasChromium } from '../support/browsers.ts'
import { ARREST } from '../support/console-bed.ts'
import { openPhone, type PhoneBed } from '../support/phone-bed.ts'

/** The smallest phone that is still sold, and the largest text that WCAG 2.2 asks for (1.4.4). */
const PHONE = { width: 360, height: 640 }
const TWICE = { standard: 32, fixed: 26 }

let phone: PhoneBed
let page: Page
let me: PersonId
let devtools: CDPSession

beforeAll(async () => {
  if (!hasChromium()) return
  phone = await openPhone()
  ;({ page } = phone)
  me = phone.bed.holder('med-reg')
  await page.setViewportSize(PHONE)
  devtools = await phone.context.newCDPSession(page)
  await devtools.send('Page.setFontSizes', { fontSizes: TWICE })
  await phone.enrol({ person: me })
})
afterAll(() => phone?.close())
afterEach(async () => {
  for (const { id } of await phone.bed.store.transact((tx) => tx.alerts.list({ phase: 'open', limit: 9 })))
    await phone.end(id)
})

/** Whether all of an element is on the glass, with nothing before it. */
const isInSight = (selector: string) =>
  page.evaluate<boolean>(`(() => {
    const found = document.querySelector(${JSON.stringify(selector)})
    const { left, right, top, bottom } = found.getBoundingClientRect()
    const own = (x, y) => { const at = document.elementFromPoint(x, y); return at === found || found.contains(at) }
    return left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight &&
      own(left + 2, top + 2) && own(left + 2, bottom - 2)
  })()`)

const CALLS = [
  ['emergency', ARREST],
  [
    'urgent',
    {
      ...{ text: 'MET CALL WARD 12 BED 20', kind: 'deteriorating-patient', class: 'urgent' as const },
      ...{ place: 'Ward 12, bed 20', roles: ['med-reg'] },
    },
  ],
  [
    'routine',
    {
      ...{ text: 'PLS CALL 4421 RE BED 12', kind: 'call-back', class: 'routine' as const, callBack: '4421' },
      ...{ place: 'Ward 12, bed 12', roles: ['med-reg'] },
    },
  ],
] as const

test.each(CALLS)(
  'at twice the text on 360×640 place and kind of an %s call are in sight',
  async (name, call) => {
    if (!hasChromium()) return
    await page.goto(`${phone.base}/app/#/`)
    expect(
      await page.evaluate('parseFloat(getComputedStyle(document.documentElement).fontSize)'),
    ).toBeGreaterThanOrEqual(32)
    const alert = await phone.bed.call(call)
    await page.locator('.alert .kind, .cards.open .card').first().waitFor()
    await page.goto(`${phone.base}/app/#/alert/${alert.id}`)
    await page.locator('.alert .kind').waitFor()
    const picture = async (what: string) => {
      if (process.env.PHONE_PICTURES === undefined) return
      await page.screenshot({ path: `${process.env.PHONE_PICTURES}/large-${name}-${what}.png` })
    }
    await picture('asked')
    expect([await isInSight('.alert .place'), await isInSight('.alert .kind')]).toEqual([true, true])
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  },
)

test('a routine call shows no red, on the list and when it is open', async (ctx) => {
  if (!hasChromium()) return ctx.skip('needs Chromium')
  await page.goto(`${phone.base}/app/#/`)
  const alert = await phone.bed.call(CALLS[2][1])
  await page.locator('.cards.open .card.routine').waitFor()
  // Hue of each colour that is painted: red lies within 20 degrees of 0, and only where it is strong.
  const red = (within: string) => `[...document.querySelectorAll('${within} *')].flatMap((element) => {
    const style = getComputedStyle(element)
    return ['color', 'backgroundColor', 'borderTopColor', 'borderInlineStartColor', 'fill'].filter((name) => {
      const [r, g, b, a = 1] = (style[name].match(/[\\d.]+/g) ?? []).map(Number)
      return a > 0 && r > 140 && r - Math.max(g, b) > 70
    }).map((name) => element.className + ' ' + name)
  })`
  expect(await page.evaluate(red('.cards.open'))).toEqual([])
  await page.goto(`${phone.base}/app/#/alert/${alert.id}`)
  await page.locator('.alert .kind').waitFor()
  expect(await page.evaluate(red('main'))).toEqual([])
})

test('the icon of the app bears the number of calls that wait, and none once they are answered', async (ctx) => {
  if (!hasChromium()) return ctx.skip('needs Chromium')
  await page.goto(`${phone.base}/app/#/`)
  await page.evaluate(`(() => {
    globalThis.badges = []
    navigator.setAppBadge = async (n) => { badges.push(n) }
    navigator.clearAppBadge = async () => { badges.push(0) }
  })()`)
  const alert = await phone.bed.call(CALLS[2][1])
  await expect.poll(() => page.evaluate('badges.at(-1)')).toBe(1)
  await phone.end(alert.id)
  await expect.poll(() => page.evaluate('badges.at(-1)')).toBe(0)
})

test('where the browser offers it the app can be put on the home screen, asked while nothing waits', async (ctx) => {
  if (!hasChromium()) return ctx.skip('needs Chromium')
  await page.goto(`${phone.base}/app/#/`)
  await page.evaluate(`(() => {
    const offer = new Event('beforeinstallprompt', { cancelable: true })
    globalThis.asked = 0
    offer.prompt = async () => { asked += 1 }
    globalThis.kept = !dispatchEvent(offer)
  })()`)
  await page.getByRole('button', { name: 'Install' }).tap()
  expect(await page.evaluate('[kept, asked]')).toEqual([true, 1])
  await expect.poll(() => page.getByRole('button', { name: 'Install' }).count()).toBe(0)
})
