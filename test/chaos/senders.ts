import { connect, type Socket } from 'node:net'
import type { Pty } from '../../hardware/simulators/pty.ts'
import { encodeTransmission } from '../../src/core/pocsag/encode.ts'
import { WATCHED } from './site.ts'

/** How the daemon answered: only `stored` promises anything. */
export type Answer = 'stored' | 'refused' | 'nothing'

export interface Sender {
  /** The node that it sends to; absent: whoever hears the air. */
  readonly to: string | undefined
  send(text: string): Promise<Answer>
  close(): void
}

/** A sender waits so long for each line of an answer, milliseconds. */
const PATIENCE = 3000

/** A page by SNPP (RFC 1861); the connection is kept as long as it works. */
export function snppSender({ name, snpp }: { readonly name: string; readonly snpp: number }): Sender {
  let socket: Socket | undefined
  let heard = ''
  let wake = (): void => undefined

  const end = (): void => {
    socket?.destroy()
    socket = undefined
    wake()
  }
  const line = async (): Promise<string | undefined> => {
    const until = performance.now() + PATIENCE
    for (;;) {
      const at = heard.indexOf('\n')
      if (at >= 0) {
        const one = heard.slice(0, at).trim()
        heard = heard.slice(at + 1)
        return one
      }
      const left = until - performance.now()
      if (left <= 0 || socket === undefined) return undefined
      await new Promise<void>((next) => {
        const timer = setTimeout(next, left)
        wake = () => {
          clearTimeout(timer)
          next()
        }
      })
    }
  }
  const opened = async (): Promise<boolean> => {
    heard = ''
    const fresh = connect(snpp, '127.0.0.1')
    fresh.on('error', () => undefined)
    const up = await new Promise<boolean>((done) => {
      fresh.once('connect', () => done(true))
      fresh.once('close', () => done(false))
    })
    if (!up) return false
    socket = fresh
    fresh.on('data', (bytes) => {
      heard += bytes.toString('latin1')
      wake()
    })
    fresh.on('close', () => {
      if (socket === fresh) end()
    })
    return (await line())?.startsWith('220') ?? false
  }

  return {
    to: name,
    async send(text) {
      if (socket === undefined && !(await opened())) {
        end()
        return 'nothing'
      }
      for (const say of [`PAGE ${WATCHED.number}`, `MESS ${text}`, 'SEND']) {
        socket?.write(`${say}\r\n`)
        const answer = await line()
        if (answer?.startsWith('250')) continue
        end()
        return answer === undefined ? 'nothing' : 'refused'
      }
      return 'stored'
    },
    close: end,
  }
}

/** The same page on every tap of one transmitter. Nobody answers: what a dead node did not hear, it did not hear. */
export function airSender(lines: readonly Pty[]): Sender {
  return {
    to: undefined,
    async send(text) {
      const { bits } = encodeTransmission([{ ric: WATCHED.ric, function: 3, type: 'alpha', text }])
      for (const line of lines) line.write(bits)
      return 'nothing'
    },
    close: () => undefined,
  }
}
