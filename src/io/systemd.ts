import { say } from '../core/catalogue/say.ts'
import type { Watchdog } from '../ports/watchdog.ts'
import { datagramsTo } from './datagrams.ts'

type Send = (text: string) => void

/**
 * The protocol of sd_notify(3): datagrams of `KEY=value` lines to the socket that systemd names in NOTIFY_SOCKET.
 * Without NOTIFY_SOCKET, or where it cannot be reached, nothing happens.
 */
export function systemdWatchdog(
  environment: Readonly<Record<string, string | undefined>>,
  pid: number,
  cannot: (why: string) => void = () => undefined,
): Watchdog {
  const path = environment.NOTIFY_SOCKET
  const send: Send = path ? sender(path, cannot) : () => undefined
  const micros = Number(environment.WATCHDOG_USEC)
  const meant = environment.WATCHDOG_PID === undefined || Number(environment.WATCHDOG_PID) === pid
  return {
    patience: path && meant && micros > 0 ? micros / 1000 : undefined,
    ready: () => send('READY=1'),
    status: (text) => send(`STATUS=${text.replace(/\s+/g, ' ')}`),
    alive: () => send('WATCHDOG=1'),
    stopping: () => send('STOPPING=1'),
  }
}

function sender(path: string, cannot: (why: string) => void): Send {
  const write = datagramsTo(path)
  if (write === undefined) {
    cannot(say('watch.notifySocketNeitherPathNor'))
    return () => undefined
  }
  let broken = false
  return (text) => {
    if (broken) return
    try {
      if (!write(Buffer.from(text))) cannot(say('watch.serviceManagerDidNotTake'))
    } catch (error) {
      broken = true
      cannot(error instanceof Error ? error.message : say('watch.libcCannotBeReached'))
    }
  }
}
