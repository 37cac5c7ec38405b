import { type ChildProcess, spawn } from 'node:child_process'
import { type Millis, SECOND } from '../../core/instant.ts'
import type { Clock, Timer } from '../../ports/clock.ts'

/** What baresip says of a call; `peer` is the other end, `said` why it is over. */
export type SipEvent =
  | { readonly kind: 'ready' | 'dialling' | 'rings' }
  | { readonly kind: 'rung' }
  | { readonly kind: 'picked-up' | 'hung-up'; readonly peer: string }
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'closed'; readonly peer: string; readonly said: string }

/**
 * Its lines, as 1.0 and later print them. Each is held from its first letter on: names and reasons of a caller stand at
 * the end of a line or behind a gap, so that nobody outside can write one of these.
 */
const LINES: readonly (readonly [line: RegExp, event: (first: string, second: string) => SipEvent])[] = [
  [/^baresip is ready\./, () => ({ kind: 'ready' })],
  [/^call: connecting to /, () => ({ kind: 'dialling' })],
  [/^call: SIP Progress: 18\d /, () => ({ kind: 'rings' })],
  [/^\S+: Incoming call from: /, () => ({ kind: 'rung' })],
  [/^\S+: Call established: (\S+)$/, (peer) => ({ kind: 'picked-up', peer })],
  [/^received (?:DTMF )?event: '(.)' \(end=0\)$/, (key) => ({ kind: 'key', key })],
  [/^(?:call: )?received DTMF: '(.)' /, (key) => ({ kind: 'key', key })],
  [/^(\S+): session closed(?:: (.*))?$/, (peer, said) => ({ kind: 'closed', peer, said })],
  [/^call: terminate call '[^' ]*' with (\S+)$/, (peer) => ({ kind: 'hung-up', peer })],
]
/** Colours around what it warns of. */
const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g')

/** Longest line that is believed; beyond, whatever speaks is no baresip. */
const LONGEST = 65_536
/** It says at once what it does, on a busy machine within a second or two; a client that says nothing for so long hangs. */
const SAYS_WITHIN: Millis = 5 * SECOND
/** The same of a program that is only being started. */
const STARTS_WITHIN: Millis = 10 * SECOND

/**
 * A running baresip, driven as by somebody who sits before it: by what it reads and prints (its `stdio` module). Nobody else
 * on this machine can speak to it so; its other ways of being driven are open to whoever can reach a port. It ends with us,
 * or it would go on reading from nobody.
 */
export class Baresip {
  readonly child: ChildProcess
  readonly #clock: Pick<Clock, 'after'>
  readonly #heard: (event: SipEvent) => void
  #awaited: { kind: SipEvent['kind']; done: (came: boolean) => void; late: Timer } | undefined
  #rest = ''

  /** @param folder with its `config` and `accounts`; `lost` is called once it has ended */
  constructor(
    clock: Pick<Clock, 'after'>,
    program: string,
    folder: string,
    heard: (event: SipEvent) => void,
    lost: () => void,
  ) {
    this.#clock = clock
    this.#heard = heard
    this.child = spawn('setpriv', ['--pdeathsig', 'KILL', program, '-f', folder], {
      stdio: ['pipe', 'pipe', 'ignore'],
      cwd: folder,
    })
    const over = () => {
      this.#came(false)
      lost()
    }
    this.child.once('error', over)
    this.child.once('exit', over)
    this.child.stdin?.on('error', () => {})
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#take(text))
  }

  /** Whether it said this within the time that it has. */
  says(kind: SipEvent['kind']): Promise<boolean> {
    this.#came(false)
    const within = kind === 'ready' ? STARTS_WITHIN : SAYS_WITHIN
    return new Promise((done) => {
      this.#awaited = { kind, done, late: this.#clock.after(within, () => this.#came(false)) }
    })
  }

  /** Commands are done in the order in which they are given. */
  tell(command: string, params = ''): void {
    const line = params === '' ? `/${command}` : `/${command} ${params}`
    if (this.child.stdin?.writable) this.child.stdin.write(`${line.replace(/[^ -~]/g, '')}\n`)
  }

  close(): void {
    this.child.kill('SIGKILL')
  }

  #came(came: boolean): void {
    const awaited = this.#awaited
    this.#awaited = undefined
    awaited?.late.cancel()
    awaited?.done(came)
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop() ?? ''
    if (this.#rest.length > LONGEST) this.close()
    for (const line of lines) this.#hear(line.replaceAll(COLOUR, ''))
  }

  #hear(line: string): void {
    for (const [form, eventOf] of LINES) {
      const found = form.exec(line)
      if (found === null) continue
      const event = eventOf(found[1] ?? '', found[2] ?? '')
      if (this.#awaited?.kind === event.kind) this.#came(true)
      this.#heard(event)
      return
    }
  }
}
