import { say } from '../../core/catalogue/say.ts'
import type { Millis } from '../../core/instant.ts'
import type { Finding } from '../../core/measure/watch/standing.ts'
import type { Clock, Timer } from '../../ports/clock.ts'
import type { Tools } from '../../ports/tools.ts'
import type { Beat, Watchdog } from '../../ports/watchdog.ts'

/** Something that must hold for the daemon to deserve to run: asked fresh before every beat. */
export interface Obligation {
  /** One of the values of the label `obligation` in core/measure/metrics.ts. */
  readonly name: string
  holds(): Promise<boolean> | boolean
}

/** One beat may be lost on its way. */
const IN_A_ROW = 3

export interface Heartbeat {
  troubles(): readonly Finding[]
  stop(): void
}

export interface HeartbeatOptions {
  /** Between beats when the watcher does not say; else at most a third of its patience. */
  readonly every: Millis
  /** An obligation that gives no answer in this time does not hold. */
  readonly within: Millis
}

/**
 * Feeds the watchdog and the beat outside only while every obligation holds, so that both starve when one does not:
 * a daemon that runs but cannot page must look dead. What watches outside is watched too: beats that it does not confirm
 * are told here, because it will not.
 */
export function startHeartbeat(
  obligations: readonly Obligation[],
  watch: { readonly watchdog: Watchdog; readonly beat?: Beat },
  tools: Tools,
  options: HeartbeatOptions,
): Heartbeat {
  const { watchdog, beat } = watch
  const { clock, log, metrics } = tools
  const every =
    watchdog.patience === undefined ? options.every : Math.min(options.every, watchdog.patience / 3)
  let timer: Timer | undefined
  let stopped = false
  let said: string | undefined
  let unconfirmed = 0

  const turn = async (): Promise<void> => {
    const failing = await failures(obligations, clock, options.within)
    if (stopped) return
    for (const { name } of obligations)
      metrics.gauge('bleepbridge_obligation', failing.includes(name) ? 0 : 1, { obligation: name })
    const now = failing.join(', ')
    if (now !== said) {
      if (now === '') log.info('obligations-hold')
      else log.error('obligations-fail', { failing })
      watchdog.status(now === '' ? say('watch.fitToPage') : say('watch.notFitToPage', { now }))
      said = now
    }
    if (now === '') {
      watchdog.alive()
      // Not awaited: a slow watcher outside must not starve the one inside.
      void beat?.send().then((confirmed) => {
        unconfirmed = confirmed ? 0 : unconfirmed + 1
        if (!confirmed) metrics.count('bleepbridge_faults_total', { fault: 'heartbeat-unconfirmed' })
      })
    }
    timer = clock.after(every, () => void turn())
  }
  timer = clock.after(0, () => void turn())
  return {
    troubles: () => (unconfirmed < IN_A_ROW ? [] : [{ code: 'heartbeat-unconfirmed', subject: 'heartbeat' }]),
    stop() {
      stopped = true
      timer?.cancel()
    },
  }
}

async function failures(all: readonly Obligation[], clock: Clock, within: Millis): Promise<string[]> {
  const answers = await Promise.all(
    all.map(async (one) => ({ name: one.name, holds: await inTime(one, clock, within) })),
  )
  return answers.filter((answer) => !answer.holds).map((answer) => answer.name)
}

async function inTime(one: Obligation, clock: Clock, within: Millis): Promise<boolean> {
  let timer: Timer | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = clock.after(within, () => resolve(false))
  })
  const answer = Promise.resolve()
    .then(() => one.holds())
    .catch(() => false)
  const answers = await Promise.race([answer, late])
  timer?.cancel()
  return answers
}
