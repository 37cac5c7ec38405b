import { expect, test } from 'vitest'
import { hospitalNumbers } from '../../src/core/directory/hospital-numbers.ts'
import { standOf } from '../../src/core/record/filing.ts'
import { startFilingDecide } from '../../src/run/keep/filing-decide.ts'
import { startFilingSend } from '../../src/run/keep/filing-send.ts'
import { axeSource } from '../support/browsers.ts'
import { KEYS } from '../support/desk-bed.ts'
import { barriersOn, inBothBrowsers } from '../support/desks.ts'
import { Epr } from '../support/epr.ts'
import { SWITCHBOARD } from '../support/phone-bed.ts'

const SHOTS = process.env.SHOTS
const NHS = '9990000018'
const OTHER = '9990000026'
const LOG = { info: () => {}, debug: () => {}, warn: () => {}, error: () => {} }
const METRICS = { count: () => {}, gauge: () => {}, observe: () => {} }

const epr = new Epr([
  { nhs: NHS, name: 'Mary Jones', born: '1960-02-01' },
  { nhs: OTHER, name: 'Ann Smith', born: '1970-02-01' },
])
const site = {
  ways: [epr.way()],
  local: (text: string) => hospitalNumbers('[A-Z]\\d{6}')!(text).map(({ said }) => said),
}
const ways = [{ way: 'fhir' as const, proved: Date.now() - 60_000 }]

inBothBrowsers('the Filings page', { desk: { filing: { site, now: () => ways } } }, (desk, browser) => {
  test('governance sees what was filed and refused, says whose record a call belongs in, and sends again', async () => {
    const { bed, page } = desk()
    epr.kept.clear()
    const { store, clock, roster } = bed
    const tools = { clock, log: LOG, metrics: METRICS, wake: store.wake, store, filing: site }
    const parts = { ...tools, random: { bytes: (n: number) => new Uint8Array(n) }, directory: roster.current }
    const loops = [
      startFilingDecide(tools),
      startFilingSend(site.ways[0]!, { ...parts, owner: `n/${browser}`, heard: () => undefined }),
    ]
    // The first look notes since when calls are filed.
    await expect.poll(() => store.transact((tx) => tx.notes.get('filing-since'))).toBeDefined()
    const call = async (text: string, place: string) => {
      const { id } = await bed.call({ text, place, kind: 'call-back', class: 'urgent', roles: ['med-reg'] })
      const by = { kind: 'switchboard', operator: 'op' } as const
      const version = (await store.transact((tx) => tx.alerts.get(id)))?.version ?? 0
      await bed.alerts.apply(id, { kind: 'finished', at: clock.now(), by, version })
    }
    await call(`FALL ${NHS}`, 'Ward 7B')
    await call('PLS CALL 70123', 'Ward 5')
    await call(`${NHS} AND ${OTHER} FELL`, 'Ward 3')
    await expect.poll(() => epr.communications.length).toBeGreaterThan(0)
    epr.refuses = () => ({
      status: 422,
      body: {
        resourceType: 'OperationOutcome',
        issue: [{ code: 'invalid', expression: ['Communication.medium'] }],
      },
    })
    await call(`SHORT OF BREATH ${NHS}`, 'Ward 2')
    const stands = async () =>
      (await store.transact((tx) => tx.filings.list({ limit: 9 }))).map(({ filing, sends }) =>
        standOf(filing, sends),
      )
    await expect.poll(stands).toEqual(['refused', 'not-filed', 'no-patient', 'filed'])
    epr.refuses = undefined
    const context = await page.browser().createBrowserContext()
    const governance = await context.newPage()
    await governance.setViewport({ width: 1366, height: 768 })
    await governance.goto(`${bed.base}/console/#sign-in=governance-op&key=${KEYS.governance}`)
    await governance.waitForSelector('nav ::-p-text(Filings)')
    await governance.evaluate("location.hash = '#/filings'")
    const text = (words: string, within = '') => governance.waitForSelector(`${within} ::-p-text(${words})`)
    await text('Filed', 'tbody')
    await text('No patient', 'tbody')
    await text('It names more than one patient', 'tbody')
    await text('Communication.medium', 'tbody')
    if (SHOTS) await governance.screenshot({ path: `${SHOTS}/filings-${browser}.png`, fullPage: true })
    expect(await barriersOn(governance, '#/filings')).toEqual([])
    await governance.evaluate("document.querySelectorAll('tbody tr')[1].querySelector('summary').click()")
    await (await governance.waitForSelector('button ::-p-text(The patient with …0026)'))?.click()
    await text('Ann Smith')
    await text('999 000 0026')
    if (SHOTS)
      await governance.screenshot({ path: `${SHOTS}/filings-read-back-${browser}.png`, fullPage: true })
    await (await governance.waitForSelector('button ::-p-text(Yes, this patient)'))?.click()
    await expect.poll(() => epr.communications.map((c) => c.subject.identifier.value)).toContain(OTHER)
    await Promise.all(loops.map((loop) => loop.stop()))
  })

  test('a responder says whose record it is by phone: a wrong digit is refused, the right one read back', async () => {
    const { bed, page: console } = desk()
    const { store } = bed
    const code = await bed.desk.code(SWITCHBOARD, { kind: 'person', person: bed.holder('med-reg') })
    if (!code.ok) throw new Error(code.fault.code)
    const context = await console.browser().createBrowserContext()
    const page = await context.newPage()
    await page.setViewport({ width: 360, height: 740 })
    await page.goto(`${bed.base}/app/#enrol=${code.value.code}`)
    const press = async (label: string) => (await page.waitForSelector(`button ::-p-text(${label})`))?.click()
    const text = (words: string) =>
      expect.poll(() => page.evaluate('document.body.innerText')).toContain(words)
    await press('Set up this phone')
    await text('Does this phone ring?')
    const { id } = await bed.call({
      text: 'FELL IN SIDE ROOM',
      kind: 'met',
      class: 'urgent',
      roles: ['med-reg'],
    })
    await page.goto(`${bed.base}/app/#/alert/${id}`)
    await text('A call may be filed in the record')
    const type = async (number: string) => {
      await page.waitForSelector('#patient')
      await page.evaluate("document.querySelector('#patient').value = ''")
      await page.type('#patient', number)
      await press('Read back')
    }
    await type('999 000 0019')
    await text('check digit')
    expect((await store.transact((tx) => tx.filings.get(id)))?.filing.patient).toBeUndefined()
    await type('999 000 0018')
    await text('Mary Jones')
    await text('born 01/02/1960')
    if (SHOTS) await page.screenshot({ path: `${SHOTS}/patient-phone-${browser}.png`, fullPage: true })
    // A number that is typed anew takes what was read back away: a yes can only mean what stands there.
    await type('999 000 0026')
    await text('Ann Smith')
    expect(await page.evaluate('document.body.innerText')).not.toContain('Mary Jones')
    await press('Yes, this patient')
    await text('Filed under that patient')
    const set = (await store.transact((tx) => tx.filings.get(id)))?.filing
    expect(set).toMatchObject({ patient: { scheme: 'nhs', value: OTHER }, checked: true })
    // Nothing of the patient stays on the phone.
    const stored = await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])')
    expect(stored).not.toMatch(/9990000026|Ann Smith/)
    if (browser === 'chrome') {
      await page.evaluate(axeSource())
      const faults = await page.evaluate(
        "axe.run('main').then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + nodes[0].html))",
      )
      expect(faults).toEqual([])
    }
    await context.close()
  })
})
