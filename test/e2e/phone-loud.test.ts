import { expect, test } from 'vitest'
import { asId } from '../../src/core/ids.ts'
import { socketChannel } from '../../src/io/channels/socket.ts'
import { systemClock } from '../../src/io/clock.ts'
import { createRinger } from '../../src/run/deliver/self-test.ts'
import { ARREST } from '../support/console-bed.ts'
import { inBothBrowsers } from '../support/desks.ts'
import { SWITCHBOARD } from '../support/phone-bed.ts'

const socket = socketChannel()
const OPTIONS = {
  config: { heartbeat: 500 },
  parts: { sockets: socket },
  desk: {
    handOver: createRinger(
      new Map([[socket.id, socket]]),
      systemClock(() => {}),
      'hand-over',
    ),
  },
}

/** A machine without a sound card plays nothing, so the tones that the app asks for are counted instead. */
const COUNTS = `(() => {
  window.tones = 0
  const gain = { setValueAtTime() {}, exponentialRampToValueAtTime() {} }
  const node = { frequency: {}, gain, connect: (next) => next, start() {}, stop() {} }
  window.AudioContext = class {
    state = 'running'
    currentTime = 0
    destination = node
    resume() { return Promise.resolve() }
    createOscillator() { window.tones += 1; return { ...node } }
    createGain() { return { ...node } }
  }
})()`

inBothBrowsers('the open app', OPTIONS as never, (at) => {
  async function phone(role: string) {
    const { bed, page } = at()
    const person = bed.holder(role)
    const code = await bed.desk.code(SWITCHBOARD, { kind: 'person', person })
    if (!code.ok) throw new Error(code.fault.code)
    await page.evaluateOnNewDocument(COUNTS)
    await page.goto('about:blank')
    await page.goto(`${bed.base}/app/#enrol=${code.value.code}`)
    await page.waitForSelector('form button')
    await page.click('form button')
    await page.waitForSelector('::-p-text(Does this phone ring?)')
    await page.evaluate(`location.hash = '#/'`)
    await page.waitForSelector('::-p-text(No open bleeps)')
    return person
  }
  const tones = (least: number) => at().page.waitForFunction(`window.tones >= ${least}`, { polling: 200 })

  test('whoever is coming is told to stand down as loudly as they were called, and why', async () => {
    const { bed, page } = at()
    await phone('med-reg')
    const alert = await bed.call(ARREST)
    await page.waitForSelector('[data-answer=accepted][aria-disabled=false]')
    await tones(10)
    await page.click('[data-answer=accepted]')
    await page.waitForSelector('::-p-text(You are coming)')
    await page.evaluate('window.tones = 0')
    const now = await bed.store.transact((tx) => tx.alerts.get(alert.id))
    const said = await bed.desk.manage(SWITCHBOARD, alert.id, {
      ...{ action: 'stand-down', reason: 'false-alarm', version: now?.version ?? 0 },
    })
    expect(said.ok).toBe(true)
    await tones(10)
    await page.waitForSelector('::-p-text(false alarm)')
  })

  test('whoever is offered a role is rung once, also where the app had no line when it was offered', async () => {
    const { bed, page } = at()
    const me = await phone('med-reg')
    await page.evaluate('window.tones = 0')
    // The line may still be opening: what is offered before that rings when it is there.
    expect(await bed.desk.offer(SWITCHBOARD, asId('surg-f1'), me)).toMatchObject({ ok: true })
    await tones(2)
    await page.evaluate(`location.hash = '#/duty'`)
    await page.waitForSelector('::-p-text(Surgical F1)')

    await page.goto('about:blank')
    await bed.desk.force(SWITCHBOARD, asId('surg-reg'), me)
    await page.goto(`${bed.base}/app/`)
    await tones(2)
    // Opened once more it has nothing new to say.
    await page.reload()
    await page.waitForSelector('::-p-text(No open bleeps)')
    await page.waitForSelector('.tabs ::-p-text(1)')
    expect(await page.evaluate('window.tones')).toBe(0)
  })
})
