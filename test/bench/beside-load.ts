import net from 'node:net'
import { DatabaseSync } from 'node:sqlite'

const EMERGENCY_EVERY = 10
const TICK = 10
/** People without a phone, who are called in turn. */
const OTHERS = 40
/** A look at what still waits is given up after so many milliseconds. */
const GIVE_UP = 60_000

const pause = (ms: number): Promise<void> => new Promise((next) => setTimeout(next, ms))

/** One connection to the switchboard's SNPP port. */
export async function sender(port: number) {
  const socket = net.connect(port, '127.0.0.1')
  socket.setNoDelay(true)
  const waiting: ((line: string) => void)[] = []
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      waiting.shift()?.(text.slice(0, end))
      text = text.slice(end + 1)
    }
  })
  const line = () => new Promise<string>((done) => waiting.push(done))
  await line()
  const ask = (words: string): Promise<string> => {
    socket.write(`${words}\r\n`)
    return line()
  }
  return {
    /** From the last byte to the answer; undefined where it was refused. */
    async page(number: string, words: string, began: (when: number) => void = () => undefined) {
      await ask(`PAGE ${number}`)
      await ask(`MESS ${words}`)
      const start = performance.now()
      began(start)
      const answer = await ask('SEND')
      return answer.startsWith('250') ? performance.now() - start : undefined
    },
    end: () => socket.destroy(),
  }
}

export interface Load {
  /** A push of an emergency has arrived. */
  pushed(when: number): void
  /** So far: each grows while the load runs. */
  readonly so: { readonly answers: readonly number[]; readonly urgent: readonly number[] }
  readonly done: Promise<{
    readonly answers: readonly number[]
    readonly urgent: readonly number[]
    readonly sent: number
    readonly refused: number
    /** Seconds. */
    readonly wall: number
    /** Emergencies that were answered and never pushed. */
    readonly lost: number
  }>
}

/** So many pages a second: one in ten an emergency to a phone, the rest routine to people without one. */
export function beginLoad(
  senders: readonly Awaited<ReturnType<typeof sender>>[],
  { rate, seconds }: { readonly rate: number; readonly seconds: number },
): Load {
  const begun = new Map<number, number>()
  const [answers, urgent]: [number[], number[]] = [[], []]
  const free = [...senders]
  let [sent, refused] = [0, 0]

  const one = async (by: (typeof senders)[number], n: number): Promise<void> => {
    const emergency = n % EMERGENCY_EVERY === 0
    const words = emergency ? `CARDIAC ARREST WARD ${n}` : `CALL EXT ${10_000 + n}`
    const number = emergency ? '5001' : `6${String(n % OTHERS).padStart(3, '0')}`
    const took = await by.page(number, words, (when) => {
      if (emergency) begun.set(n, when)
    })
    if (took === undefined) {
      refused += 1
      begun.delete(n)
    } else answers.push(took)
    free.push(by)
  }
  const run = async () => {
    const began = performance.now()
    while (performance.now() - began < seconds * 1000) {
      const due = ((performance.now() - began) / 1000) * rate
      while (sent < due) {
        const by = free.pop()
        if (by === undefined) break
        void one(by, sent)
        sent += 1
      }
      await pause(TICK)
    }
    const wall = (performance.now() - began) / 1000
    for (let i = 0; i < 100 && begun.size > 0; i++) await pause(100)
    return { answers, urgent, sent, refused, wall, lost: begun.size }
  }
  return {
    pushed(when) {
      const [first] = begun
      if (first === undefined) return
      urgent.push(when - first[1])
      begun.delete(first[0])
    },
    so: { answers, urgent },
    done: run(),
  }
}

/** Begins to ask whether the daemon says that it is past its limit. @returns ends that, and tells whether it ever did */
export function overloaded(url: string): () => Promise<boolean> {
  let [over, said] = [false, false]
  const asking = (async () => {
    for (; !over; await pause(500))
      said ||= await fetch(`${url}/readyz`).then(
        async (answer) => (await answer.text()).includes('overloaded'),
        () => false,
      )
  })()
  return async () => {
    over = true
    await asking
    return said
  }
}

/** Waits until no bleep is left that was stored and not raised. @returns milliseconds */
export async function raised(path: string): Promise<number> {
  const began = performance.now()
  const db = new DatabaseSync(path, { readOnly: true })
  const left = db.prepare("select count(*) as n from bleeps where stage = 'received'")
  while (Number(left.get()?.n) > 0 && performance.now() - began < GIVE_UP) await pause(100)
  db.close()
  return performance.now() - began
}
