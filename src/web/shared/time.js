import { say } from './say.js'
import { spoken } from './tongue.js'

const CLOCK = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  hour: '2-digit',
  minute: '2-digit',
})
const CLOCK_SECONDS = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})
const DAY = new Intl.DateTimeFormat(spoken(), {
  timeZone: 'Europe/London',
  weekday: 'short',
  day: 'numeric',
  month: 'short',
})

const ZONE = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', timeZoneName: 'short' })

/**
 * In the hour that the autumn repeats, which of the two it is; else nothing.
 * @param {Date} at
 */
function which(at) {
  const face = CLOCK.format(at)
  const twice = [-3_600_000, 3_600_000].some((by) => CLOCK.format(at.getTime() + by) === face)
  return twice ? ` ${ZONE.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value}` : ''
}

/** @param {string | number} at */
export const clock = (at) => CLOCK.format(new Date(at)) + which(new Date(at))
/** @param {string | number} at */
export const clockSeconds = (at) => CLOCK_SECONDS.format(new Date(at)) + which(new Date(at))
/** @param {string | number} at */
export const day = (at) => DAY.format(new Date(at))

const FACE = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/London',
  ...{ dateStyle: 'short', timeStyle: 'short' },
})

/** An instant as a `datetime-local` field has it, by the clocks of the hospital. @param {number} at */
export const faceOf = (at) => FACE.format(at).replace(' ', 'T')

/**
 * The instant that a `datetime-local` field means: by the clocks of the hospital, whatever zone this machine is in. An
 * hour that the autumn repeats is its first; one that the spring skips is the same time after the change. So reads the rota.
 * @param {string} face
 */
export function instantOf(face) {
  const winter = Date.parse(`${face}Z`)
  const summer = winter - 3_600_000
  return new Date(faceOf(summer) === face.slice(0, 16) ? summer : winter).toISOString()
}

/**
 * A span a person reads at a glance: `0:42`, `12:05`, `1 h 03 m`.
 * @param {number} ms
 */
export function span(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}:${String(seconds % 60).padStart(2, '0')}`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, '0')} m`
  return say('common.days', { what: Math.floor(hours / 24) })
}

/**
 * The same span said aloud, for readers that cannot see the figures.
 * @param {number} ms
 */
export function spanSpoken(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 60) return say('common.seconds', { seconds })
  const minutes = Math.floor(seconds / 60)
  return minutes === 1 ? say('common.oneMinute') : say('common.minutes', { minutes })
}

/**
 * Milliseconds on the path, with the precision that matters.
 * @param {number} ms
 */
export function fine(ms) {
  if (ms < 1000) return say('common.ms', { ms: Math.round(ms) })
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  return span(ms)
}

/** How far this device's clock is from the server's, milliseconds; learnt from every `now` the server sends. */
let offset = 0

/** @param {string} serverNow */
export function learn(serverNow) {
  offset = Date.now() - Date.parse(serverNow)
}

/** The server's now, as well as this device can tell. */
export function now() {
  return Date.now() - offset
}
