import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { senderOf } from '../../core/deliver/text-reply.ts'
import { type Instant, type Millis, SECOND } from '../../core/instant.ts'
import type { Clock, Timer } from '../../ports/clock.ts'

/**
 * Heeds a text. True: it was ours, and what it says is stored.
 * @param id by which a service that shows the same text again knows it
 */
export type HeedText = (number: string, text: string, at: Instant, id?: string) => Promise<boolean>

const LOOK: Millis = SECOND
/** Longer than any text; what is longer is nobody's answer. */
const LONGEST = 2000
/** A text that was not ours is left to whoever else reads the folder, and not read again. */
const REMEMBERED = 1000

/** Texts as they come into gammu-smsd's inbox. One that was ours is taken away once what it says is stored. */
export function watchInbox(folder: string, clock: Clock, heed: HeedText): { close(): void } {
  const left = new Set<string>()
  let timer: Timer | undefined
  let closed = false

  async function look(): Promise<void> {
    const names = await readdir(folder).catch(() => [])
    for (const name of names.filter((one) => !left.has(one))) {
      const number = senderOf(name)
      const path = join(folder, name)
      const ours = number !== undefined && (await take(number, path).catch(() => undefined))
      if (ours === true) await rm(path, { force: true }).catch(() => {})
      // What could not be stored now is read again.
      else if (ours === false) left.add(name)
    }
    for (const old of [...left].slice(0, Math.max(0, left.size - REMEMBERED))) left.delete(old)
  }

  async function take(number: string, path: string): Promise<boolean> {
    const { size, mtimeMs } = await stat(path)
    if (size > LONGEST) return false
    return heed(number, await readFile(path, 'utf8'), mtimeMs)
  }

  const again = () => {
    if (closed) return
    timer = clock.after(LOOK, () => void look().finally(again))
  }
  again()
  return {
    close() {
      closed = true
      timer?.cancel()
    },
  }
}
