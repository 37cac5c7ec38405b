/** @import { Card } from './types.d.ts' */

/** @typedef {Card['class'] | 'fresh' | 'stale'} Sound */

/** @type {AudioContext | undefined} */
let audio

/** Browsers keep sound shut until a finger has touched the page once. */
export function unlockSound() {
  audio ??= new AudioContext()
  void audio.resume()
}

/** @returns {boolean} whether a sound would be heard now */
export const canSound = () => audio?.state === 'running'

/** Pitches (Hz) and length (s) of each tone; two-tone and fast for an emergency, one soft pair for a routine bleep. */
/** @type {Readonly<Record<Sound, { tones: readonly number[], length: number, rounds: number }>>} */
const PATTERN = {
  emergency: { tones: [988, 740], length: 0.22, rounds: 5 },
  urgent: { tones: [784, 784], length: 0.22, rounds: 2 },
  routine: { tones: [659, 523], length: 0.16, rounds: 1 },
  test: { tones: [523], length: 0.2, rounds: 1 },
  // A new emergency at the switchboard: short and rising, before any alarm.
  fresh: { tones: [988, 1319], length: 0.12, rounds: 2 },
  // The board itself cannot be trusted: low and slow, like nothing else.
  stale: { tones: [262, 196], length: 0.45, rounds: 2 },
}

/**
 * Shakes the device where it can be shaken. A page that nobody has touched since it was loaded is not allowed to, and
 * browsers complain of each try.
 * @param {number | number[]} pattern milliseconds on and off; 0 stops
 */
export function shake(pattern) {
  if ('vibrate' in navigator && navigator.userActivation?.hasBeenActive !== false) navigator.vibrate(pattern)
}

/**
 * Sounds the class on this device and shakes it where it can be shaken.
 * @param {Sound} c
 * @returns {boolean} whether a sound was made
 */
export function ring(c) {
  const { tones, length, rounds } = PATTERN[c]
  if (c !== 'test') shake(Array.from({ length: rounds * 2 }, () => 250))
  if (audio === undefined || audio.state !== 'running') return false
  let at = audio.currentTime + 0.02
  for (let round = 0; round < rounds; round++) {
    for (const pitch of tones) {
      const tone = audio.createOscillator()
      const volume = audio.createGain()
      tone.type = 'square'
      tone.frequency.value = pitch
      volume.gain.setValueAtTime(0.0001, at)
      volume.gain.exponentialRampToValueAtTime(0.35, at + 0.015)
      volume.gain.setValueAtTime(0.35, at + length - 0.03)
      volume.gain.exponentialRampToValueAtTime(0.0001, at + length)
      tone.connect(volume).connect(audio.destination)
      tone.start(at)
      tone.stop(at + length)
      at += length
    }
  }
  return true
}
