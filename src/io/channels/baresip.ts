import { connect, type Socket } from 'node:net'
import { z } from 'zod'
import { readJson } from './provider.ts'

/** What baresip says of a call (its `ctrl_tcp` module): `peeruri` is the number, `param` a reason or a key. */
const eventSchema = z.object({
  event: z.literal(true),
  type: z.string(),
  peeruri: z.string().optional(),
  id: z.string().optional(),
  param: z.string().optional(),
})
export type SipEvent = z.infer<typeof eventSchema>

/** Longest message that is believed; beyond, whatever speaks is no baresip. */
const LONGEST = 65_536

/** A running baresip, driven over its control socket: netstrings of JSON (man ctrl_tcp in baresip's wiki). */
export class Baresip {
  readonly #host: string
  readonly #port: number
  readonly #heard: (event: SipEvent) => void
  /** Called once where the connection is lost: what becomes of calls is not known. */
  readonly #lost: () => void
  #socket: Socket | undefined
  #rest = Buffer.alloc(0)

  constructor(host: string, port: number, heard: (event: SipEvent) => void, lost: () => void) {
    this.#host = host
    this.#port = port
    this.#heard = heard
    this.#lost = lost
  }

  /** False where nothing listens there. Commands are done in the order in which they are given. */
  async run(commands: readonly (readonly [command: string, params?: string])[]): Promise<boolean> {
    const socket = await this.#open()
    if (socket === undefined) return false
    for (const [command, params] of commands) {
      const text = JSON.stringify(params === undefined ? { command } : { command, params })
      socket.write(`${Buffer.byteLength(text)}:${text},`)
    }
    return true
  }

  close(): void {
    this.#socket?.destroy()
    this.#socket = undefined
  }

  #open(): Promise<Socket | undefined> {
    if (this.#socket !== undefined) return Promise.resolve(this.#socket)
    return new Promise((resolve) => {
      const socket = connect(this.#port, this.#host)
      socket.setNoDelay(true)
      socket.once('connect', () => {
        this.#socket = socket
        this.#rest = Buffer.alloc(0)
        resolve(socket)
      })
      socket.on('error', () => {})
      socket.on('data', (bytes) => this.#take(socket, bytes))
      socket.once('close', () => {
        resolve(undefined)
        if (this.#socket !== socket) return
        this.#socket = undefined
        this.#lost()
      })
    })
  }

  #take(socket: Socket, bytes: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, bytes])
    for (;;) {
      const colon = this.#rest.indexOf(58)
      if (colon === -1) {
        if (this.#rest.length > 8) socket.destroy()
        return
      }
      const length = Number(this.#rest.subarray(0, colon).toString('latin1'))
      if (!Number.isInteger(length) || length > LONGEST) return void socket.destroy()
      if (this.#rest.length < colon + length + 2) return
      const text = this.#rest.subarray(colon + 1, colon + 1 + length).toString()
      this.#rest = this.#rest.subarray(colon + length + 2)
      const event = eventSchema.safeParse(readJson(text))
      if (event.success) this.#heard(event.data)
    }
  }
}
