import { existsSync } from 'node:fs'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { meaningOf } from '../../src/core/bleep/classify.ts'
import { rulesSchema } from '../../src/core/bleep/rule-schema.ts'
import { compileRules } from '../../src/core/bleep/rules.ts'
import type { PersonId } from '../../src/core/ids.ts'
import { policiesSchema } from '../../src/core/route/policy.ts'
import { systemClock } from '../../src/io/clock.ts'
import { type Raise, startRaise } from '../../src/run/alert/raise.ts'
import { CHROMIUM, FIREFOX } from '../support/browsers.ts'
import { type Bed, openBed } from '../support/desk-bed.ts'
import { SWITCHBOARD } from '../support/phone-bed.ts'
import { quietLog, quietMetrics } from '../support/quiet.ts'

const BROWSERS = [
  { name: 'Chromium', browser: 'chrome', executablePath: CHROMIUM, args: ['--no-sandbox'] },
  { name: 'Firefox', browser: 'firefox', executablePath: FIREFOX, args: [] },
] as const
/** Where pictures of the screens are put, for somebody to look at; absent: none are taken. */
const PICTURES = process.env.WARD_PICTURES

interface Phone {
  readonly page: Page
  taps: number
}

describe.each(BROWSERS)(
  'asking and answering by phone in $name',
  ({ name, browser: kind, executablePath, args }) => {
    let bed: Bed
    let raise: Raise
    let browser: Browser
    let base: string
    const open: Page[] = []
    const faults: string[] = []

    beforeAll(async () => {
      if (!existsSync(executablePath)) return
      browser = await puppeteer.launch({ browser: kind, executablePath, args: [...args], headless: true })
    })
    afterAll(async () => void (await browser?.close()))
    beforeEach(async (ctx) => {
      if (!existsSync(executablePath)) return ctx.skip(`needs ${name}`)
      const rules = compileRules(rulesSchema.parse({}))
      if (!rules.ok) throw new Error('the starter rules do not compile')
      bed = await openBed({ clock: systemClock(() => {}), config: { heartbeat: 500 } })
      raise = startRaise({
        ...{ ...bed, log: quietLog, metrics: quietMetrics, directory: bed.roster.current },
        random: { bytes: (n: number) => crypto.getRandomValues(new Uint8Array(n)) },
        policies: () => policiesSchema.parse({}),
        classify: (bleep, directory) => meaningOf(bleep, directory, rules.rules),
      })
      const listening = await bed.http.listen()
      if (!listening.ok) throw new Error(listening.fault.code)
      base = listening.value.url
    })
    afterEach(async () => {
      for (const page of open.splice(0)) {
        const context = page.browserContext()
        await page.close()
        await context.close()
      }
      await raise?.stop()
      await bed?.close()
      expect(faults.splice(0)).toEqual([])
    })

    /** The real app as somebody's phone, in a profile of its own. */
    const phoneOf = async (person: PersonId): Promise<Phone> => {
      const code = await bed.desk.code(SWITCHBOARD, { kind: 'person', person })
      if (!code.ok) throw new Error(code.fault.code)
      const page = await (await browser.createBrowserContext()).newPage()
      open.push(page)
      page.on('pageerror', (error) => faults.push(String(error)))
      await page.setViewport({ width: 360, height: 740 })
      await page.goto(`${base}/app/#enrol=${code.value.code}`)
      const phone = { page, taps: 0 }
      await press(phone, 'Set up this phone')
      await text(phone, 'Does this phone ring?')
      await page.goto(`${base}/app/#/`)
      phone.taps = 0
      return phone
    }
    /** Both phones are in somebody's hand: a page behind another is told nothing, and says so. */
    const text = async ({ page }: Phone, words: string) => {
      await page.bringToFront()
      const read = () => page.evaluate('document.body.innerText')
      await expect.poll(read).toContain(words)
    }
    const press = async (phone: Phone, label: string) => {
      await phone.page.bringToFront()
      const found = await phone.page.waitForSelector(
        `::-p-xpath(//*[self::button or self::a][contains(normalize-space(.), '${label}')])`,
      )
      await found?.click()
      phone.taps += 1
    }
    const picture = async ({ page }: Phone, what: string) => {
      if (PICTURES !== undefined) await page.screenshot({ path: `${PICTURES}/${name}-phone-${what}.png` })
    }

    test('four taps and the words ask; two taps answer; the answer is on the glass with its receipt; words go both ways', async () => {
      const asker = await phoneOf(bed.holder('anaes-reg'))
      const doctor = await phoneOf(bed.holder('med-reg'))
      await press(asker, 'Call')
      await press(asker, 'Call somebody')
      await press(asker, 'Medical registrar')
      await asker.page.type('#what', 'cannula out, antibiotics due')
      await asker.page.type('#callBack', '70123')
      await picture(asker, 'ask')
      await press(asker, 'Send')
      expect(asker.taps).toBe(4)
      await text(asker, 'cannula out, antibiotics due')

      await press(doctor, 'Call back')
      await text(doctor, 'antibiotics due')
      await doctor.page.waitForSelector('[data-answer=call-back][aria-disabled=false]')
      await picture(doctor, 'asked')
      // There is no dialler here, and the browser's question for one would stand before the app.
      await doctor.page.evaluate(
        "document.addEventListener('click', (event) => event.preventDefault(), { once: true })",
      )
      await doctor.page.click('[data-answer=call-back]')
      doctor.taps += 1
      expect(doctor.taps).toBe(2)

      await text(asker, 'will ring 70123.')
      await picture(asker, 'told')
      const told = async () => {
        const [row] = await bed.store.transact((tx) => tx.asks.owed({ at: 0, id: '' }, 5))
        return row?.known !== undefined && row.told.at(-1)?.way === 'phone'
      }
      await expect.poll(told).toBe(true)

      await text(doctor, 'Spoke to them')
      await doctor.page.bringToFront()
      await doctor.page.type('#note', 'how is the lactate?')
      await press(doctor, 'Send')
      await text(asker, 'how is the lactate?')
      await asker.page.bringToFront()
      await asker.page.type('.calls input[name=text]', '2.1, rising')
      await press(asker, 'Reply')
      await text(doctor, '2.1, rising')
      await picture(doctor, 'replies')
      doctor.taps = 0
      await press(doctor, 'Spoke to them')
      expect(doctor.taps).toBe(1)
      await text(asker, 'has spoken to you')
    })

    test('what was typed into a call, and into a reply, is there after a reload, and after a send without a network', async () => {
      const asker = await phoneOf(bed.holder('anaes-reg'))
      await press(asker, 'Call')
      await press(asker, 'Call somebody')
      await press(asker, 'Medical registrar')
      await asker.page.type('#what', 'please review bed 4')
      const stored = `new Promise((done) => {
      indexedDB.open('bleeps').onsuccess = ({ target }) => {
        target.result.transaction('kept').objectStore('kept').get('draft').onsuccess = (read) =>
          done(JSON.stringify(read.target.result))
      }
    })`
      await expect.poll(() => asker.page.evaluate(stored)).toContain('please review bed 4')
      await asker.page.reload()
      const typed = async () => {
        await asker.page.waitForSelector('#what')
        return asker.page.$eval('#what', (input) => Reflect.get(input, 'value'))
      }
      expect(await typed()).toBe('please review bed 4')
      await bed.http.close()
      await press(asker, 'Send')
      await text(asker, 'reach')
      expect(await typed()).toBe('please review bed 4')
      await picture(asker, 'unsent')
    })

    test('words that a doctor types on a call are there after a reload and without a network, and go once', async () => {
      const doctor = await phoneOf(bed.holder('med-reg'))
      const alert = await bed.call({
        ...{
          text: 'PLS CALL 70123',
          kind: 'call-back',
          class: 'routine',
          place: 'Ward 1A',
          roles: ['med-reg'],
        },
      })
      const open = async () => {
        await doctor.page.evaluate(`(() => { location.hash = '#/alert/${alert.id}' })()`)
        await doctor.page.waitForSelector('#note')
      }
      const stored = `new Promise((done) => {
        indexedDB.open('bleeps').onsuccess = ({ target }) => {
          target.result.transaction('alerts').objectStore('alerts').get('${alert.id}').onsuccess = (read) =>
            done(read.target.result.draft)
        }
      })`
      const typed = () => doctor.page.$eval('#note', (input) => Reflect.get(input, 'value'))
      // The bleep is read while it still loads: what comes with the answer takes no letter away.
      await doctor.page.evaluate(`(() => {
        const real = window.fetch
        const may = new Promise((go) => { window.answered = go })
        window.fetch = async (...what) => (String(what[0]).includes('/alerts/') && (await may), real(...what))
      })()`)
      await open()
      await doctor.page.type('#note', 'chase the ')
      await doctor.page.evaluate('window.answered()')
      await doctor.page.waitForSelector('[role=log]')
      await doctor.page.keyboard.type('potassium first')
      await doctor.page.evaluate('window.fetch = () => Promise.reject(new TypeError())')
      await press(doctor, 'Send')
      await text(doctor, 'reach')
      expect(await typed()).toBe('chase the potassium first')
      await expect.poll(() => doctor.page.evaluate(stored)).toBe('chase the potassium first')
      await doctor.page.reload()
      await open()
      expect(await typed()).toBe('chase the potassium first')
      await press(doctor, 'Send')
      await text(doctor, 'chase the potassium first')
      await expect.poll(typed).toBe('')
      await doctor.page.reload()
      await open()
      expect(await typed()).toBe('')
      const view = await bed.desk.alert(SWITCHBOARD, alert.id)
      expect(view.ok && view.value.thread.map((s) => s.text)).toEqual(['chase the potassium first'])
    })
  },
)
