import { createRequire } from 'node:module'

/** Linux x86-64 and arm64 agree on these (bits/socket.h). */
const AF_UNIX = 1
const SOCK_DGRAM = 2
const SOCK_CLOEXEC = 0o2000000
const MSG_DONTWAIT = 0x40
const MSG_NOSIGNAL = 0x4000
/** sun_path holds this many bytes (unix(7)). */
const PATH_MAX = 108

/** Gives whether the whole of it was taken; never waits. */
export type SendDatagram = (bytes: Uint8Array) => boolean

/**
 * A sender of datagrams to a socket of the Unix domain. Node has none, so the two system calls go through libc; the library
 * for that is loaded at the first one.
 * @param path of a socket; `@` at its start stands for the NUL of an abstract name. Undefined comes back where it is neither
 * @returns a sender that throws where libc cannot be reached
 */
export function datagramsTo(path: string): SendDatagram | undefined {
  const address = socketAddress(path)
  if (address === undefined) return undefined
  let send: SendDatagram | undefined
  return (bytes) => {
    send ??= open(address)
    return send(bytes)
  }
}

/** struct sockaddr_un: family, then the path. */
function socketAddress(path: string): Uint8Array | undefined {
  const bytes = Buffer.from(path)
  if (!/^[/@]/.test(path) || bytes.length >= PATH_MAX) return undefined
  if (path.startsWith('@')) bytes[0] = 0
  const address = Buffer.alloc(2 + bytes.length)
  address.writeUInt16LE(AF_UNIX, 0)
  bytes.copy(address, 2)
  return address
}

function open(address: Uint8Array): SendDatagram {
  const koffi: typeof import('koffi') = createRequire(import.meta.url)('koffi')
  const libc = koffi.load(null)
  const socket = libc.func('socket', 'int', ['int', 'int', 'int'])
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
  const flags = MSG_NOSIGNAL | MSG_DONTWAIT
  return (bytes) => Number(sendto(fd, bytes, bytes.length, flags, address, address.length)) === bytes.length
}
