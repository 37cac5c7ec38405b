/** Does work that is told in steps, and lets everything else have its turn between any two of them. */
export async function inSlices<T>(work: Generator<void, T>): Promise<T> {
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
    await new Promise((next) => setImmediate(next))
  }
}
