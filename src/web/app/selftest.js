import { explain } from '../shared/api.js'
import { canSound, ring, unlockSound } from '../shared/ring.js'
import { allowPush } from './enrol.js'
import { api, measureClock } from './line.js'
import { selfTestPage } from './selftest-page.js'
import { keep, kept } from './store.js'

/** A ring that has not come back after this did not work, milliseconds. */
const PATIENCE = 10_000

/** @import { Checked, Result, Tested } from './pages.d.ts' */

/** @type {Omit<Checked, 'last'>} */
const UNCHECKED = {
  network: 'unknown',
  permission: 'unknown',
  push: 'unknown',
  lan: 'unknown',
  sound: 'unknown',
  clock: undefined,
  fault: '',
}

/** @returns {Result} */
function allowedNow() {
  if (!('Notification' in window)) return 'off'
  if (Notification.permission === 'granted') return 'yes'
  return Notification.permission === 'denied' ? 'no' : 'unknown'
}

/**
 * What may be relied on, once somebody has said whether they heard it and every ring has come back or has not.
 * @param {Checked} checked
 * @returns {Tested['verdict'] | undefined}
 */
function verdictOf({ sound, network, push, lan, permission }) {
  if (sound === 'no' || network === 'no') return 'fails'
  if (sound !== 'yes' || lan === 'running' || push === 'running') return undefined
  if (push === 'yes' && permission === 'yes') return 'rings'
  return lan === 'yes' ? 'open-only' : 'fails'
}

/**
 * Runs the self-test: it proves that this phone sounds and that its receipt comes back, by each way a bleep may come.
 * @param {() => void} draw
 */
export function createSelfTest(draw) {
  /** @type {Checked} */
  let checked = { ...UNCHECKED, last: undefined }
  /** Rings asked for in this test. @type {Set<string>} */
  let asked = new Set()
  /** A ring may be quicker than the answer that says which it is. @type {readonly (readonly [id: string, way: 'push' | 'lan'])[]} */
  let early = []

  /** @param {Partial<Checked>} found */
  const note = (found) => {
    checked = { ...checked, ...found }
    const last = verdictOf(checked)
    if (last !== undefined && last !== checked.last?.verdict) {
      checked = { ...checked, last: { at: Date.now(), verdict: last } }
      void keep('tested', checked.last)
    }
    draw()
  }

  /** One ring by each way, each of its own id: what comes back proves the way by which it came. @param {'push' | 'lan'} way */
  const expectRing = async (way) => {
    /** @type {{ test: string, lan?: string }} */
    const { test, lan } = await api.send('POST', '/devices/me/self-test')
    const ids = [test, ...(lan === undefined ? [] : [lan])]
    for (const id of ids) asked.add(id)
    for (const [id, by] of early) if (ids.includes(id)) await rung(id, by)
    setTimeout(() => {
      if (asked.has(test) && checked[way] === 'running') note({ [way]: 'no' })
    }, PATIENCE)
  }

  /**
   * A ring arrived, by push or over the open app's line.
   * @param {string} id
   * @param {'push' | 'lan'} way
   */
  const rung = async (id, way) => {
    if (!asked.has(id)) {
      early = [...early, /** @type {const} */ ([id, way])].slice(-5)
      return
    }
    try {
      for (const stage of ['on-device', 'presented'])
        await api.send('POST', '/receipts', { attempt: id, stage, at: new Date().toISOString() })
      note({ [way]: 'yes' })
    } catch (error) {
      note({ [way]: 'no', fault: explain(error) })
    }
  }

  const allow = async () => {
    note({ push: 'running' })
    const given = await allowPush().catch(() => 'failed')
    note({ permission: allowedNow() })
    if (given !== 'push') return note({ push: given === 'failed' ? 'no' : 'off' })
    await expectRing('push').catch((error) => note({ push: 'no', fault: explain(error) }))
  }

  const run = async () => {
    unlockSound()
    asked = new Set()
    early = []
    checked = { ...UNCHECKED, last: undefined }
    note({ network: 'running', sound: 'running', lan: 'running', permission: allowedNow() })
    ring('test')
    try {
      const clock = await measureClock()
      note({ network: 'yes', clock })
    } catch (error) {
      return note({ network: 'no', lan: 'no', push: 'no', fault: explain(error) })
    }
    // A person may take their time over the browser's question; the other ring does not wait for it.
    void allow()
    await expectRing('lan').catch((error) => note({ lan: 'no', fault: explain(error) }))
  }

  /** @param {boolean} yes */
  const heard = (yes) => {
    note({ sound: yes ? 'yes' : 'no' })
    // The hospital's list of who can be rung counts no phone that its holder did not hear.
    api.send('PUT', '/devices/me/sound', { heard: yes }).catch((error) => note({ fault: explain(error) }))
  }

  return {
    rung,
    /** What was found the last time, on this phone. */
    async load() {
      checked = { ...checked, last: /** @type {Tested | undefined} */ (await kept('tested')) }
    },
    /** @returns {Tested | undefined} */
    last: () => checked.last,
    page: () =>
      selfTestPage(checked, { run, heard, allow, again: () => void ring('test'), quiet: () => !canSound() }),
  }
}
