import { say } from './say.js'
import { translate } from './translate.js'

/** @import { Problem } from './types.d.ts' */

/** A refusal with its code, what to do, and where somebody was first what stands. */
export class Refusal extends Error {
  /** @param {Problem} problem */
  constructor(problem) {
    super(problem.title)
    this.problem = problem
  }
}

/** The server could not be reached or did not answer in time. */
export class Unreachable extends Error {}

/** When somebody last touched this screen; what it asks by itself is no use of it. */
let touched = performance.now()
for (const gesture of ['pointerdown', 'keydown'])
  globalThis.addEventListener?.(gesture, () => {
    touched = performance.now()
  })

/** More people than answer one bleep within one exchange with the server. */
const AGAIN = 8

/**
 * @typedef {object} Api
 * @property {<T>(path: string) => Promise<T>} get a list that comes in parts is given whole
 * @property {<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: object) => Promise<T>} send
 */

/**
 * JSON over fetch with a deadline. Without a token the browser's session cookie speaks.
 * @param {() => string | undefined} [token]
 * @param {number} [deadline] milliseconds
 * @returns {Api}
 */
export function createApi(token = () => undefined, deadline = 8000) {
  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   */
  async function call(method, path, body) {
    const bearer = token()
    /** @type {Response} */
    let response
    try {
      response = await fetch(`/api/v1${path}`, {
        method,
        headers: {
          'bleepd-untouched': String(Math.floor((performance.now() - touched) / 1000)),
          ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(deadline),
      })
    } catch (error) {
      throw new Unreachable(say('common.serverUnreachable'), { cause: error })
    }
    if (response.status === 204) return undefined
    const said = await response.json().catch(() => undefined)
    if (response.ok) return said
    if (said !== undefined && typeof said.code === 'string') throw new Refusal(said)
    throw new Unreachable(say('common.serverAnswered', { status: response.status }))
  }
  /**
   * A list that comes in parts, as one: each list of a later part behind the same list of the first.
   * @param {string} path
   */
  async function whole(path) {
    const all = await call('GET', path)
    for (let next = all?.next; typeof next === 'string'; ) {
      const part = await call('GET', next.replace(/^\/api\/v1/, ''))
      for (const [name, rows] of Object.entries(part)) if (Array.isArray(rows)) all[name].push(...rows)
      next = part.next
    }
    return all
  }
  return {
    get: whole,
    async send(method, path, body) {
      for (let said = body, left = AGAIN; ; left--) {
        try {
          return await call(method, path, said)
        } catch (error) {
          // Others answered in the same moment, and this one still fits: nobody need tap twice.
          const stands = error instanceof Refusal ? error.problem.stands : undefined
          if (stands?.again !== true || left === 0) throw error
          said = { ...said, version: stands.version }
        }
      }
    },
  }
}

/**
 * What to tell a person about a failure: what happened, then what to do.
 * @param {unknown} error
 * @returns {string}
 */
export function explain(error) {
  if (error instanceof Refusal) {
    const stands = error.problem.stands?.sentence
    return `${translate(error.problem.title)}. ${stands === undefined ? translate(error.problem.remedy) : `${translate(stands)}.`}`
  }
  if (error instanceof Unreachable) return `${error.message}. ${say('common.checkNetwork')}`
  return say('common.somethingWentWrongInThis')
}
