import { createSocket } from 'node:dgram'

/** Nobody's (RFC 5737); asked only which way it would be. */
const ELSEWHERE = '192.0.2.1'

/** How a phone on the same network reaches this machine; undefined where there is no network. Sends nothing. */
export function ownAddress(): Promise<string | undefined> {
  return new Promise((done) => {
    const socket = createSocket('udp4')
    const end = (address: string | undefined): void => {
      socket.close()
      done(address)
    }
    socket.once('error', () => end(undefined))
    socket.connect(9, ELSEWHERE, () => end(socket.address().address))
  })
}
