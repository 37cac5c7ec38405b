import { connect, type Socket } from 'node:net'
import { z } from 'zod'
import { type Millis, SECOND } from '../../core/instant.ts'
import type { Clock } from '../../ports/clock.ts'
import { readJson } from './provider.ts'

/** What baresip says of a call (its `ctrl_tcp` module): `param` is a reason or a key. */
const eventSchema = z.object({
  event: z.literal(true),
  type: z.string(),
  direction: z.enum(['incoming', 'outgoing']).optional(),
  param: z.string().optional(),
})
export type SipEvent = z.infer<typeof eventSchema>

/** What it says to a command, by the token that went with it. */
const answerSchema = z.object({ response: z.literal(true), ok: z.boolean(), token: z.string() })

/** Longest message that is believed; beyond, whatever speaks is no baresip. */
const LONGEST = 65_536
/** The length before a message: digits alone, or a sign of a minus would turn the reading back for ever. */
const LENGTH = /^\d{1,5}$/
/** A command is answered at once, on a busy machine within a second or two; a client that says nothing for so long hangs. */
const ANSWERS_WITHIN: Millis = 5 * SECOND

/** A running baresip, driven over its control socket: netstrings of JSON (man ctrl_tcp in baresip's wiki). */
export class Baresip {
  readonly #clock: Pick<Clock, 'after'>
  readonly #port: number
  readonly #heard: (event: SipEvent) => void
  /** Called once where the connection is lost: what becomes of calls is not known. */
  readonly #lost: () => void
  #socket: Socket | undefined
  #rest = Buffer.alloc(0)
  /** Commands that were given, by their tokens. */
  readonly #waiting = new Map<string, (ok: boolean) => void>()
  #given = 0

  /** @param port of its control socket, on this machine */
  constructor(clock: Pick<Clock, 'after'>, port: number, heard: (event: SipEvent) => void, lost: () => void) {
    this.#clock = clock
    this.#port = port
    this.#heard = heard
    this.#lost = lost
  }

  /**
   * Commands are done in the order in which they are given.
   * @returns whether all were done; false as well where nothing listens there, or it hangs: then it is given up
   */
  async run(commands: readonly (readonly [command: string, params?: string])[]): Promise<boolean> {
    const socket = await this.#open()
    if (socket === undefined) return false
    const answers = commands.map(([command, params]) => {
      const token = String(this.#given++)
      const text = JSON.stringify({ command, token, ...(params === undefined ? {} : { params }) })
      socket.write(`${Buffer.byteLength(text)}:${text},`)
      return new Promise<boolean>((done) => this.#waiting.set(token, done))
    })
    const late = this.#clock.after(ANSWERS_WITHIN, () => socket.destroy())
    const done = await Promise.all(answers)
    late.cancel()
    return done.every((ok) => ok)
  }

  close(): void {
    this.#socket?.destroy()
    this.#socket = undefined
  }

  #open(): Promise<Socket | undefined> {
    if (this.#socket !== undefined) return Promise.resolve(this.#socket)
    return new Promise((resolve) => {
      const socket = connect(this.#port, '127.0.0.1')
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
        for (const answer of this.#waiting.values()) answer(false)
        this.#waiting.clear()
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
      const size = this.#rest.subarray(0, colon).toString('latin1')
      const length = Number(size)
      if (!LENGTH.test(size) || length > LONGEST) return void socket.destroy()
      if (this.#rest.length < colon + length + 2) return
      const text = this.#rest.subarray(colon + 1, colon + 1 + length).toString()
      this.#rest = this.#rest.subarray(colon + length + 2)
      this.#hear(readJson(text))
    }
  }

  #hear(message: unknown): void {
    const answer = answerSchema.safeParse(message).data
    if (answer !== undefined) {
      this.#waiting.get(answer.token)?.(answer.ok)
      this.#waiting.delete(answer.token)
    }
    const event = eventSchema.safeParse(message).data
    if (event !== undefined) this.#heard(event)
  }
}
