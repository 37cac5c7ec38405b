import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

/** OWASP Password Storage Cheat Sheet, scrypt: N 2^15, r 8, p 3. Takes 32 MB for about a third of a second. */
const COST = { N: 2 ** 15, r: 8, p: 3 } as const
const BYTES = 32
const stretch: (password: string, salt: Buffer, bytes: number, options: ScryptOptions) => Promise<Buffer> =
  promisify(scrypt)

/** Passwords, salted and stretched: one at a time, so that a flood of guesses takes one core at most. */
export class Passwords {
  #last: Promise<unknown> = Promise.resolve()
  waiting = 0

  /** `scrypt$N$r$p$SALT$KEY`, the last two in base64url. */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(16)
    const key = await this.#turn(() => stretched(password, salt, COST))
    return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')].join('$')
  }

  /** Takes as long without a hash, so that nobody learns which names there are. */
  async matches(password: string, hash: string | undefined): Promise<boolean> {
    const [, N, r, p, salt, key] = (hash ?? '').split('$')
    if (N === undefined || r === undefined || p === undefined || salt === undefined || key === undefined) {
      await this.#turn(() => stretched(password, randomBytes(16), COST))
      return false
    }
    const cost = { N: Number(N), r: Number(r), p: Number(p) }
    const made = await this.#turn(() => stretched(password, Buffer.from(salt, 'base64url'), cost))
    const kept = Buffer.from(key, 'base64url')
    return made.length === kept.length && timingSafeEqual(made, kept)
  }

  #turn<T>(work: () => Promise<T>): Promise<T> {
    this.waiting++
    const mine = this.#last.then(work).finally(() => {
      this.waiting--
    })
    this.#last = mine.catch(() => undefined)
    return mine
  }
}

function stretched(
  password: string,
  salt: Buffer,
  { N, r, p }: { readonly N: number; readonly r: number; readonly p: number },
): Promise<Buffer> {
  return stretch(password.normalize('NFKC'), salt, BYTES, { N, r, p, maxmem: 256 * N * r })
}
