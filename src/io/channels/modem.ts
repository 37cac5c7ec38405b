import { access, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PushSettings } from '../../config/push.ts'
import { phoneText } from '../../core/deliver/payload.ts'
import { phoneNumber } from '../../core/deliver/phone-number.ts'
import { type Millis, SECOND } from '../../core/instant.ts'
import { isRing } from '../../core/vocabulary.ts'
import type { Channel, Outcome } from '../../ports/channel.ts'
import type { Clock } from '../../ports/clock.ts'
import { type HeedText, watchInbox } from './modem-inbox.ts'
import { ProviderCalls } from './provider.ts'

/** So many different numbers, one after the other, to which nothing could be sent. */
const SEVERAL = 3
/** How often the spool is looked at for what became of a text. */
const LOOK: Millis = SECOND / 4

/**
 * A modem on a serial port, through gammu-smsd's file spool (man gammu-smsd-files): it needs no internet. The daemon
 * takes a text from `outbox` and moves it to `sent` or `error`. One that it has not taken in time is drawn back, so
 * that no text goes out long after the call.
 */
export function modem(
  { outbox, sent, error, inbox }: PushSettings['modem'],
  clock: Clock,
  heed: HeedText = async () => false,
  spent: () => void = () => {},
): Channel {
  const calls = new ProviderCalls(clock)
  /** Numbers whose last text was not sent; one that is sent clears them. */
  const unsent = new Set<string>()
  const watching = inbox === undefined ? undefined : watchInbox(inbox, clock, heed)

  const spool = async (id: string, to: string, text: string, signal: AbortSignal): Promise<Outcome> => {
    const name = `OUTA_${to.replace(/^\+/, '00')}_${id}.txtd`
    // Under another name first: a half-written text is not for sending.
    const draft = join(outbox, `draft-${id}`)
    try {
      await writeFile(draft, text, { flag: 'wx' })
      await rename(draft, join(outbox, name))
    } catch (error) {
      // Asked twice at once for one text: it is on its way.
      if (!isThere(error)) return unwritable(draft)
    }
    for (;;) {
      if (await isIn(sent, name)) {
        unsent.clear()
        spent()
        return { kind: 'taken' }
      }
      if (await isIn(error, name)) {
        unsent.add(to)
        // One number may be wrong. Several at once are the card: no credit left, or barred.
        return { kind: 'refused', fault: unsent.size < SEVERAL ? 'text-not-sent' : 'modem-sends-nothing' }
      }
      if (signal.aborted) break
      await new Promise<void>((done) => clock.after(LOOK, done))
    }
    try {
      await rm(join(outbox, name))
      return { kind: 'later', fault: 'modem-silent' }
    } catch {
      // Taken in the last moment; or the whole spool is gone, and with it the text.
      return (await isIn(outbox, '.')) ? { kind: 'taken' } : { kind: 'later', fault: 'text-spool-unwritable' }
    }
  }

  return {
    id: 'modem',
    async send(attempt, device, bell, signal) {
      const to = phoneNumber.safeParse(device.address)
      if (!to.success) return { kind: 'dead', fault: 'push-address-bad' }
      if (signal.aborted) return { kind: 'later', fault: 'modem-silent' }
      const id = `${attempt.id}-${attempt.try}`.replace(/[^A-Za-z0-9-]/g, '')
      // What the deadline ends is drawn back from the spool, so the call itself resolves.
      return calls.call('modem', attempt, device, new AbortController().signal, () =>
        spool(id, to.data, phoneText(bell, inbox !== undefined && isRing(attempt.purpose)), signal),
      )
    },
    async close() {
      watching?.close()
    },
  }
}

async function unwritable(draft: string): Promise<Outcome> {
  await rm(draft, { force: true }).catch(() => {})
  return { kind: 'later', fault: 'text-spool-unwritable' }
}

const isThere = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EEXIST'

async function isIn(folder: string, name: string): Promise<boolean> {
  return access(join(folder, name)).then(
    () => true,
    () => false,
  )
}
