import { connect } from 'node:net'

/** Sends one page by SNPP to a line of this machine; true once it is stored, and so answered. */
export function stored(line: number): Promise<boolean> {
  return new Promise((done) => {
    let said = ''
    const all = () => (said.match(/^250/gm) ?? []).length >= 3
    const socket = connect(line, '127.0.0.1', () => socket.write('PAGE 9000\r\nMESS TRIAL\r\nSEND\r\n'))
    socket.setTimeout(30_000, () => socket.destroy())
    socket.on('data', (chunk) => {
      said += chunk.toString()
      if (all()) socket.end()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => done(all()))
  })
}
