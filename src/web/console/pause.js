/**
 * Nothing may move under a pointer that is about to press. While it moves over something that can be pressed, is held
 * down, or a list of choices is open, the lists of the board stand still and show what they showed; clocks, the alarm
 * and the counts in the heading go on. It ends soon after the pointer rests, and in any case before long.
 */

/** After its last move a pointer is still taken to be about to press. */
const STILL = 1200
/** Longest that the lists stand still: an operator who never lets the mouse rest must see the next call too. */
const LONGEST = 4000

/**
 * @template T
 * @typedef {object} Pause
 * @property {(live: T) => T} see what to show now: what was shown, while the pointer is about to press
 */

/**
 * @template T
 * @param {() => number} [clock] milliseconds that never go back
 * @returns {Pause<T> & { moved(over: boolean): void, pressed(down: boolean): void, choosing(open: boolean): void }}
 */
export function createPause(clock = () => performance.now()) {
  /** @type {T | undefined} */
  let shown
  let began = Number.NEGATIVE_INFINITY
  let moved = Number.NEGATIVE_INFINITY
  let down = false
  let open = false

  const busy = () => {
    const now = clock()
    if (!down && !open && now - moved > STILL) {
      began = Number.NEGATIVE_INFINITY
      return false
    }
    if (began === Number.NEGATIVE_INFINITY) began = now
    if (now - began <= LONGEST) return true
    // Shown anew once, then still again if the pointer goes on.
    began = now
    return false
  }

  return {
    see(live) {
      if (shown === undefined || !busy()) shown = live
      return shown
    },
    moved(over) {
      if (over) moved = clock()
    },
    pressed(is) {
      if (is || down) moved = clock()
      down = is
    },
    choosing(is) {
      open = is
    },
  }
}

const PRESSABLE = 'main :is(button, a, select, summary, input, label)'

/**
 * Tells a pause what the pointer does on this page.
 * @param {Pick<ReturnType<typeof createPause>, 'moved' | 'pressed' | 'choosing'>} pause
 */
export function watchPointer(pause) {
  const over = (/** @type {Event} */ event) =>
    event.target instanceof Element && event.target.closest(PRESSABLE) !== null
  document.addEventListener('pointermove', (event) => pause.moved(over(event)), { passive: true })
  document.addEventListener('pointerdown', (event) => pause.pressed(over(event)), { passive: true })
  for (const end of ['pointerup', 'pointercancel'])
    document.addEventListener(end, () => pause.pressed(false), { passive: true })
  const choosing = () => pause.choosing(document.activeElement instanceof HTMLSelectElement)
  document.addEventListener('focusin', choosing)
  document.addEventListener('focusout', () => pause.choosing(false))
}
