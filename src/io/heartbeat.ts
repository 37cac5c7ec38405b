import type { Beat } from '../ports/watchdog.ts'

/** A GET to a watcher outside, such as a dead man's switch; only a 2xx within `deadline` milliseconds counts. */
export function httpBeat(url: string, deadline: number): Beat {
  return {
    async send() {
      try {
        const answer = await fetch(url, { signal: AbortSignal.timeout(deadline), redirect: 'error' })
        await answer.body?.cancel()
        return answer.ok
      } catch {
        return false
      }
    },
  }
}
