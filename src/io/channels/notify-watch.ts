import { z } from 'zod'
import type { Attempt } from '../../core/deliver/attempt.ts'
import { nudgeNumber } from '../../core/deliver/nudge-number.ts'
import type { ProviderReport } from '../../core/deliver/reports.ts'
import { HOUR, type Instant, MINUTE, type Millis, SECOND } from '../../core/instant.ts'
import type { Clock, Timer } from '../../ports/clock.ts'
import type { HeedText } from './modem-inbox.ts'

/** The service's two answers that are asked for again and again (docs.notifications.service.gov.uk/rest-api.html). */
export interface NotifyAnswers {
  /** Of one text that was sent. */
  status(id: string): Promise<unknown>
  /** Texts that came back, the newest first. */
  replies(): Promise<unknown>
}

export interface NotifyHeard {
  readonly report: (attempt: Attempt, report: ProviderReport) => void
  /** What a text has cost, in pence. */
  readonly spent: (pence: number) => void
  /** Absent: the service has no number that takes replies. */
  readonly heed?: HeedText
}

const statusSchema = z.object({
  status: z.string(),
  is_cost_data_ready: z.boolean().default(false),
  cost_in_pounds: z.number().nonnegative().nullish(),
})
const repliesSchema = z.object({
  received_text_messages: z.array(
    z.object({ id: z.string(), user_number: z.string(), content: z.string(), created_at: z.string() }),
  ),
})

/** Between two looks while somebody may answer, and while nobody is expected to. */
const LOOK: Millis = 5 * SECOND
const IDLE: Millis = MINUTE
/** A text is answered within this, if at all. */
const ANSWERED_WITHIN: Millis = 30 * MINUTE
/** What a text has cost is known within some minutes; after this it is not waited for. */
const KNOWN_WITHIN: Millis = HOUR
/** Texts that are asked about; of more than these the oldest are let go. */
const MOST = 500
/** Asked about in one look, so that a busy day does not spend the service's rate. */
const AT_ONCE = 20

interface Watched {
  readonly id: string
  readonly attempt: Attempt
  readonly sent: Instant
  pause: Millis
  next: Instant
  told: boolean
}

/**
 * Asks what became of texts, because nothing outside can reach us to tell. The service's word is the network's, never a
 * receipt. Nothing is kept over a restart: what was not asked by then stays unsaid.
 */
export function watchNotify(answers: NotifyAnswers, clock: Clock, heard: NotifyHeard) {
  const watched = new Map<string, Watched>()
  let timer: Timer | undefined
  let closed = false
  let lastSent = Number.NEGATIVE_INFINITY
  let lastLook = Number.NEGATIVE_INFINITY

  async function ask(one: Watched): Promise<void> {
    const read = statusSchema.safeParse(await answers.status(one.id))
    if (!read.success) return
    const { status, is_cost_data_ready: ready, cost_in_pounds: pounds } = read.data
    const report = reportOf(status)
    if (report !== undefined && !one.told) {
      one.told = true
      heard.report(one.attempt, report)
    }
    if (ready && typeof pounds === 'number') heard.spent(pounds * 100)
    if (one.told && ready) watched.delete(one.id)
  }

  async function askAll(now: Instant): Promise<void> {
    const due = [...watched.values()].filter((one) => one.next <= now).slice(0, AT_ONCE)
    for (const one of due) {
      one.pause *= 2
      one.next = now + one.pause
      await ask(one).catch(() => {})
      if (now - one.sent > KNOWN_WITHIN) watched.delete(one.id)
    }
  }

  async function readReplies({ heed }: NotifyHeard, now: Instant): Promise<void> {
    if (heed === undefined) return
    lastLook = now
    const read = repliesSchema.safeParse(await answers.replies())
    if (!read.success) return
    for (const one of read.data.received_text_messages.toReversed()) {
      const at = Date.parse(one.created_at)
      const number = nudgeNumber.safeParse(`+${one.user_number.replace(/^\+/, '')}`)
      if (!number.success || !(now - at < ANSWERED_WITHIN)) continue
      // What could not be stored now is read again with the next look.
      await heed(number.data, one.content, at, one.id).catch(() => {})
    }
  }

  async function look(): Promise<void> {
    const now = clock.now()
    await askAll(now)
    const expected = now - lastSent < ANSWERED_WITHIN
    if (expected || now - lastLook >= IDLE) await readReplies(heard, now).catch(() => {})
  }

  const again = (): void => {
    if (closed) return
    timer = clock.after(LOOK, () => void look().finally(again))
  }
  if (heard.heed !== undefined) again()

  return {
    /** A text that the service has taken, by the id that it gave. */
    sent(id: string, attempt: Attempt): void {
      const now = clock.now()
      lastSent = now
      watched.set(id, { id, attempt, sent: now, pause: LOOK, next: now + LOOK, told: false })
      for (const old of [...watched.keys()].slice(0, Math.max(0, watched.size - MOST))) watched.delete(old)
      if (timer === undefined) again()
    },
    close(): void {
      closed = true
      timer?.cancel()
    },
  }
}

function reportOf(status: string): ProviderReport | undefined {
  if (status === 'delivered') return 'text-delivered'
  return status.endsWith('-failure') ? 'text-undelivered' : undefined
}
