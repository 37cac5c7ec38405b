import { say } from '../shared/say.js'

/** @import { AlertView, Answered, Card, CodeView, DailyTestView, NudgeView, OfferView, Raised } from '../shared/types.d.ts' */
/** @import { Context } from './context.js' */

/**
 * Everything an operator does to a call, each with the version that was on the screen: what somebody else has changed
 * meanwhile is answered with what stands, never overwritten.
 * @param {Pick<Context, 'api' | 'attempt'>} context
 */
export function createActs({ api, attempt }) {
  /**
   * @param {Pick<Card, 'id' | 'version'>} card
   * @param {object} body
   */
  const act = (card, body) =>
    attempt(async () => {
      /** @type {Answered} */
      const { sentence } = await api.send('POST', `/alerts/${card.id}/actions`, {
        version: card.version,
        ...body,
      })
      return `${sentence}.`
    })

  return {
    /** @param {Card} card */
    takeOver: (card) => act(card, { action: 'take-over' }),
    /** @param {Card} card */
    askAgain: (card) => act(card, { action: 'ask-again' }),
    /** @param {Card} card */
    close: (card) => act(card, { action: 'close' }),
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
      attempt(async () => {
        /** @type {Answered} */
        const { sentence } = await api.send('POST', `/alerts/${card.id}/answers`, {
          version: card.version,
          person,
          answer,
        })
        return `${name}: ${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}.`
      }),

    /**
     * @param {Pick<AlertView, 'id'>} alert
     * @param {'eta' | 'need-role' | 'note'} kind
     * @param {string} text
     */
    write: (alert, kind, text) =>
      attempt(async () => {
        await api.send('POST', `/alerts/${alert.id}/thread`, { kind, text })
        return undefined
      }),

    /** @param {string} bleep */
    reviewed: (bleep) =>
      attempt(async () => {
        await api.send('POST', `/review/${bleep}/seen`)
        return say('acts.putOnRecordYouHave')
      }),
    /**
     * @param {string} bleep
     * @param {string} role
     * @param {string} name
     */
    reviewAsk: (bleep, role, name) =>
      attempt(async () => {
        /** @type {Raised} */
        const { alert } = await api.send('POST', `/review/${bleep}/ask`, { role })
        location.hash = `#/alert/${alert}`
        return say('acts.isBeingRung', { name })
      }),

    /**
     * @param {string} role
     * @param {string} to
     */
    force: (role, to) =>
      attempt(async () => {
        /** @type {OfferView} */
        const { name, toName } = await api.send('POST', `/handovers/${role}`, { to, force: true })
        return say('acts.hasNowOpenCallsHave', { toName, name })
      }),

    /** @param {DailyTestView} test */
    callTest: (test) =>
      attempt(async () => {
        await api.send('POST', `/daily-tests/${test.id}/calls`)
        return say('acts.theTestCallToIs', { number: test.number })
      }),

    /**
     * @param {string} device
     * @param {string} label
     */
    revoke: (device, label) =>
      attempt(async () => {
        await api.send('POST', `/devices/${device}/revoke`)
        return say('acts.isRevokedItRingsNo', { label })
      }),
    /**
     * @param {string} kind
     * @param {string} id
     * @param {(code: CodeView) => void} show
     */
    enrol: (kind, id, show) =>
      attempt(async () => {
        show(await api.send('POST', '/enrolments', { kind, id }))
        return undefined
      }),
    /**
     * True when it was enrolled.
     * @param {string} id of the person
     * @param {string} name
     * @param {string} number
     */
    nudge: async (id, name, number) => {
      let enrolled = false
      await attempt(async () => {
        /** @type {NudgeView} */
        const { device, texted } = await api.send('POST', '/nudges', { kind: 'person', id, number })
        enrolled = true
        return texted
          ? say('acts.ofIsEnrolledAskThem', { number: device.number ?? '', name })
          : say('acts.ofIsEnrolledButNo', { number: device.number ?? '', name })
      })
      return enrolled
    },
  }
}

/** @typedef {ReturnType<typeof createActs>} Acts */
