/** A wait that ends early once somebody has asked for the end. */
export function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (stop.aborted || ms <= 0) return done()
    const end = () => {
      clearTimeout(timer)
      stop.removeEventListener('abort', end)
      done()
    }
    const timer = setTimeout(end, ms)
    stop.addEventListener('abort', end)
  })
}

export interface Stop {
  readonly signal: AbortSignal
  /** Asks for a clean end; asked again, it does not wait for one. */
  ask(): void
}

/** One press can arrive twice, from the terminal and from a launcher. */
const SAME_PRESS_MS = 500
/** How often it is looked whether the launcher is still there. */
const LOOK_MS = 500

/** Ends by Ctrl-C, by whoever started us, when nobody reads what we print any more, or by whoever calls `ask`. */
export function askedToStop(): Stop {
  const stop = new AbortController()
  let asked = 0
  const ask = (): void => {
    if (!stop.signal.aborted) {
      asked = Date.now()
      stop.abort()
    } else if (Date.now() - asked > SAME_PRESS_MS) process.exit(130)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask)
  process.stdout.on('error', ask)
  // A launcher that was killed outright passes no signal on: its child is somebody else's from then on.
  const launcher = process.ppid
  if (process.env.npm_lifecycle_event !== undefined)
    setInterval(() => {
      if (process.ppid !== launcher && !stop.signal.aborted) ask()
    }, LOOK_MS).unref()
  return { signal: stop.signal, ask }
}
