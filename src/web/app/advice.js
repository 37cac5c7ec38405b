/** @import { Checked } from './selftest.js' */

/** A clock further out than this makes times on this phone misleading, milliseconds. */
const CLOCK_BOUND = 60_000

const isApple = () => /iPhone|iPad/.test(navigator.userAgent)
const isInstalled = () => matchMedia('(display-mode: standalone)').matches

/**
 * What a person can do about what the self-test found, in the words of the phone in their hand.
 * @param {Checked} checked
 * @param {boolean} quiet the browser keeps this page from sounding
 * @returns {string[]}
 */
export function advice(checked, quiet) {
  const todo = []
  if (checked.network === 'no')
    todo.push('The hospital server cannot be reached. Turn on the hospital Wi-Fi, then test again.')
  if (Math.abs(checked.clock?.offset ?? 0) > CLOCK_BOUND)
    todo.push(
      'The clock of this phone is wrong. In the phone’s settings let the date and time be set by itself.',
    )
  if (isApple() && !isInstalled())
    todo.push(
      'On an iPhone bleeps ring only from the Home Screen: press Share, then Add to Home Screen, and open Bleeps from there.',
    )
  else if (checked.permission === 'no') todo.push(blocked())
  else if (checked.push === 'no') todo.push(held())
  else if (checked.push === 'off' && checked.permission !== 'unknown')
    todo.push('This phone cannot be rung while the app is closed. Leave the app open, or ask IT for push.')
  if (checked.lan === 'no' && checked.network === 'yes')
    todo.push('The open app did not ring. Close it, open it again, and test again.')
  if (quiet && checked.sound === 'running')
    todo.push('The browser keeps this page quiet. Touch the screen, then press Sound again.')
  if (checked.sound === 'no') todo.push(silent())
  return todo
}

function blocked() {
  return isApple()
    ? 'Notifications are blocked. Open Settings, Notifications, Bleeps; turn on Allow Notifications and Sounds; then test again.'
    : 'Notifications are blocked. Hold the Bleeps icon, press App info, Notifications, and turn them on (in a browser: the padlock beside the address); then test again.'
}

function held() {
  return isApple()
    ? 'No ring came back with the app closed. Turn Low Power Mode and Focus off, check the network, then test again.'
    : 'No ring came back with the app closed. Turn battery saver off; under App info, Battery, choose Unrestricted; check the network, then test again.'
}

function silent() {
  return isApple()
    ? 'Turn the volume up, flip the switch on the side so that no orange shows, turn Focus off, then test again.'
    : 'Turn the volume up, turn Do not disturb and silent mode off, take headphones off, then test again.'
}
