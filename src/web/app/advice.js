import { say } from '../shared/say.js'

/** @import { Checked } from './pages.d.ts' */

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
  if (checked.network === 'no') todo.push(say('device.theHospitalServerCannotBe'))
  if (Math.abs(checked.clock?.offset ?? 0) > CLOCK_BOUND) todo.push(say('device.theClockOfThisPhone'))
  if (isApple() && !isInstalled()) todo.push(say('device.onAnIphoneBleepsRing'))
  else if (checked.permission === 'no') todo.push(blocked())
  else if (checked.push === 'no') todo.push(held())
  else if (checked.push === 'off' && checked.permission !== 'unknown')
    todo.push(say('device.thisPhoneCannotBeRung'))
  if (checked.lan === 'no' && checked.network === 'yes') todo.push(say('device.theOpenAppDidNot'))
  if (quiet && checked.sound === 'running') todo.push(say('device.theBrowserKeepsThisPage'))
  if (checked.sound === 'no') todo.push(silent())
  return todo
}

function blocked() {
  return isApple() ? say('device.blockedOnIphone') : say('device.blockedOnAndroid')
}

function held() {
  return isApple() ? say('device.noRingCameBackWith') : say('device.noRingOnAndroid')
}

function silent() {
  return isApple() ? say('device.turnTheVolumeUpFlip') : say('device.turnTheVolumeUpTurn')
}
