import { performance } from 'node:perf_hooks'
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * Keeps the heap of a command that reads millions of rows small: without it the runtime takes some 250 MB more of
 * memory that it never needs, to save a few seconds. Not for the daemon, whose heap is small anyhow.
 */
export function lean(): void {
  setFlagsFromString('--optimize-for-size')
  setFlagsFromString('--max-semi-space-size=4')
}

/**
 * By how much more than it held the heap may grow before it is collected, percent. Left alone, the heap of a large site is
 * marked again at every few megabytes while that is read: two thirds of a start (`npm run bench:large`).
 */
export function growBy(percent: 10 | 400): void {
  setFlagsFromString(`--heap-growing-percent=${percent}`)
}

/** For a daemon beside others on a small machine: V8 otherwise lets garbage grow to twice what we hold (`npm run bench`). */
export function daemonHeap(): void {
  setFlagsFromString('--optimize-for-size')
  growBy(400)
}

/** A reading that leaves less than this is not worth a fifth of a start: it is collected with what the rest of that leaves. Bytes. */
const WORTH_SWEEPING = 32 * 1024 * 1024

/**
 * Call before the site is read. Gives a function that collects what the reading has left, and from here on the heap
 * grows by little.
 */
export function sweeper(): () => void {
  const before = getHeapStatistics().used_heap_size
  return () => {
    growBy(10)
    if (getHeapStatistics().used_heap_size - before > WORTH_SWEEPING) sweep()
  }
}

/** Holds everything up until all garbage is collected. */
function sweep(): void {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  setFlagsFromString('--no-expose-gc')
  if (typeof collect === 'function') collect({ type: 'major', flavor: 'last-resort' })
}

/** A daemon that works for less than this share of its time is at rest. */
const AT_REST = 0.05
/** How far the heap may grow at rest towards its bound before garbage is looked for, percent. */
const GROWS_AT_REST = 8

/**
 * Gives a function to call each minute. A daemon at rest makes some four megabytes of garbage a minute, and left alone it
 * keeps all of that up to the heap's bound. So at rest it is collected after the first few, in small steps that no page
 * waits for (`npm run bench:idle`). At work it is collected only at the bound, because each look costs some of the work.
 * What the start has left is collected at once, in the same small steps.
 */
export function collectAtRest(): () => void {
  collectSoon(true)
  let before = performance.eventLoopUtilization()
  return () => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, before)
    before = now
    collectSoon(utilization < AT_REST)
  }
}

function collectSoon(soon: boolean): void {
  setFlagsFromString(`--incremental-marking-soft-trigger=${soon ? GROWS_AT_REST : 0}`)
}
