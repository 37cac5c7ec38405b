import net from 'node:net'

/** Sends a page by SNPP; gives the last answer's code, or nothing where nobody listens. */
export function pageBySnpp(port: number, number: string, words: string): Promise<string> {
  return new Promise((done) => {
    const wanted = [`PAGE ${number}`, `MESS ${words}`, 'SEND']
    let last = ''
    const socket = net.connect(port, '127.0.0.1').on('error', () => done(''))
    socket.on('data', (data) => {
      last = data.toString().slice(0, 3)
      const next = wanted.shift()
      if (next !== undefined) socket.write(`${next}\r\n`)
      else socket.destroy()
    })
    socket.on('close', () => done(last))
  })
}

/** Sends a page to the number that `init` gives its operator; whether it is stored, and so answered. */
export const stored = async (line: number): Promise<boolean> =>
  (await pageBySnpp(line, '9000', 'TRIAL CALL')) === '250'
