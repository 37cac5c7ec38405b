import { leadTo } from '../shared/dom.js'
import { say } from '../shared/say.js'
import { now } from '../shared/time.js'
import { STATE } from '../shared/words.js'

/** @import { AlertView, Answered, Card, CodeView, DailyTestView, DeviceView, NudgeView, OfferView, Raised, RotaWarnings } from '../shared/types.d.ts' */
/** @import { Context } from './context.js' */

const MINUTE = 60_000
/** Two presses within this time are one. */
const TWICE = 1000

/**
 * Everything an operator does to a call, each with the version that was on the screen: what somebody else has changed
 * meanwhile is answered with what stands, never overwritten.
 * @param {Pick<Context, 'api' | 'attempt'>} context
 */
export function createActs({ api, attempt: tried }) {
  /** When each thing was last done to each call, whoever it was about. @type {Map<string, number>} */
  const pressed = new Map()

  /**
   * The same press on the same call within a second is a slip, or a key that bounced, and does nothing: the row that is
   * under the finger by now may be another person's.
   * @param {string} what the call and what is done to it
   * @param {Parameters<typeof tried>[0]} work
   */
  async function attempt(what, work) {
    const now = performance.now()
    if (now - (pressed.get(what) ?? Number.NEGATIVE_INFINITY) < TWICE) return
    pressed.set(what, now)
    await tried(work)
  }

  /**
   * @param {Pick<Card, 'id' | 'version'>} card
   * @param {{ action: string, reason?: string, person?: string, role?: string }} body
   */
  const act = (card, body) =>
    attempt(`${card.id}/${body.action}`, async () => {
      /** @type {Answered} */
      const { sentence } = await api.send('POST', `/alerts/${card.id}/actions`, {
        version: card.version,
        ...body,
      })
      return `${sentence}.`
    })

  /**
   * @param {string} role
   * @param {string} to
   */
  async function putOn(role, to) {
    /** @type {OfferView} */
    const { name, toName } = await api.send('POST', `/handovers/${role}`, { to, force: true })
    return say('acts.hasNowOpenCallsHave', { toName, name })
  }

  return {
    /**
     * The task stays, with the numbers to ring; the keyboard goes on in it.
     * @param {Card} card
     */
    async takeOver(card) {
      await act(card, { action: 'take-over' })
      leadTo(document.querySelector(`[data-key="alert/${card.id}"]`))
    },
    /** @param {Card} card */
    askAgain: (card) => act(card, { action: 'ask-again' }),
    /** @param {Card} card */
    pageByRadio: (card) => act(card, { action: 'page-by-radio' }),
    /**
     * A step of the run sheet, by its words.
     * @param {Card} card
     * @param {string} step
     * @param {boolean} done
     */
    tick: (card, step, done) =>
      tried(async () => {
        await api.send('POST', `/alerts/${card.id}/actions`, {
          ...{ action: 'tick', version: card.version },
          ...{ step, done },
        })
        return undefined
      }),
    /** Over, and nobody is told to turn round. @param {Card} card */
    finish: (card) => act(card, { action: 'finish' }),
    /**
     * Everybody on it is rung and told to turn round.
     * @param {Card} card
     * @param {string} reason
     */
    standDown: (card, reason) => act(card, { action: 'stand-down', reason }),
    /**
     * What was put on record for somebody was a slip.
     * @param {Pick<Card, 'id' | 'version'>} card
     * @param {string} person
     */
    undo: (card, person) => act(card, { action: 'undo', person }),
    /**
     * @param {Card} card
     * @param {string} role
     */
    alsoAsk: (card, role) => act(card, { action: 'also-ask', role }),
    /**
     * @param {Card} card
     * @param {string} person
     */
    release: (card, person) => act(card, { action: 'release', person }),

    /**
     * Somebody said it on the telephone.
     * @param {Card} card
     * @param {string} person
     * @param {string} answer
     * @param {string} name for what is said back
     */
    answerFor: (card, person, answer, name) =>
      attempt(`${card.id}/answer`, async () => {
        /** @type {Answered} */
        const { version, alert } = await api.send('POST', `/alerts/${card.id}/answers`, {
          version: card.version,
          person,
          answer,
        })
        const text = say('acts.recordedAs', {
          name,
          answer: STATE[/** @type {keyof typeof STATE} */ (answer)],
        })
        return {
          text,
          press: {
            label: say('frame.undo'),
            act: () => act({ id: alert, version }, { action: 'undo', person }),
          },
        }
      }),

    /**
     * @param {Pick<AlertView, 'id'>} alert
     * @param {'eta' | 'need-role' | 'note'} kind
     * @param {string} text
     */
    write: (alert, kind, text) =>
      attempt(`${alert.id}/${kind}/${text}`, async () => {
        await api.send('POST', `/alerts/${alert.id}/thread`, { kind, text })
        return undefined
      }),

    /**
     * What was joined to this call was another one.
     * @param {string} alert
     * @param {string} joined
     */
    separate: (alert, joined) =>
      tried(async () => {
        await api.send('POST', `/alerts/${alert}/joined/${joined}`)
        return say('acts.ringsOnItsOwn')
      }),

    /** Whoever asked was told by telephone what stood on this board. @param {import('../shared/types.d.ts').AskView} ask */
    told: (ask) =>
      attempt(`${ask.id}/told`, async () => {
        await api.send('POST', `/asks/${ask.id}/told`, { said: ask.said })
        return say('board.toldOnRecord')
      }),
    /** @param {string} bleep */
    reviewed: (bleep) =>
      attempt(`${bleep}/reviewed`, async () => {
        await api.send('POST', `/review/${bleep}/seen`)
        return say('acts.putOnRecordYouHave')
      }),
    /**
     * @param {string} bleep
     * @param {string} role
     * @param {string} name
     */
    reviewAsk: (bleep, role, name) =>
      attempt(`${bleep}/ask`, async () => {
        /** @type {Raised} */
        const { alert } = await api.send('POST', `/review/${bleep}/ask`, { role })
        location.hash = `#/alert/${alert}`
        return say('acts.isBeingRung', { name })
      }),

    /**
     * Puts somebody on a role. What speaks against it now is said first, with the press that does it all the same.
     * @param {string} role
     * @param {string} to
     */
    force: (role, to) =>
      tried(async () => {
        const span = { from: new Date(now()).toISOString(), to: new Date(now() + MINUTE).toISOString() }
        /** @type {RotaWarnings} */
        const { warnings } = await api.send('POST', '/rota/changes/check', {
          ...{ kind: 'override', mode: 'instead', role, person: to, ...span },
        })
        if (warnings.length === 0) return putOn(role, to)
        return {
          text: warnings.map((w) => w.sentence).join(' '),
          bad: true,
          press: { label: say('rota.putOnAnyway'), act: () => tried(() => putOn(role, to)) },
        }
      }),
    /**
     * Their phone rings, and the role is theirs once they take it.
     * @param {string} role
     * @param {string} to
     */
    offer: (role, to) =>
      attempt(`${role}/offer`, async () => {
        /** @type {OfferView} */
        const { name, toName, rung } = await api.send('POST', `/handovers/${role}`, { to })
        return say(rung === true ? 'rota.offered' : 'rota.offeredSilent', { name: toName, role: name })
      }),
    /**
     * Enters a change of the rota; where something speaks against it, says so first. True when it was entered.
     * @param {object} change
     * @param {boolean} warned what speaks against it has been read
     * @param {(found: RotaWarnings) => void} warn
     */
    async changeRota(change, warned, warn) {
      let done = false
      await tried(async () => {
        /** @type {RotaWarnings} */
        const found = warned ? { warnings: [] } : await api.send('POST', '/rota/changes/check', change)
        if (found.warnings.length > 0) {
          warn(found)
          return undefined
        }
        await api.send('POST', '/rota/changes', change)
        done = true
        return say('rota.entered')
      })
      return done
    },
    /** @param {string} id of a change of the rota */
    takeBackRota: (id) =>
      tried(async () => {
        await api.send('DELETE', `/rota/changes/${id}`)
        return say('rota.takenBack')
      }),

    /** @param {DailyTestView} test */
    callTest: (test) =>
      attempt(`${test.id}/call`, async () => {
        await api.send('POST', `/daily-tests/${test.id}/calls`)
        return say('acts.theTestCallToIs', { number: test.number })
      }),

    /**
     * @param {string} device
     * @param {string} label
     */
    revoke: (device, label) =>
      tried(async () => {
        await api.send('POST', `/devices/${device}/revoke`)
        return say('acts.isRevokedItRingsNo', { label })
      }),
    /**
     * @param {string} kind
     * @param {string} id
     * @param {(code: CodeView) => void} show
     */
    enrol: (kind, id, show) =>
      tried(async () => {
        show(await api.send('POST', '/enrolments', { kind, id }))
        return undefined
      }),
    /** @param {DeviceView} device */
    testWay: ({ id, label, owner }) =>
      attempt(`${id}/test`, async () => {
        await api.send('POST', `/devices/${id}/test`)
        return say('ways.tried', { label, owner: owner.name })
      }),
    /**
     * True when it was entered.
     * @param {{ person: string, name: string }} whose
     * @param {string} channel
     * @param {string | undefined} number
     * @param {(made: NudgeView) => void} show a topic is shown once
     */
    enterWay: async ({ person, name }, channel, number, show) => {
      let entered = false
      await tried(async () => {
        /** @type {NudgeView} */
        const made = await api.send('POST', '/nudges', { kind: 'person', id: person, channel, number })
        entered = true
        if (made.topic !== undefined) {
          show(made)
          return say('ways.topicMade', { name })
        }
        return say(made.texted ? 'ways.taken' : 'ways.notTaken', { number: made.device.number ?? '', name })
      })
      return entered
    },
  }
}

/** @typedef {ReturnType<typeof createActs>} Acts */
