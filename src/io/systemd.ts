import { createRequire } from 'node:module'
import { say } from '../core/catalogue/say.ts'
import type { Watchdog } from '../ports/watchdog.ts'

/** Linux x86-64 and arm64 agree on these (bits/socket.h). */
const AF_UNIX = 1
const SOCK_DGRAM = 2
const SOCK_CLOEXEC = 0o2000000
const MSG_NOSIGNAL = 0x4000
/** sun_path holds this many bytes (unix(7)). */
const PATH_MAX = 108

type Send = (text: string) => void

/**
 * The protocol of sd_notify(3): datagrams of `KEY=value` lines to the socket that systemd names in NOTIFY_SOCKET.
 * Node has no datagram sockets of the Unix domain, so the two system calls go through libc; the library for that is
 * loaded only when somebody listens. Without NOTIFY_SOCKET, or where it cannot be reached, nothing happens.
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
  const address = socketAddress(path)
  if (address === undefined) {
    cannot(say('watch.notifySocketNeitherPathNor'))
    return () => undefined
  }
  let write: ((text: string) => boolean) | undefined
  let broken = false
  return (text) => {
    if (broken) return
    try {
      write ??= open(address)
      if (!write(text)) cannot(say('watch.serviceManagerDidNotTake'))
    } catch (error) {
      broken = true
      cannot(error instanceof Error ? error.message : say('watch.libcCannotBeReached'))
    }
  }
}

/** struct sockaddr_un: family, then the path; `@` at its start stands for the NUL of an abstract name. */
function socketAddress(path: string): Uint8Array | undefined {
  const bytes = Buffer.from(path)
  if (!/^[/@]/.test(path) || bytes.length >= PATH_MAX) return undefined
  if (path.startsWith('@')) bytes[0] = 0
  const address = Buffer.alloc(2 + bytes.length)
  address.writeUInt16LE(AF_UNIX, 0)
  bytes.copy(address, 2)
  return address
}

function open(address: Uint8Array): (text: string) => boolean {
  const koffi: typeof import('koffi') = createRequire(import.meta.url)('koffi')
  const libc = koffi.load(null)
  const socket = libc.func('int socket(int domain, int type, int protocol)')
  const sendto = libc.func('sendto', 'intptr_t', [
    'int',
    'uint8_t *',
    'size_t',
    'int',
    'uint8_t *',
    'uint32_t',
  ])
  const fd = Number(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0))
  if (fd < 0) throw new Error('no socket')
  return (text) => {
    const bytes = Buffer.from(text)
    return Number(sendto(fd, bytes, bytes.length, MSG_NOSIGNAL, address, address.length)) === bytes.length
  }
}
