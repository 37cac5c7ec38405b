import type { SiteDirectory } from '../../core/directory/build.ts'
import { type Instant, MINUTE, type Millis, SECOND } from '../../core/instant.ts'
import { documentOf, type FiledDocument } from '../../core/record/document.ts'
import { doubtOf } from '../../core/record/looked.ts'
import { beforeOf, type FilingAnswer, type FilingSend, stepSend } from '../../core/record/send.ts'
import type { FilingSite, FilingWay } from '../../ports/filings.ts'
import type { Random } from '../../ports/random.ts'
import type { Store, Tx } from '../../ports/store.ts'
import { apart } from '../defect.ts'
import { type Loop, type LoopTools, startLoop } from '../loop.ts'
import { applyFiling, filedFrom, type Written, writtenOn } from './filing-parts.ts'

export interface FilingSendParts extends LoopTools {
  readonly store: Store
  readonly random: Random
  readonly filing: FilingSite
  readonly directory: () => SiteDirectory
  /** This run of this node, for leases. */
  readonly owner: string
  /** Told of every answer of a way: what was taken shows that it works. */
  readonly heard: (way: FilingWay['id'], answer: FilingAnswer) => void
}

const EVERY: Millis = 5 * SECOND
/** A record may take its time over one filing; nobody waits for it. */
const DEADLINE: Millis = 30 * SECOND
/** Longer than look-up and send together. */
const LEASE: Millis = 2 * MINUTE
/** Under way at once by one way: its own pace, whatever has piled up. */
const AT_ONCE = 4
/** After failures in a row the way is left alone for longer and longer, and tried with one filing. */
const FIRST_PAUSE: Millis = 15 * SECOND
const LONGEST_PAUSE: Millis = 10 * MINUTE

/** What a claimed send turned out to be. */
type Ready =
  | {
      readonly kind: 'send'
      readonly document: FiledDocument
      readonly written: Written
      readonly checked: boolean
    }
  /** There is nothing to send: nothing of it ever went out, or its words are gone. */
  | { readonly kind: 'moot'; readonly state: 'taken' | 'dropped' }

/**
 * The outbox of one way. Claimed sends are counted as begun before anything leaves; what came of them is stored with what
 * stands. Killed at any point, the same goes out again, which the record takes for what it is.
 */
export function startFilingSend(way: FilingWay, parts: FilingSendParts): Loop {
  const { store, clock, random, filing, metrics, owner } = parts
  let failures = 0
  let quietUntil: Instant = 0
  const deadlines = new Set<AbortController>()

  async function within<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const deadline = new AbortController()
    deadlines.add(deadline)
    const timer = clock.after(DEADLINE, () => deadline.abort())
    try {
      return await work(deadline.signal)
    } finally {
      timer.cancel()
      deadlines.delete(deadline)
    }
  }

  async function answerTo(
    send: FilingSend,
    ready: Extract<Ready, { kind: 'send' }>,
  ): Promise<FilingAnswer | 'doubted'> {
    const { document, written, checked } = ready
    const look = lookOf(filing)
    if (!checked && look !== undefined) {
      const looked = await within((signal) => look(document.patient, signal))
      if (looked.kind === 'away') return { kind: 'later', fault: looked.fault }
      const reason = doubtOf(looked, written.texts)
      const said = reason === undefined ? { kind: 'checked' as const } : { kind: 'doubt' as const, reason }
      await change(send, async (tx, alert) => {
        await applyFiling(tx, alert, { ...said, at: clock.now() }, filing)
        if (reason === undefined) await leaves(tx, send)
      })
      if (reason !== undefined) {
        metrics.count('bleepbridge_reasons_total', { reason })
        return 'doubted'
      }
    }
    return within((signal) => way.send(document, signal))
  }

  /** Does something with the alert of a send, unless that is gone meanwhile. */
  const change = (
    { alert }: FilingSend,
    work: (tx: Tx, alert: Parameters<typeof applyFiling>[1]) => Promise<unknown>,
  ) =>
    store.transact(async (tx) => {
      const found = await tx.alerts.get(alert)
      if (found !== undefined) await work(tx, found)
    })

  async function hand(send: FilingSend): Promise<void> {
    const began = clock.now()
    const answer = await apart<FilingAnswer | 'doubted' | { readonly moot: FilingSend['state'] }>(
      parts,
      'task-failed',
      `filing/${send.alert}`,
      async () => {
        const ready = await store.transact((tx) => prepare(tx, send, parts))
        return ready.kind === 'moot' ? { moot: ready.state } : answerTo(send, ready)
      },
      () => ({ kind: 'rejected', why: ['defect'] }),
    )
    const at = clock.now()
    const next = await store.transact((tx) => endSend(tx, send, answer, at))
    if (answer === 'doubted' || 'moot' in answer) return
    metrics.observe('bleepbridge_filing_seconds', (at - began) / SECOND, { way: way.id })
    const refused = next?.state === 'refused'
    metrics.count('bleepbridge_filing_sends_total', {
      way: way.id,
      result: answer.kind === 'taken' ? 'taken' : refused ? 'refused' : 'later',
    })
    if (answer.kind === 'later') metrics.count('bleepbridge_faults_total', { fault: answer.fault })
    hear(answer)
  }

  /** Stores what came of a send, on whatever it is by now: a person may have decided meanwhile. */
  async function endSend(
    tx: Tx,
    send: FilingSend,
    answer: FilingAnswer | 'doubted' | { readonly moot: FilingSend['state'] },
    at: Instant,
  ): Promise<FilingSend | undefined> {
    await tx.alone(`filing/${send.alert}`)
    const filed = await tx.filings.get(send.alert)
    const stored = filed?.sends.find((one) => one.way === send.way && one.seq === send.seq)
    if (filed === undefined || stored === undefined) return undefined
    const stepped =
      answer === 'doubted'
        ? stored
        : 'moot' in answer
          ? { ...stored, state: answer.moot, settled: at }
          : stepSend(stored, answer, at, drawn(random))
    // Overtaken while it was on its way: that the record took it is still so, and nothing else counts.
    const next = stored.state === 'dropped' && stepped.state !== 'taken' ? stored : stepped
    await tx.filings.end(next)
    const sends = filed.sends.map((one) => (one === stored ? next : one))
    await tx.filings.save({ filing: filed.filing, sends }, at)
    if (next.state === stored.state || next.state === 'dropped' || next.tries === 0) return next
    await tx.audit.append({
      ...{ at, actor: 'bleepd', action: `filing.${send.act}`, subject: send.alert },
      outcome: next.state === 'taken' ? 'done' : 'refused',
      detail: { way: way.id, document: next.document, version: next.version, ...whyOf(next) },
    })
    return next
  }

  function hear(answer: FilingAnswer): void {
    parts.heard(way.id, answer)
    if (answer.kind === 'later') {
      failures += 1
      if (failures >= AT_ONCE)
        quietUntil =
          clock.now() + Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(failures - AT_ONCE, 10))
      return
    }
    const was = failures
    failures = 0
    quietUntil = 0
    if (was >= AT_ONCE) hastening = true
  }

  /** It takes filings again: what had been put off goes now. */
  let hastening = false

  async function turn(): Promise<void> {
    for (;;) {
      const now = clock.now()
      if (now < quietUntil) return
      if (hastening) await store.transact((tx) => tx.filings.hasten(way.id, now))
      hastening = false
      const limit = failures >= AT_ONCE ? 1 : AT_ONCE
      const claim = { owner, now, until: now + LEASE, limit }
      const sends = await store.transact((tx) => tx.filings.claim(way.id, claim))
      if (sends.length === 0) return
      await Promise.all(sends.map((send) => hand(send)))
      if (stopped) return
    }
  }

  let stopped = false
  const loop = startLoop('filing-send', ['filings'], EVERY, turn, parts)
  return {
    async stop() {
      stopped = true
      for (const deadline of deadlines) deadline.abort()
      await loop.stop()
    },
  }
}

/** Makes the document of a send anew from what is stored now. */
async function prepare(tx: Tx, send: FilingSend, { filing, directory }: FilingSendParts): Promise<Ready> {
  const filed = await tx.filings.get(send.alert)
  const alert = await tx.alerts.get(send.alert)
  const bleep = alert && (await tx.bleeps.get(alert.bleep))
  const { patient } = send
  if (filed === undefined || alert === undefined || bleep === undefined || patient === undefined)
    return { kind: 'moot', state: 'dropped' }
  const before = beforeOf(send, filed.sends)
  if (send.act === 'withdraw' && before.kind === 'new') return { kind: 'moot', state: 'taken' }
  const wordless = bleep.erased !== undefined || bleep.restricted !== undefined
  if (wordless && send.act === 'file') return { kind: 'moot', state: 'dropped' }
  const from = await filedFrom(tx, alert, bleep, directory(), filing.local, filed.filing.many === true)
  const checked = filed.filing.checked === true || send.act === 'withdraw' || lookOf(filing) === undefined
  if (checked) await leaves(tx, send)
  return {
    kind: 'send',
    document: documentOf(send, patient, before, from),
    written: await writtenOn(tx, alert, bleep),
    checked,
  }
}

/** From here on the record may have it. Not said of one that was overtaken: that goes nowhere. */
async function leaves(tx: Tx, { alert, way, seq }: FilingSend): Promise<void> {
  const sends = (await tx.filings.get(alert))?.sends ?? []
  const stored = sends.find((one) => one.way === way && one.seq === seq)
  if (stored?.state === 'waiting' && stored.left === undefined)
    await tx.filings.keep({ ...stored, left: true })
}

/** The first way that says whom the record has under a number speaks for all. */
function lookOf({ ways }: FilingSite): FilingWay['look'] {
  return ways.find(({ look }) => look !== undefined)?.look
}

function whyOf({ why, reference }: FilingSend): Readonly<Record<string, string>> {
  return {
    ...(why === undefined || why.length === 0 ? {} : { why: why.join(' ') }),
    ...(reference === undefined ? {} : { reference }),
  }
}

function drawn(random: Random): number {
  return (random.bytes(1)[0] ?? 0) / 256
}
