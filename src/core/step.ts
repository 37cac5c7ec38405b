/** One move of a machine: the state after it and what the world is asked to do. Pure: no clock, no randomness. */
export type Step<S, E> = readonly [state: S, effects: readonly E[]]

export type Machine<S, I, E> = (state: S, input: I) => Step<S, E>

/** Runs inputs through a machine in order and gathers every effect. */
export function fold<S, I, E>(machine: Machine<S, I, E>, start: S, inputs: Iterable<I>): Step<S, E> {
  let state = start
  const all: E[] = []
  for (const input of inputs) {
    const [next, effects] = machine(state, input)
    state = next
    all.push(...effects)
  }
  return [state, all]
}
